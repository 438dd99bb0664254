package orgtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// assertionGrant is OAuth's name for tokens by a signed assertion.
const assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// assertionLife is how far away the end of an assertion may be.
const assertionLife = 3 * time.Minute

var (
	badAssertion   = &oauthFault{"invalid_grant", "invalid assertion"}
	badAudience    = &oauthFault{"invalid_grant", "audience is invalid"}
	oldAssertion   = &oauthFault{"invalid_grant", "expired authorization code"}
	unknownApp     = &oauthFault{"invalid_client_id", "client identifier invalid"}
	unapprovedUser = &oauthFault{"invalid_grant", "user hasn't approved this consumer"}
)

// assert takes an assertion that the app has signed for the user. There is no refresh token for it.
func (o *Org) assert(form url.Values, base string) (*approval, *oauthFault) {
	var claims struct {
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
	}
	if o.opts.Signer == nil || !readAssertion(form.Get("assertion"), o.opts.Signer, &claims) {
		return nil, badAssertion
	}
	left := time.Unix(claims.Expires, 0).Sub(o.opts.Now())
	switch {
	case claims.Issuer != o.opts.ClientID:
		return nil, unknownApp
	case claims.Audience != base:
		return nil, badAudience
	case left <= 0 || left > assertionLife:
		return nil, oldAssertion
	case claims.Subject != o.opts.Username:
		return nil, unapprovedUser
	}
	return &approval{scope: "api web"}, nil
}

// readAssertion reads the claims of a JWT, and says whether the signer has signed it with RS256.
func readAssertion(token string, signer *rsa.PublicKey, claims any) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return false
		}
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(raw[0], &header) != nil || header.Algorithm != "RS256" || json.Unmarshal(raw[1], claims) != nil {
		return false
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	return rsa.VerifyPKCS1v15(signer, crypto.SHA256, sum[:], raw[2]) == nil
}
