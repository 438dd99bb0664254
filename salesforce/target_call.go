package salesforce

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Call is what an io.triggermesh.salesforce.apicall asks an org to do.
type Call struct {
	Action   string            `json:"action"`   // the method
	Resource string            `json:"resource"` // such as sobjects, query, composite/tree
	Object   string            `json:"object"`   // such as Account; may be ""
	Record   string            `json:"record"`   // such as 0014x000005Y9SNAA0 or Number__c/42; may be ""
	Query    map[string]string `json:"query"`
	Payload  json.RawMessage   `json:"payload"` // the body, as it is
}

// maxPart is how many bytes a part of the path may have.
const maxPart = 255

var callActions = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// ParseCall reads and checks a call. An error is a *CallError. Documents print calls without the braces around them; those are
// added.
func ParseCall(data []byte) (Call, error) {
	data = bytes.TrimSpace(data)
	if bytes.HasPrefix(data, []byte(`"`)) {
		data = slices.Concat([]byte("{"), data, []byte("}"))
	}
	var c Call
	switch {
	case len(data) == 0:
		return Call{}, notReadable("the event has no data")
	case data[0] != '{':
		return Call{}, notReadable("the data is no JSON object")
	case !utf8.Valid(data):
		return Call{}, notReadable("the data is not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Call{}, notReadable(mistakeIn(err))
	}
	if decoder.More() {
		return Call{}, notReadable("there is more than one JSON object in the data")
	}
	c.Action = strings.ToUpper(c.Action)
	if string(c.Payload) == "null" {
		c.Payload = nil
	}
	return c, c.check()
}

// mistakeIn says what is wrong with JSON, in words for those who have written it.
func mistakeIn(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrong.Field + " must not be a " + wrong.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func (c Call) check() error {
	switch {
	case c.Action == "":
		return notValid("action is required: the HTTP verb to use")
	case c.Resource == "":
		return notValid("resource is required: the object family to use")
	case !slices.Contains(callActions, c.Action):
		return notValid("action has to be one of " + strings.Join(callActions, ", "))
	}
	for _, piece := range []struct{ name, value string }{{"resource", c.Resource}, {"object", c.Object}, {"record", c.Record}} {
		for part := range strings.SplitSeq(piece.value, "/") {
			if piece.value != "" && !isPart(part) {
				return notValid(piece.name + " must be one or more parts of a path: none of them empty, no dots alone, no control characters")
			}
		}
	}
	return nil
}

// isPart says whether a text can be one part of a path. What stands for a part that leads elsewhere when it is unescaped
// again is none: not every server on the way stops after the first time.
func isPart(text string) bool {
	for range 3 {
		name, _, _ := strings.Cut(text, ";")
		switch {
		case text == "", len(text) > maxPart, name == ".", name == "..", strings.ContainsAny(text, `/\`), strings.ContainsFunc(text, unicode.IsControl):
			return false
		}
		again, err := url.PathUnescape(text)
		if err != nil || again == text {
			return true
		}
		text = again
	}
	return false
}

// request is the call as one of the REST API.
func (c Call) request() Request {
	var parts []string
	for _, piece := range []string{c.Resource, c.Object, c.Record} {
		for part := range strings.SplitSeq(piece, "/") {
			if part != "" {
				parts = append(parts, url.PathEscape(part))
			}
		}
	}
	query := make(url.Values, len(c.Query))
	for name, value := range c.Query {
		query.Set(name, value)
	}
	return Request{Method: c.Action, Path: strings.Join(parts, "/"), Query: query, Body: c.Payload}
}

// repeatable says whether it does no harm to make the call twice.
func (c Call) repeatable() bool { return c.Action == http.MethodGet || c.Action == http.MethodHead }
