package webhook

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// readHex reads a signature in hex of either case, with or without sha256= before it.
func readHex(value string, _ callout) (claim, bool) {
	const prefix = "sha256="
	if len(value) >= len(prefix) && strings.EqualFold(value[:len(prefix)], prefix) {
		value = value[len(prefix):]
	}
	digest, err := hex.DecodeString(value)
	return claim{proofs: [][]byte{digest}}, err == nil
}

// readBase64 reads a signature in base64.
func readBase64(value string, _ callout) (claim, bool) {
	digest, err := base64.StdEncoding.DecodeString(value)
	return claim{proofs: [][]byte{digest}}, err == nil
}

// readToken takes the value for the secret itself.
func readToken(value string, _ callout) (claim, bool) {
	return claim{proofs: [][]byte{proveToken([]byte(value), nil, nil)}}, true
}

// proveToken makes of a secret what can be compared without telling how long it is.
func proveToken(secret, _, _ []byte) []byte {
	hash := sha256.Sum256(secret)
	return hash[:]
}

// readLinear reads a signature in hex. When it was made stands in the body, in milliseconds.
func readLinear(value string, of callout) (claim, bool) {
	claimed, ok := readHex(value, of)
	at := gjson.GetBytes(of.body, "webhookTimestamp")
	claimed.at = time.UnixMilli(at.Int())
	return claimed, ok && at.Type == gjson.Number
}

// readStripe reads "t=1492774577,v1=5257a8…,v1=…": a time, and a signature in hex for each secret that is good.
func readStripe(value string, _ callout) (claim, bool) {
	var claimed claim
	var stamp string
	for part := range strings.SplitSeq(value, ",") {
		switch name, text, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			stamp = text
		case "v1":
			if digest, err := hex.DecodeString(text); err == nil {
				claimed.proofs = append(claimed.proofs, digest)
			}
		}
	}
	claimed.before = []byte(stamp + ".")
	return claimed.stamped(stamp)
}

// readSlack reads "v0=a2114d…". When it was made stands in a header.
func readSlack(value string, of callout) (claim, bool) {
	digits, _ := strings.CutPrefix(value, "v0=")
	digest, err := hex.DecodeString(digits)
	stamp, alone := only(of, "X-Slack-Request-Timestamp")
	claimed, ok := claim{proofs: [][]byte{digest}, before: []byte("v0:" + stamp + ":")}.stamped(stamp)
	return claimed, ok && alone && err == nil && digits != value
}

// readStandard reads "v1,g0hM9S… v1a,…": one signature or more, of which we know v1.
func readStandard(value string, of callout) (claim, bool) {
	id, one := only(of, "Webhook-Id")
	stamp, alone := only(of, "Webhook-Timestamp")
	claimed := claim{before: []byte(id + "." + stamp + ".")}
	for signature := range strings.FieldsSeq(value) {
		if text, ok := strings.CutPrefix(signature, "v1,"); ok {
			if digest, err := base64.StdEncoding.DecodeString(text); err == nil {
				claimed.proofs = append(claimed.proofs, digest)
			}
		}
	}
	claimed, ok := claimed.stamped(stamp)
	return claimed, ok && one && alone && id != ""
}

// proveStandard is sum with the key that the secret stands for: Standard Webhooks writes keys in base64, whsec_
// before it. What is not base64 stands for itself.
func proveStandard(secret, before, body []byte) []byte {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(secret), "whsec_"))
	switch {
	case err != nil:
		return sum(secret, before, body)
	case len(key) == 0: // anybody could sign with that
		return nil
	}
	return sum(key, before, body)
}

// stamped is the claim with the time that the stamp says, in seconds since 1970; false when it says none.
func (c claim) stamped(stamp string) (claim, bool) {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	c.at = time.Unix(seconds, 0)
	return c, err == nil
}

// only is the header's value, and whether it has one and no more.
func only(of callout, name string) (string, bool) {
	values := of.header[name]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}
