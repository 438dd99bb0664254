package config

import (
	"reflect"
	"strings"
)

const envPrefix = "DISPATCH_"

// field is one key of a Config.
type field struct {
	key     string // delivery.attempts
	section int    // its place in Config
	index   int    // its place in the section
	target  any    // pointer to its value
}

// env is the variable that sets the field.
func (f field) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(f.key, ".", "_"))
}

// secret says whether the field's value must not be shown.
func (f field) secret() bool {
	_, is := f.target.(*Secret)
	return is
}

// fieldsOf lists the keys in the order of Config.
func fieldsOf(c *Config) []field {
	var fields []field
	root := reflect.ValueOf(c).Elem()
	for i := range root.NumField() {
		section := root.Field(i)
		for j := range section.NumField() {
			fields = append(fields, field{
				key:     tomlName(root.Type().Field(i)) + "." + tomlName(section.Type().Field(j)),
				section: i,
				index:   j,
				target:  section.Field(j).Addr().Interface(),
			})
		}
	}
	return fields
}

func tomlName(f reflect.StructField) string { return f.Tag.Get("toml") }
