package webhook

import (
	"bytes"
	"net/http"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// maxDepth is how many objects and arrays may be inside each other. The JSON validator recurses: without
// an end to it, a body of brackets would bring down the process.
const maxDepth = 200

// read takes a body apart into its events: one, or those of a batch. Their type, idempotency key and body
// are set; each owns its memory.
func read(body []byte, header http.Header, source event.Source) (events []event.Event, batch bool, err error) {
	if err := checkJSON(body); err != nil {
		return nil, false, err
	}
	root := gjson.ParseBytes(body)
	named, err := newNaming(header, source)
	if err != nil {
		return nil, false, err
	}
	key, err := idempotencyKey(header, root, named.preset)
	if err != nil {
		return nil, false, err
	}

	list, says := root, members{}
	if !root.IsArray() {
		says = membersOf(root)
		list = says.events
	}
	if batch = list.IsArray(); batch {
		events, err = named.readBatch(list)
	} else {
		events = []event.Event{{Body: body}}
		events[0].Type, err = named.typeOf(root, says)
	}
	if err != nil {
		return nil, batch, err
	}
	// One key covers the batch, which is accepted as one.
	events[0].IdempotencyKey = key
	return events, batch, nil
}

// readBatch reads the elements of a batch, each as a single body.
func (n *naming) readBatch(list gjson.Result) ([]event.Event, error) {
	var (
		events []event.Event
		failed error
	)
	list.ForEach(func(_, element gjson.Result) bool {
		var e event.Event
		if e, failed = n.readElement(element, len(events)); failed != nil {
			return false
		}
		events = append(events, e)
		return true
	})
	if failed == nil && len(events) == 0 {
		failed = refuse(http.StatusBadRequest, "The batch is empty.")
	}
	return events, failed
}

// readElement reads the element at the index of a batch.
func (n *naming) readElement(element gjson.Result, index int) (event.Event, error) {
	if index == event.MaxBatch {
		return event.Event{}, refuse(http.StatusBadRequest, "The batch has more than %d elements.", event.MaxBatch)
	}
	if !element.IsObject() {
		return event.Event{}, refuse(http.StatusBadRequest, "The batch's element at index %d is not an object.", index)
	}
	typ, err := n.typeOf(element, membersOf(element))
	if err != nil {
		return event.Event{}, refuse(http.StatusBadRequest, "The batch's element at index %d: %s", index, refusalOf(err).detail)
	}
	return event.Event{Type: typ, Body: []byte(element.Raw)}, nil
}

// checkJSON says whether the body is an object or an array in JSON, and nothing else.
func checkJSON(body []byte) error {
	text := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(text) == 0:
		return refuse(http.StatusBadRequest, "The body is empty.")
	case !utf8.Valid(body):
		return refuse(http.StatusBadRequest, "The body is not valid UTF-8.")
	case tooDeep(body):
		return refuse(http.StatusBadRequest, "The body is nested deeper than %d levels.", maxDepth)
	case !gjson.ValidBytes(body):
		return refuse(http.StatusBadRequest, "The body is not valid JSON.")
	case text[0] != '{' && text[0] != '[':
		return refuse(http.StatusBadRequest, "The body is neither an object nor an array.")
	}
	return nil
}

// tooDeep says whether the body nests deeper than maxDepth. It need not be valid JSON: up to its first
// mistake, beyond which no validator goes, the count is right.
func tooDeep(body []byte) bool {
	if bytes.Count(body, []byte("{"))+bytes.Count(body, []byte("[")) <= maxDepth {
		return false // as nearly every body; counting is much faster than looking
	}
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
