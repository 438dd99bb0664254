package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
)

// Salesforce's Outbound Messages: what an org pushes without a line of Apex. It retries for a day what is not
// acknowledged, may send a notification twice, and cannot sign. See
// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_notifications.htm

const (
	outboundSpace    = "http://soap.sforce.com/2005/09/outbound"
	maxNotifications = 100
	maxTags          = 100_000 // elements in one message; a record has at most 800 fields
)

// acknowledgement is what an org wants to hear once all of a message is stored.
const acknowledgement = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
	`<notificationsResponse xmlns="` + outboundSpace + `"><Ack>true</Ack></notificationsResponse>` +
	`</soapenv:Body></soapenv:Envelope>`

var (
	errForeignOrg = refuse(http.StatusUnauthorized, "The message is not from the org that this source belongs to.")
	errUnknownOrg = refuse(http.StatusUnauthorized,
		"This source does not know its org yet: authorize it, or give its id with /salesforce generate-url org.")
	errNotOutbound = refuse(http.StatusBadRequest, "The body is not an outbound message of Salesforce.")
)

// isOutbound says whether the headers announce an Outbound Message for a source that can take one.
func isOutbound(source event.Source, header http.Header) bool {
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return source.Kind == event.SourceSalesforce && strings.EqualFold(strings.TrimSpace(media), "text/xml")
}

// acceptOutbound has the notifications of a message stored, but for those that were before.
func (h *hooks) acceptOutbound(ctx context.Context, source event.Source, body []byte, now time.Time) (outboundReceipt, error) {
	message, err := readOutbound(body)
	if err != nil {
		return 0, err
	}
	if err := message.from(source); err != nil {
		return 0, err
	}
	events := message.events
	for i := range events {
		events[i].SourceID, events[i].ReceivedAt = source.ID, now
	}
	_, err = h.inbox.Accept(ctx, events)
	if err == nil {
		return outboundReceipt(len(events)), nil
	}
	if _, ok := errors.AsType[*event.DuplicateError](err); !ok {
		return 0, fmt.Errorf("accept events: %w", err)
	}
	var accepted outboundReceipt
	for i := range events { // one by one: those that came before are known
		_, err := h.inbox.Accept(ctx, events[i:i+1])
		if _, ok := errors.AsType[*event.DuplicateError](err); err != nil && !ok {
			return 0, fmt.Errorf("accept events: %w", err)
		}
		if err == nil {
			accepted++
		}
	}
	return accepted, nil
}

// outboundReceipt is how many events a message was new of.
type outboundReceipt int

func (r outboundReceipt) events() int { return int(r) }

func (outboundReceipt) write(w gin.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, acknowledgement) // a sender that has gone cannot be told so
}

// outbound is a message as it was read.
type outbound struct {
	orgID  string // 15 or 18 characters
	events []event.Event
}

// from says whether the message is from the source's org. Verification can be off, as for other callouts.
func (o outbound) from(source event.Source) error {
	switch {
	case source.OrgID != "" && sameID(source.OrgID, o.orgID):
		return nil
	case source.OrgID != "":
		return errForeignOrg
	case source.Auth == event.AuthNone:
		return nil
	}
	return errUnknownOrg
}

// sameID compares ids of Salesforce: the last three of 18 characters are a check sum of the others.
func sameID(a, b string) bool {
	const exact = 15
	return len(a) >= exact && len(b) >= exact && a[:exact] == b[:exact]
}

// outboundReader reads a message element by element, so that its size bounds the work.
type outboundReader struct {
	*xml.Decoder
	tags int
}

// readOutbound reads a message. What it holds becomes what our own Apex would have sent.
func readOutbound(body []byte) (outbound, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return outbound{}, refuse(http.StatusBadRequest, "The body is empty.")
	}
	r := &outboundReader{Decoder: xml.NewDecoder(bytes.NewReader(body))}
	var (
		message  outbound
		instance string
	)
	err := r.descend("Envelope", "Body", "notifications")
	for err == nil {
		var tag *xml.StartElement
		if tag, err = r.next(); tag == nil {
			break
		}
		switch tag.Name.Local {
		case "OrganizationId":
			message.orgID, err = r.text()
		case "EnterpriseUrl", "PartnerUrl":
			var address string
			if address, err = r.text(); instance == "" {
				instance = originOf(address)
			}
		case "Notification":
			err = r.notification(&message, instance)
		default:
			err = r.Skip()
		}
	}
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		return outbound{}, err
	case err != nil || message.orgID == "" || len(message.events) == 0:
		return outbound{}, errNotOutbound
	}
	return message, nil
}

// next is the next element inside the one at hand, nil at its end.
func (r *outboundReader) next() (*xml.StartElement, error) {
	for {
		token, err := r.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if r.tags++; r.tags > maxTags {
				return nil, refuse(http.StatusBadRequest, "The message has more than %d elements.", maxTags)
			}
			return &token, nil
		case xml.EndElement:
			return nil, nil
		case xml.Directive: // a document type: entities, which nobody needs here
			return nil, errNotOutbound
		}
	}
}

// descend enters the elements of these names, one inside the other, and passes over what is beside them.
func (r *outboundReader) descend(names ...string) error {
	for len(names) > 0 {
		tag, err := r.next()
		switch {
		case err != nil:
			return err
		case tag == nil:
			return errNotOutbound
		case tag.Name.Local == names[0]:
			names = names[1:]
		default:
			if err := r.Skip(); err != nil {
				return err
			}
		}
	}
	return nil
}

// text is what stands in the element at hand.
func (r *outboundReader) text() (string, error) {
	var text strings.Builder
	for {
		token, err := r.Token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			if err := r.Skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return strings.TrimSpace(text.String()), nil
		}
	}
}

// notification adds a notification to the message.
func (r *outboundReader) notification(message *outbound, instance string) error {
	if len(message.events) == maxNotifications {
		return refuse(http.StatusBadRequest, "The message has more than %d notifications.", maxNotifications)
	}
	var (
		id     string
		object string
		record []byte
	)
	for {
		tag, err := r.next()
		if err != nil {
			return err
		}
		if tag == nil {
			break
		}
		switch tag.Name.Local {
		case "Id":
			id, err = r.text()
		case "sObject":
			object, record, err = r.record(tag)
		default:
			err = r.Skip()
		}
		if err != nil {
			return err
		}
	}
	if id == "" || object == "" {
		return errNotOutbound
	}
	return message.add(id, object, instance, record)
}

// add adds an event about the record, unless the notification came twice.
func (o *outbound) add(id, object, instance string, record []byte) error {
	typ := object + ".updated"
	if err := errors.Join(checkText("type", typ, event.MaxType), checkText("notification id", id, event.MaxIdempotencyKey)); err != nil {
		return errNotOutbound
	}
	body, err := json.Marshal(struct {
		Type     string          `json:"event_type"`
		Instance string          `json:"instance_url,omitempty"`
		Record   json.RawMessage `json:"record"`
	}{typ, instance, record})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(o.events, func(e event.Event) bool { return e.IdempotencyKey == id }) {
		o.events = append(o.events, event.Event{Type: typ, IdempotencyKey: id, Body: body})
	}
	return nil
}

// record reads the fields of an sObject, in their order, and which object it is.
func (r *outboundReader) record(tag *xml.StartElement) (object string, record []byte, err error) {
	for _, attribute := range tag.Attr {
		if attribute.Name.Local == "type" {
			_, named, prefixed := strings.Cut(attribute.Value, ":")
			if object = named; !prefixed {
				object = attribute.Value
			}
		}
	}
	var out bytes.Buffer
	out.WriteString(`{"attributes":{"type":` + quote(object) + `}`)
	for {
		field, err := r.next()
		if err != nil {
			return "", nil, err
		}
		if field == nil {
			break
		}
		value, err := r.value(field)
		if err != nil {
			return "", nil, err
		}
		out.WriteString("," + quote(field.Name.Local) + ":" + value)
	}
	out.WriteByte('}')
	return object, out.Bytes(), nil
}

// value is a field as JSON. The message does not say which texts are numbers; true and false are hardly anything else.
func (r *outboundReader) value(field *xml.StartElement) (string, error) {
	text, err := r.text()
	if err != nil {
		return "", err
	}
	for _, attribute := range field.Attr {
		if attribute.Name.Local == "nil" && attribute.Value == "true" {
			return "null", nil
		}
	}
	if text == "true" || text == "false" {
		return text, nil
	}
	return quote(text), nil
}

func quote(text string) string {
	written, _ := json.Marshal(text) // cannot fail
	return string(written)
}

// originOf is the address of the org behind one of its APIs, "" when there is none.
func originOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return ""
	}
	return "https://" + parsed.Host
}
