package transform

import (
	"cmp"
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
	return decodeValue(gjson.ParseBytes(text))
}

func decodeValue(value gjson.Result) (any, error) {
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
	var (
		isObject = value.IsObject()
		object   = map[string]any{}
		list     = []any{}
		failed   error
	)
	value.ForEach(func(key, child gjson.Result) bool {
		decoded, err := decodeValue(child)
		if isObject {
			object[key.Str] = decoded
		} else {
			list = append(list, decoded)
		}
		failed = err
		return err == nil
	})
	if isObject {
		return object, failed
	}
	return list, failed
}

// encode writes what a program gave.
func encode(v any) ([]byte, error) {
	tooLarge := fmt.Errorf("the result is larger than %d bytes", maxOutput)
	values, bytes, err := walk(v, maxOutput)
	if err != nil || bytes-16*values > maxOutput {
		return nil, cmp.Or(err, tooLarge)
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
