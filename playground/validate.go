package playground

import (
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// rule checks one value of a request's body and notes what is wrong with it. The value is what
// encoding/json makes of it, with numbers as json.Number, and never nil.
type rule interface {
	check(v any, found *issues)
}

type (
	// required is a field that must be there and not be null. Any other may be missing or null.
	required struct{ rule }

	fields map[string]rule

	// object is a JSON object. Unknown fields are ignored, as Discord does.
	object struct {
		fields fields
		also   func(o map[string]any, found *issues) // May be nil.
	}

	// list is a JSON array of min to max values.
	list struct {
		min, max int
		of       rule
	}

	// distinct is a list without repetitions.
	distinct struct{ list }

	// text is a string of min to max characters that are not all white space.
	text struct{ min, max int }

	// integer is a whole number.
	integer struct{ min, max int64 }

	// decimal is any number.
	decimal struct{}

	boolean struct{}

	snowflake struct{}

	// timestamp is a moment in ISO 8601.
	timestamp struct{}

	// link is a URL with one of the schemes.
	link struct {
		max     int
		schemes []string
	}

	// choice is one of some whole numbers.
	choice []int64

	// word is one of some strings.
	word []string

	// localized is an object from Discord's locales to texts.
	localized struct{ of rule }

	// variant is an object whose type decides by which rule it goes.
	variant map[int64]rule
)

func (o object) check(v any, found *issues) {
	m, ok := v.(map[string]any)
	if !ok {
		found.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
		return
	}
	for name, r := range o.fields {
		need, must := r.(required)
		if must {
			r = need.rule
		}
		switch value := m[name]; {
		case value != nil:
			r.check(value, found.at(name))
		case must:
			found.at(name).add("BASE_TYPE_REQUIRED", "This field is required")
		}
	}
	if o.also != nil && found.empty() {
		o.also(m, found)
	}
}

func (l list) check(v any, found *issues) {
	all, ok := v.([]any)
	switch {
	case !ok:
		found.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return
	case !measure(len(all), l.min, l.max, found):
		return
	}
	for i, value := range all {
		if value == nil {
			found.at(strconv.Itoa(i)).add("BASE_TYPE_REQUIRED", "This field is required")
			continue
		}
		l.of.check(value, found.at(strconv.Itoa(i)))
	}
}

func (l distinct) check(v any, found *issues) {
	l.list.check(v, found)
	if !found.empty() {
		return
	}
	seen := map[any]bool{}
	for i, value := range v.([]any) {
		if seen[value] {
			found.at(strconv.Itoa(i)).add("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
		}
		seen[value] = true
	}
}

func (t text) check(v any, found *issues) {
	s, ok := v.(string)
	switch {
	case !ok:
		found.add("STRING_TYPE_CONVERT", "Could not interpret \"%v\" as string.", v)
	case t.min > 0 && strings.TrimSpace(s) == "":
		found.add("BASE_TYPE_REQUIRED", "This field is required")
	default:
		measure(utf8.RuneCountInString(s), t.min, t.max, found)
	}
}

// measure says whether a length is right, and notes it when it is not.
func measure(n, least, most int, found *issues) bool {
	switch {
	case n >= least && n <= most:
		return true
	case least == 0:
		found.add("BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	default:
		found.add("BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
	return false
}

func (i integer) check(v any, found *issues) {
	n, ok := whole(v)
	switch {
	case !ok:
		found.add("NUMBER_TYPE_COERCE", "Value \"%v\" is not int.", v)
	case n < i.min:
		found.add("NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", i.min)
	case n > i.max:
		found.add("NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", i.max)
	}
}

func (decimal) check(v any, found *issues) {
	n, ok := v.(json.Number)
	if ok {
		f, err := n.Float64()
		ok = err == nil && math.Abs(f) <= 1<<53
	}
	if !ok {
		found.add("NUMBER_TYPE_COERCE", "Value \"%v\" is not float.", v)
	}
}

func (boolean) check(v any, found *issues) {
	if _, ok := v.(bool); !ok {
		found.add("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
}

func (snowflake) check(v any, found *issues) {
	s, _ := v.(string)
	if _, err := strconv.ParseUint(s, 10, 63); err != nil || s != "0" && s[0] == '0' {
		found.add("NUMBER_TYPE_COERCE", "Value \"%v\" is not snowflake.", v)
	}
}

func (timestamp) check(v any, found *issues) {
	s, _ := v.(string)
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		found.add("DATE_TIME_TYPE_PARSE", "Could not parse %v. Should be ISO8601.", v)
	}
}

// host is what the name of a server looks like, a port included.
var host = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?(:\d{1,5})?$`)

func (l link) check(v any, found *issues) {
	s, ok := v.(string)
	if !ok {
		found.add("STRING_TYPE_CONVERT", "Could not interpret \"%v\" as string.", v)
		return
	}
	if s == "" {
		return // Discord takes an empty address for none.
	}
	if !measure(utf8.RuneCountInString(s), 0, l.max, found) {
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme == "" || strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`"):
		found.add("URL_TYPE_INVALID_URL", "Not a well formed URL.")
	case !slices.Contains(l.schemes, strings.ToLower(u.Scheme)):
		found.add("URL_TYPE_INVALID_SCHEME", "Scheme \"%s\" must be one of ('%s').", u.Scheme, strings.Join(l.schemes, "', '"))
	case u.Host == "" || u.Scheme != "attachment" && !host.MatchString(u.Host):
		found.add("URL_TYPE_INVALID_URL", "Not a well formed URL.")
	}
}

func (c choice) check(v any, found *issues) {
	if n, ok := whole(v); !ok || !slices.Contains(c, n) {
		found.add("BASE_TYPE_CHOICES", "Value must be one of %v.", []int64(c))
	}
}

func (w word) check(v any, found *issues) {
	if s, _ := v.(string); !slices.Contains(w, s) {
		found.add("BASE_TYPE_CHOICES", "Value must be one of %v.", []string(w))
	}
}

func (l localized) check(v any, found *issues) {
	m, ok := v.(map[string]any)
	if !ok {
		found.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return
	}
	for locale, value := range m {
		switch {
		case !slices.Contains(locales, locale):
			found.at(locale).add("BASE_TYPE_CHOICES", "Value must be one of %v.", locales)
		case value == nil:
			found.at(locale).add("BASE_TYPE_REQUIRED", "This field is required")
		default:
			l.of.check(value, found.at(locale))
		}
	}
}

func (kinds variant) check(v any, found *issues) {
	m, ok := v.(map[string]any)
	if !ok {
		found.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
		return
	}
	kind, ok := whole(m["type"])
	if r := kinds[kind]; ok && r != nil {
		r.check(v, found)
		return
	}
	found.at("type").add("UNION_TYPE_CHOICES", "Value of field \"type\" must be one of %v.", sortedKeys(kinds))
}

// whole returns a value that is a whole number.
func whole(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// blank says whether a field is missing, null or has nothing but white space in it.
func blank(v any) bool {
	s, ok := v.(string)
	return v == nil || ok && strings.TrimSpace(s) == ""
}

func sortedKeys(kinds variant) []int64 {
	keys := make([]int64, 0, len(kinds))
	for k := range kinds {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
