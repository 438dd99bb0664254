package webhook

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dispatch/event"
)

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
