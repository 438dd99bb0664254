package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/cloudevents/sdk-go/v2/binding"
	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"dispatch/event"
)

const (
	headerPrefix = "Ce-"         // of the attributes' headers
	dataBase64   = "data_base64" // has the data of a structured event that is not text
)

var errNotCloudEvent = refuse(http.StatusUnsupportedMediaType,
	"This is no CloudEvent: it has neither a ce-specversion header nor the Content-Type application/cloudevents+json.")

// toldEvents are the CloudEvents of a request.
type toldEvents struct {
	events []cloudevents.Event
	batch  bool
}

// readCloudEvents reads a request in the binary, the structured or the batched mode.
func readCloudEvents(header http.Header, body []byte) (toldEvents, error) {
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return toldEvents{}, errEncoded
	}
	message := cehttp.NewMessage(attributesOf(header), io.NopCloser(bytes.NewReader(body)))
	var told toldEvents
	switch encoding := message.ReadEncoding(); encoding {
	case binding.EncodingBinary:
		one, err := binding.ToEvent(message.Context(), message)
		if err != nil {
			return toldEvents{}, told.unreadable(0, err)
		}
		told.events = []cloudevents.Event{*one}
	case binding.EncodingStructured, binding.EncodingBatch:
		told.batch = encoding == binding.EncodingBatch
		if err := told.read(body); err != nil {
			return toldEvents{}, err
		}
	default:
		return toldEvents{}, errNotCloudEvent
	}
	return told, told.check()
}

// read reads the JSON of one event, or of a batch.
func (t *toldEvents) read(body []byte) error {
	if err := checkJSON(body); err != nil {
		return err
	}
	all := []json.RawMessage{body}
	if t.batch {
		if err := json.Unmarshal(body, &all); err != nil {
			return refuse(http.StatusBadRequest, "A batch has to be a JSON array.")
		}
	}
	if len(all) > event.MaxBatch {
		return refuse(http.StatusBadRequest, "The batch has more than %d elements.", event.MaxBatch)
	}
	for i, raw := range all {
		one, err := readStructured(raw)
		if err != nil {
			return t.unreadable(i, err)
		}
		t.events = append(t.events, one)
	}
	return nil
}

func (t *toldEvents) unreadable(index int, err error) error {
	if t.batch {
		return refuse(http.StatusBadRequest, "The batch's element at index %d cannot be read: %q.", index, cut(err.Error()))
	}
	return refuse(http.StatusBadRequest, "The CloudEvent cannot be read: %q.", cut(err.Error()))
}

// readStructured reads the JSON of one event.
func readStructured(raw []byte) (one cloudevents.Event, err error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return one, errors.New("it has to be a JSON object")
	}
	// The SDK reads base64 off the text as it stands, with the spaces before it and the escapes in it.
	var encoded *string
	if json.Unmarshal(members[dataBase64], &encoded) == nil && encoded != nil {
		if members[dataBase64], err = json.Marshal(encoded); err != nil {
			return one, err
		}
		if raw, err = json.Marshal(members); err != nil {
			return one, err
		}
	}
	err = one.UnmarshalJSON(raw)
	return one, err
}

// attributesOf are the headers that a CloudEvent is read from. The SDK panics at one without a name, and at one without a value.
func attributesOf(header http.Header) http.Header {
	attributes := make(http.Header)
	if types := header["Content-Type"]; len(types) > 0 {
		attributes["Content-Type"] = types
	}
	for name, values := range header {
		if len(name) > len(headerPrefix) && strings.HasPrefix(name, headerPrefix) && len(values) > 0 {
			attributes[name] = values
		}
	}
	return attributes
}

func (t toldEvents) check() error {
	if len(t.events) == 0 {
		return refuse(http.StatusBadRequest, "The batch is empty.")
	}
	for i, one := range t.events {
		err := one.Validate()
		if err == nil && one.SpecVersion() != cloudevents.CloudEventsVersionV1 {
			err = errors.New("specversion: it has to be 1.0")
		}
		switch {
		case err != nil && t.batch:
			return refuse(http.StatusBadRequest, "The batch's element at index %d is no CloudEvent: %q.", i, cut(err.Error()))
		case err != nil:
			return refuse(http.StatusBadRequest, "The CloudEvent is not complete: %q.", cut(err.Error()))
		}
	}
	return nil
}

// cut shortens what somebody else's reader says.
func cut(text string) string {
	const most = 300
	text = strings.ToValidUTF8(strings.TrimSpace(text), "�")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
