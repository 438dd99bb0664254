package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Problem is what is wrong with a field of preferences.
type Problem string

// The problems that a field may have.
const (
	ProblemJSON        Problem = "json" // of the whole: its field has no name
	ProblemUnknown     Problem = "unknown"
	ProblemTwice       Problem = "twice"
	ProblemMissing     Problem = "missing"
	ProblemObject      Problem = "object"
	ProblemFlag        Problem = "flag"
	ProblemText        Problem = "text"
	ProblemWhole       Problem = "whole"
	ProblemLong        Problem = "long"
	ProblemControl     Problem = "control"
	ProblemSubdomain   Problem = "subdomain"
	ProblemURL         Problem = "url"
	ProblemPlaceholder Problem = "placeholder"
	ProblemPhonePrefix Problem = "prefix"
)

// problems are what is wrong, in words that go behind the name of the field.
var problems = map[Problem]string{
	ProblemJSON:        "the body must be one JSON object",
	ProblemUnknown:     "is no field of the preferences",
	ProblemTwice:       "is given twice",
	ProblemMissing:     "is missing",
	ProblemObject:      "must be an object",
	ProblemFlag:        "must be true or false",
	ProblemText:        "must be a string",
	ProblemWhole:       "must be a whole number from 0 to " + strconv.Itoa(MaxRetries),
	ProblemLong:        "is too long",
	ProblemControl:     "must have no control characters",
	ProblemSubdomain:   "must be a subdomain: letters, digits and hyphens, at most 63",
	ProblemURL:         "must be an http or https URL",
	ProblemPlaceholder: "may have the placeholders {{itemId}} and {{phone}} only",
	ProblemPhonePrefix: "must be digits, with a plus, spaces, hyphens or parentheses if need be, at most 16",
}

// Mistake is a field of preferences that cannot be taken as it is. It never holds the value, which may be a secret.
type Mistake struct {
	Field   string // its name in JSON, "data." before it where it stands inside; "" for the whole
	Problem Problem
}

func (m Mistake) String() string {
	if m.Field == "" {
		return problems[m.Problem]
	}
	return m.Field + " " + problems[m.Problem]
}

// PreferencesError names all the mistakes of a document.
type PreferencesError struct{ Mistakes []Mistake }

func (e *PreferencesError) Error() string {
	said := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		said[i] = m.String()
	}
	return strings.Join(said, "; ")
}

const (
	maxMistakes = 25 // that are named
	maxField    = 64 // bytes of the name of a field that there is not
)

// ParsePreferences reads a whole document in either form. What it leaves out is false, 0 or empty. It fails with
// *PreferencesError.
func ParsePreferences(body []byte) (PreferencesDocument, error) {
	whole := gjson.ParseBytes(body)
	if !json.Valid(body) || !whole.IsObject() {
		return PreferencesDocument{}, &PreferencesError{[]Mistake{{"", ProblemJSON}}}
	}
	inner := len(preferenceFields) - ofWrapping
	var r preferencesReading
	if r.document.Wrapped = isWrapped(whole); !r.document.Wrapped {
		r.object("", whole, preferenceFields[:inner])
		return r.result()
	}
	data := r.object("", whole, preferenceFields[inner:])
	switch {
	case !data.Exists():
		r.wrong("data", ProblemMissing)
	case !data.IsObject():
		r.wrong("data", ProblemObject)
	default:
		r.object("data.", data, preferenceFields[:inner])
	}
	return r.result()
}

// isWrapped says whether any of the object's fields is one of the wrapping's.
func isWrapped(whole gjson.Result) bool {
	for _, f := range fieldsOf(whole) {
		if f.Name == "providerId" || f.Name == "apiKey" || f.Name == "data" {
			return true
		}
	}
	return false
}

// preferencesReading is a document that is being read, with its mistakes.
type preferencesReading struct {
	document PreferencesDocument
	mistakes []Mistake
}

func (r *preferencesReading) wrong(field string, p Problem) {
	if len(r.mistakes) < maxMistakes {
		r.mistakes = append(r.mistakes, Mistake{field, p})
	}
}

func (r *preferencesReading) result() (PreferencesDocument, error) {
	if len(r.mistakes) > 0 {
		return PreferencesDocument{}, &PreferencesError{r.mistakes}
	}
	return r.document, nil
}

// object reads the known fields of the object, and gives what it has under data where that belongs to it.
func (r *preferencesReading) object(before string, object gjson.Result, known []PreferenceField) (data gjson.Result) {
	seen := make(map[string]bool)
	for _, f := range fieldsOf(object) {
		name := before + f.Name
		isData := before == "" && r.document.Wrapped && f.Name == "data"
		i := indexOf(known, f.Name)
		switch {
		case seen[f.Name]:
			r.wrong(shortened(name), ProblemTwice)
		case isData:
			data = f.Value
		case i < 0:
			r.wrong(shortened(name), ProblemUnknown)
		default:
			if p := known[i].set(&r.document, f.Value); p != "" {
				r.wrong(name, p)
			}
		}
		seen[f.Name] = true
	}
	return data
}

func indexOf(fields []PreferenceField, name string) int {
	for i := range fields {
		if fields[i].Name == name {
			return i
		}
	}
	return -1
}

// shortened is a name that somebody made up, fit to be shown.
func shortened(name string) string {
	if len(name) > maxField {
		name = strings.ToValidUTF8(name[:maxField], "") + "…"
	}
	return strconv.Quote(name)
}

// set puts the value into the field, or says what is wrong with it.
func (f PreferenceField) set(d *PreferencesDocument, value gjson.Result) Problem {
	switch to := f.in(d).(type) {
	case *bool:
		if !value.IsBool() {
			return ProblemFlag
		}
		*to = value.Bool()
	case *int:
		return setWhole(to, value)
	case *string:
		if value.Type != gjson.String {
			return ProblemText
		}
		*to = value.Str
		return f.checkText(value.Str)
	}
	return ""
}

func setWhole(to *int, value gjson.Result) Problem {
	n := value.Num
	if value.Type != gjson.Number || n < 0 || n > MaxRetries || n != float64(int(n)) {
		return ProblemWhole
	}
	*to = int(n)
	return ""
}

// Set puts what somebody wrote into the field, as JSON would have it: a flag as true or false.
func (f PreferenceField) Set(d *PreferencesDocument, written string) Problem {
	if _, isText := f.in(d).(*string); isText {
		quoted, err := json.Marshal(written)
		if err != nil {
			return ProblemText
		}
		return f.set(d, gjson.ParseBytes(quoted))
	}
	value := gjson.Result{}          // of no type that a field has
	if json.Valid([]byte(written)) { // gjson alone would take "tomato" for true
		value = gjson.Parse(strings.TrimSpace(written))
	}
	return f.set(d, value)
}

// marshal is json.Marshal that leaves <, > and & as they are, as everybody else does.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode preferences: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
