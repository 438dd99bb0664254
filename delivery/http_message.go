package delivery

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// message is what is posted.
type message struct {
	id       string // the same for each try
	eventID  string // UUID
	sourceID string // UUID; "" when it is no source's
	hops     int    // Dispatches that the event has passed, with us
	body     []byte // JSON
}

// messageOf is the event as it came. One that is replayed is a message of its own: whoever asked for it wants it to be
// taken again.
func messageOf(d Delivery) message {
	id := d.Event.ID.String()
	m := message{id: id, eventID: id, sourceID: d.Event.SourceID, hops: hopsOf(d) + 1, body: d.Event.Attempt()}
	if d.Replayed > 0 {
		m.id += "-" + strconv.Itoa(d.Replayed)
	}
	return m
}

// hopsOf is how many Dispatches the event had passed when it came.
func hopsOf(d Delivery) int {
	passed, _ := strconv.ParseUint(gjson.GetBytes(d.Event.Headers, event.HopsKept).Str, 10, 8) // the most, when it is beyond that
	return int(passed)
}

// request is the message on its way to the endpoint, at that time.
func (t target) request(ctx context.Context, m message, agent string, at time.Time) *http.Request {
	ours := "X-" + textproto.CanonicalMIMEHeaderKey(cmp.Or(t.Prefix, DefaultPrefix))
	header := http.Header{
		"Content-Type":     {"application/json"},
		"User-Agent":       {agent},
		event.HopsHeader:   {strconv.Itoa(m.hops)},
		ours + "-Event-ID": {m.eventID},
		"Idempotency-Key":  {}, // is not sent: a connection that was closed while it was idle costs no attempt
	}
	if m.sourceID != "" {
		header[ours+"-Endpoint-ID"] = []string{m.sourceID}
	}
	switch secret := t.Secret.Secret; {
	case len(secret) == 0: // nothing is signed
	case t.Callback != nil:
		header[signatureHeader] = []string{signElements(secret, m.body)}
	default:
		header["webhook-id"] = []string{m.id}
		header["webhook-timestamp"] = []string{strconv.FormatInt(at.Unix(), 10)}
		header["webhook-signature"] = []string{sign(secret, m.id, at, m.body)}
	}
	body := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.body)), nil }
	request := &http.Request{
		Method: http.MethodPost, URL: t.url, Header: header, ContentLength: int64(len(m.body)), GetBody: body,
	}
	request.Body, _ = body()
	return request.WithContext(ctx)
}

// sign gives the signature of Standard Webhooks (https://www.standardwebhooks.com).
func sign(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, keyOf(secret))
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// keyOf is what the secret stands for: one that says to be base64 what it decodes to, any other itself.
func keyOf(secret []byte) []byte {
	encoded, is := strings.CutPrefix(string(secret), "whsec_")
	if !is {
		return secret
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return secret
	}
	return key
}
