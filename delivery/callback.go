package delivery

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// Callback is how an endpoint is told of events in the words of Open Connectors: each in a notification of its own. A
// notification of several could not be repeated as it was, since what fails holds up nothing behind it.
type Callback struct {
	InstanceID   string
	InstanceName string
	KeepNulls    bool // else null fields are left out of what is told of a record
}

const (
	elementKey      = "sfdc"
	signatureHeader = "Elements-Webhook-Signature"
)

// body is what the endpoint is told of the delivery, whose payload a transform may have reshaped.
func (c Callback) body(d Delivery, eventID string, payload []byte) []byte {
	e := event.Event{Type: d.Event.Type, ReceivedAt: d.Event.ReceivedAt, Body: payload}
	record := gjson.GetBytes(payload, "record")
	raw := payload
	if record.IsObject() {
		raw = []byte(record.Raw)
	}
	if !c.KeepNulls {
		raw = withoutNulls(nil, gjson.ParseBytes(raw))
	}
	text := gjson.AppendJSONString
	b := text([]byte(`{"message":{"eventId":`), eventID)
	b = text(append(b, `,"instance_id":`...), c.InstanceID)
	b = text(append(b, `,"instanceName":`...), c.InstanceName)
	b = text(append(b, `,"elementKey":`...), elementKey)
	b = text(append(b, `,"events":[{"date":`...), happenedAt(e, record).UTC().Format(time.RFC3339))
	b = text(append(b, `,"elementKey":`...), elementKey)
	b = text(append(b, `,"eventType":`...), changeOf(e.Action()))
	b = text(append(b, `,"objectId":`...), record.Get("Id").String())
	b = text(append(b, `,"objectType":`...), e.Object())
	return append(append(append(b, `}],"raw":`...), raw...), `}}`...)
}

// changeOf is one of the three words for an action. What is derived, such as escalated, is an update.
func changeOf(action string) string {
	switch strings.ToLower(action) {
	case "created":
		return "CREATED"
	case "deleted":
		return "DELETED"
	}
	return "UPDATED"
}

// salesforceTime is how Salesforce writes times.
const salesforceTime = "2006-01-02T15:04:05.000-0700"

// happenedAt is what the record says of its last change, or else when we were told.
func happenedAt(e event.Event, record gjson.Result) time.Time {
	for _, field := range []string{"SystemModstamp", "LastModifiedDate"} {
		said := record.Get(field).String()
		for _, layout := range []string{salesforceTime, time.RFC3339} {
			if at, err := time.Parse(layout, said); err == nil {
				return at
			}
		}
	}
	return e.ReceivedAt
}

// withoutNulls appends the value, but for fields that are null. All else stays as it is written.
func withoutNulls(to []byte, value gjson.Result) []byte {
	if !value.IsObject() && !value.IsArray() {
		return append(to, value.Raw...)
	}
	opening, closing := byte('['), byte(']')
	if value.IsObject() {
		opening, closing = '{', '}'
	}
	to = append(to, opening)
	empty := len(to)
	value.ForEach(func(key, inner gjson.Result) bool {
		if value.IsObject() && inner.Type == gjson.Null {
			return true
		}
		if len(to) > empty {
			to = append(to, ',')
		}
		if value.IsObject() {
			to = append(append(to, key.Raw...), ':')
		}
		to = withoutNulls(to, inner)
		return true
	})
	return append(to, closing)
}

// signElements gives the signature of Open Connectors.
func signElements(secret, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return "sha256=" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
