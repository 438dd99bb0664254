package webhook

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/cloudevents/sdk-go/v2/binding"
	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"dispatch/event"
)

// headerPrefix is how the names of the attributes' headers begin.
const headerPrefix = "Ce-"

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
	encoding := message.ReadEncoding()
	switch encoding {
	case binding.EncodingBinary:
	case binding.EncodingStructured, binding.EncodingBatch:
		if err := checkJSON(body); err != nil {
			return toldEvents{}, err
		}
	default:
		return toldEvents{}, errNotCloudEvent
	}
	told := toldEvents{batch: encoding == binding.EncodingBatch}
	var err error
	if told.batch {
		told.events, err = binding.ToEvents(message.Context(), message, message.BodyReader)
	} else {
		var one *cloudevents.Event
		if one, err = binding.ToEvent(message.Context(), message); err == nil {
			told.events = []cloudevents.Event{*one}
		}
	}
	if err != nil {
		return toldEvents{}, refuse(http.StatusBadRequest, "The CloudEvent cannot be read: %q.", cut(err.Error()))
	}
	return told, told.check()
}

// attributesOf are the headers that a CloudEvent is read from. One without a name is none, and the SDK panics at it.
func attributesOf(header http.Header) http.Header {
	attributes := http.Header{"Content-Type": header["Content-Type"]}
	for name, values := range header {
		if len(name) > len(headerPrefix) && strings.HasPrefix(name, headerPrefix) && len(values) > 0 {
			attributes[name] = values
		}
	}
	return attributes
}

func (t toldEvents) check() error {
	switch {
	case len(t.events) == 0:
		return refuse(http.StatusBadRequest, "The batch is empty.")
	case len(t.events) > event.MaxBatch:
		return refuse(http.StatusBadRequest, "The batch has more than %d elements.", event.MaxBatch)
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
