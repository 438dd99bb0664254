package transform

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/itchyny/gojq"
	"github.com/tidwall/gjson"
)

// Limits of what goes in and comes out, in bytes.
const (
	maxInput  = 1 << 20
	maxOutput = 1 << 20
)

// decode reads JSON as the interpreter wants it. Numbers stay as they are written.
func decode(text []byte) (any, error) {
	if len(text) > maxInput {
		return nil, fmt.Errorf("JSON of more than %d bytes is not transformed", maxInput)
	}
	if !json.Valid(text) {
		return nil, errors.New("this is not valid JSON")
	}
	left := maxValues
	return decodeValue(gjson.ParseBytes(text), &left)
}

func decodeValue(value gjson.Result, left *int) (any, error) {
	if *left--; *left < 0 {
		return nil, fmt.Errorf("JSON of more than %d values is not transformed", maxValues)
	}
	switch value.Type {
	case gjson.Null:
		return nil, nil
	case gjson.True, gjson.False:
		return value.Bool(), nil
	case gjson.Number:
		return json.Number(value.Raw), checkDigits(len(value.Raw))
	case gjson.String:
		return value.Str, nil
	}
	if value.IsArray() {
		return decodeList(value, left)
	}
	object := make(map[string]any)
	var failed error
	value.ForEach(func(key, field gjson.Result) bool {
		object[key.Str], failed = decodeValue(field, left)
		return failed == nil
	})
	return object, failed
}

func decodeList(value gjson.Result, left *int) (any, error) {
	list := []any{}
	var failed error
	value.ForEach(func(_, element gjson.Result) bool {
		var decoded any
		decoded, failed = decodeValue(element, left)
		list = append(list, decoded)
		return failed == nil
	})
	return list, failed
}

// encode writes what a program gave.
func encode(v any) ([]byte, error) {
	tooLarge := fmt.Errorf("the result is larger than %d bytes", maxOutput)
	values, bytes, err := walk(v, maxOutput)
	switch {
	case values > maxOutput || bytes-16*values > maxOutput:
		return nil, tooLarge
	case err != nil:
		return nil, err
	}
	written, err := gojq.Marshal(v)
	if err != nil {
		return nil, err
	}
	if len(written) > maxOutput {
		return nil, tooLarge
	}
	return written, nil
}
