package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"
)

// readFile sets the fields that the file names. The error says where the file is not TOML; then nothing can be
// said about its keys.
func (m *mistakes) readFile(fields []field, file string, data []byte) error {
	found := loose()
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(found.Interface())
	if unknown, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		m.addUnknown(fields, file, unknown)
	} else if err != nil {
		return syntaxError(fields, file, data, err)
	}
	for _, f := range fields {
		value := found.Elem().Field(f.section).Field(f.index).Interface()
		if value == nil {
			continue
		}
		if err := assign(f.target, value); err != nil {
			m.add(f.key, "%v", err)
		}
	}
	return nil
}

// loose makes a Config whose values may be anything. Decoding into it finds every unknown key with its
// line, and stops at no value of a wrong type: those are ours to report, all of them and without secrets.
func loose() reflect.Value {
	sections := reflect.VisibleFields(reflect.TypeFor[Config]())
	for i := range sections {
		values := reflect.VisibleFields(sections[i].Type)
		for j := range values {
			values[j].Type = reflect.TypeFor[any]()
		}
		sections[i].Type = reflect.StructOf(values)
	}
	return reflect.New(reflect.StructOf(sections))
}

func (m *mistakes) addUnknown(fields []field, file string, unknown *toml.StrictMissingError) {
	known := make([]string, 0, 2*len(fields))
	for _, f := range fields {
		section, _, _ := strings.Cut(f.key, ".")
		known = append(known, section, f.key)
	}
	for _, e := range unknown.Errors {
		line, _ := e.Position()
		key := strings.Join(e.Key(), ".")
		m.add(key, "is not a key (%s:%d)%s", file, line, hint(key, known))
	}
}

// character is how the TOML parser mentions one, which may be part of a secret.
var character = regexp.MustCompile(`U\+[0-9A-F]{4,}( '.+')?`)

// syntaxError says where and why the file is not TOML. It shows the line if that cannot hold a secret.
func syntaxError(fields []field, file string, data []byte, err error) error {
	e, ok := errors.AsType[*toml.DecodeError](err)
	if !ok {
		return fmt.Errorf("%s: is not TOML", file)
	}
	row, column := e.Position()
	reason := strings.Map(printable, strings.TrimPrefix(e.Error(), "toml: "))
	if strings.HasPrefix(reason, "cannot ") { // a value where a section belongs; the rest is about Go types
		return fmt.Errorf("%s: must be a table (%s:%d)", strings.Join(e.Key(), "."), file, row)
	}
	line := strings.TrimSpace(strings.Split(string(data), "\n")[row-1])
	if harmless(fields, line) {
		return fmt.Errorf("%s:%d:%d: %s: %s", file, row, column, reason, line)
	}
	reason, _, _ = strings.Cut(reason, ": ")
	return fmt.Errorf("%s:%d:%d: %s", file, row, column, character.ReplaceAllString(reason, "…"))
}

// harmless says whether the line sets a key that is no secret, and nothing else.
func harmless(fields []field, line string) bool {
	name, value, _ := strings.Cut(line, "=")
	if len(line) > maxShown || strings.ContainsFunc(line, unicode.IsControl) || strings.ContainsAny(value, "=@") {
		return false
	}
	for _, f := range fields {
		if _, last, _ := strings.Cut(f.key, "."); last == strings.TrimSpace(name) {
			return !f.secret()
		}
	}
	return false
}
