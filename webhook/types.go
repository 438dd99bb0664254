package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// typeHeaders name the type of what is in the body. The first that is there counts.
var typeHeaders = []string{"X-Salesforce-Event", "X-Github-Event", "X-Gitlab-Event", "X-Event-Type"}

// keyHeaders carry the idempotency key. The first that is there counts.
var keyHeaders = []string{"Idempotency-Key", "X-Dispatch-Idempotency-Key", "Webhook-Id"}

// naming gives the events of one callout their types.
type naming struct {
	header http.Header
	preset *preset
	named  string // the type that a header gives to every event of the body, "" when none does
	path   string // the source's
}

func newNaming(header http.Header, source event.Source) (*naming, error) {
	n := &naming{header: header, preset: presetOf(source), named: firstOf(header, typeHeaders), path: source.EventTypePath}
	return n, checkText("type", n.named, event.MaxType)
}

// idempotencyKey is the key that the callout gives, in a header or where the preset has it, "" when it gives none.
func idempotencyKey(header http.Header, root gjson.Result, p *preset) (string, error) {
	key := firstOf(header, p.keys)
	if key == "" && p.id != "" {
		key = strings.Clone(text(child(root, p.id)))
	}
	if key == "" {
		key = firstOf(header, keyHeaders)
	}
	return key, checkText("idempotency key", key, event.MaxIdempotencyKey)
}

// firstOf is the first of the headers that is not empty. The names are in canonical form.
func firstOf(header http.Header, names []string) string {
	for _, name := range names {
		if values := header[name]; len(values) > 0 {
			if value := strings.TrimSpace(values[0]); value != "" {
				return value
			}
		}
	}
	return ""
}

// typeOf is the type of the single body: what the preset calls it, else the one named by a header, else the body's
// event_type, else what is at the source's path, else what the body calls event or type.
func (n *naming) typeOf(object gjson.Result, says members) (string, error) {
	if typ := n.preset.typeOf(n.header, object); typ != "" {
		return strings.Clone(typ), checkText("type", typ, event.MaxType)
	}
	if n.named != "" {
		return n.named, nil
	}
	typ := scalar(says.eventType)
	if typ == "" && n.path != "" {
		typ = scalar(at(object, n.path))
	}
	if typ == "" {
		typ = text(says.event)
	}
	if typ == "" {
		typ = text(says.typ)
	}
	if typ == "" {
		return event.Unknown, nil
	}
	return strings.Clone(typ), checkText("type", typ, event.MaxType)
}

// checkText refuses what is too long or could not be shown or stored as it is.
func checkText(what, text string, most int) error {
	switch {
	case !utf8.ValidString(text):
		return refuse(http.StatusBadRequest, "The %s is not valid UTF-8.", what)
	case utf8.RuneCountInString(text) > most:
		return refuse(http.StatusBadRequest, "The %s has more than %d characters.", what, most)
	case strings.ContainsFunc(text, unicode.IsControl):
		return refuse(http.StatusBadRequest, "The %s has control characters.", what)
	}
	return nil
}

// members are those of an object that decide what it is. Where a name comes twice the last one counts, as
// it does for event.Payload and for most readers of JSON.
type members struct {
	events, eventType, event, typ gjson.Result
}

func membersOf(object gjson.Result) members {
	var m members
	object.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "events":
			m.events = value
		case "event_type":
			m.eventType = value
		case "event":
			m.event = value
		case "type":
			m.typ = value
		}
		return true
	})
	return m
}

// at follows a path in dot notation from the value: names of members, indexes of elements, and `\.` for a
// dot inside a name. What is not there does not Exist.
func at(value gjson.Result, path string) gjson.Result {
	for path != "" {
		var step string
		step, path = cutStep(path)
		value = child(value, step)
	}
	return value
}

// cutStep cuts the first step off the path.
func cutStep(path string) (step, rest string) {
	if !strings.Contains(path, `\`) {
		step, rest, _ = strings.Cut(path, ".")
		return step, rest
	}
	var name strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '.' {
			return name.String(), path[i+1:]
		}
		if path[i] == '\\' && i+1 < len(path) {
			i++
		}
		name.WriteByte(path[i])
	}
	return name.String(), ""
}

// child is the value's member of that name, the last one, or its element at that index.
func child(value gjson.Result, step string) gjson.Result {
	var found gjson.Result
	switch {
	case value.IsObject():
		value.ForEach(func(name, member gjson.Result) bool {
			if name.Str == step {
				found = member
			}
			return true
		})
	case value.IsArray():
		index, err := strconv.ParseUint(step, 10, 31)
		if err != nil {
			return found
		}
		value.ForEach(func(_, element gjson.Result) bool {
			found = gjson.Result{}
			if index == 0 {
				found = element
				return false
			}
			index--
			return true
		})
	}
	return found
}

// text is the value when it is a string, without the space around it.
func text(value gjson.Result) string {
	if value.Type != gjson.String {
		return ""
	}
	return strings.TrimSpace(value.Str)
}

// scalar is the value when it is a string, a number or a boolean, the latter two as they were written.
func scalar(value gjson.Result) string {
	switch value.Type {
	case gjson.Number, gjson.True, gjson.False:
		return value.Raw
	default:
		return text(value)
	}
}
