package filter

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// look is what the path leads to, nil when there is nothing.
func (s *Scope) look(p *path) (any, error) {
	if p.root == ofMeta {
		return s.meta(p.keys[0]), s.pay(1)
	}
	fields, err := s.fields(p.root)
	if err != nil {
		return nil, err
	}
	if len(p.keys) == 0 {
		return s.whole(fields)
	}
	if err := s.pay(1 + len(fields)/16); err != nil {
		return nil, err
	}
	value := fields.Get(p.keys[0])
	for _, key := range p.keys[1:] {
		if err := s.pay(1 + len(value.Raw)/64); err != nil {
			return nil, err
		}
		value = under(value, key)
	}
	return s.decode(value)
}

func (s *Scope) fields(root int) (event.Fields, error) {
	var err error
	switch root {
	case ofRecord:
		return s.read().Record, nil
	case ofOld:
		return s.read().Old, nil
	case ofHeaders:
		if s.headers == nil {
			s.headers, err = s.index(s.event.Headers)
		}
		return s.headers, err
	}
	if s.body == nil {
		s.body, err = s.index(s.event.Body)
	}
	return s.body, err
}

// index lists the fields of a JSON object; nil when it is none.
func (s *Scope) index(object []byte) (event.Fields, error) {
	parsed := gjson.ParseBytes(object)
	if !parsed.IsObject() {
		return nil, s.pay(1)
	}
	err := s.pay(1 + len(object)/64)
	fields := make(event.Fields, 0, 16)
	parsed.ForEach(func(name, value gjson.Result) bool {
		fields = append(fields, event.Field{Name: name.Str, Value: value})
		if err == nil {
			err = s.pay(1)
		}
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	return fields, nil
}

func (s *Scope) read() *event.Payload {
	if s.payload == nil {
		read := s.event.Payload()
		s.payload = &read
	}
	return s.payload
}

func (s *Scope) meta(name string) any {
	switch name {
	case "type":
		return s.event.Type
	case "source":
		return s.source
	case "action":
		return s.event.Action()
	case "received_at":
		return s.event.ReceivedAt.UTC().Format(time.RFC3339)
	case "object":
		if named := s.read().Object; named != "" {
			return named
		}
		return event.Event{Type: s.event.Type}.Object()
	}
	if s.event.ID == 0 {
		return nil // it is given when the event is written, after its links are matched
	}
	return s.event.ID.String()
}

// under is the element of a list or the field of an object, the last when there are several.
func under(value gjson.Result, key string) (found gjson.Result) {
	switch {
	case value.IsArray():
		index, err := strconv.Atoi(key)
		if err != nil {
			return gjson.Result{}
		}
		value.ForEach(func(_, element gjson.Result) bool {
			if index == 0 {
				found = element
			}
			index--
			return index >= 0
		})
	case value.IsObject():
		value.ForEach(func(name, field gjson.Result) bool {
			if name.Str == key {
				found = field
			}
			return true
		})
	}
	return found
}

// member is what a value that was read has under a key, nil when it has nothing. Lists count from their end, too.
func (s *Scope) member(v, key any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		name, _ := key.(string)
		return v[name], s.pay(size(v[name]))
	case []any:
		index, ok := key.(int)
		if index < 0 {
			index += len(v)
		}
		if ok && index >= 0 && index < len(v) {
			return v[index], s.pay(size(v[index]))
		}
	}
	return nil, s.pay(1)
}

// changed says whether the field has another value than before.
func (s *Scope) changed(field any) (bool, error) {
	name, is, was, err := s.versions(field)
	if err != nil {
		return false, err
	}
	one := event.Payload{Record: event.Fields{{Name: name, Value: is}}, Old: event.Fields{{Name: name, Value: was}}}
	return was.Exists() && len(one.Changed()) > 0, nil
}

// was is the value that the field had before, nil when the callout does not tell.
func (s *Scope) was(field any) (any, error) {
	_, _, was, err := s.versions(field)
	if err != nil {
		return nil, err
	}
	return s.decode(was)
}

// versions are the values of a field, now and before.
func (s *Scope) versions(field any) (name string, is, was gjson.Result, err error) {
	name, _ = field.(string)
	p := s.read()
	if err := s.pay(1 + (len(p.Record)+len(p.Old))/16); err != nil {
		return "", is, was, err
	}
	is, was = p.Record.Get(name), p.Old.Get(name)
	return name, is, was, s.pay((len(is.Raw) + len(was.Raw)) / 64)
}

// decode gives a value of JSON as Go has it.
func (s *Scope) decode(value gjson.Result) (any, error) {
	switch value.Type {
	case gjson.Null:
		return nil, s.pay(1)
	case gjson.True, gjson.False:
		return value.Bool(), s.pay(1)
	case gjson.Number:
		return numberOf(value), s.pay(1)
	case gjson.String:
		return value.Str, s.pay(size(value.Str))
	}
	if err := s.pay(1 + len(value.Raw)/64); err != nil {
		return nil, err
	}
	if value.IsArray() {
		return s.list(value)
	}
	return s.object(value)
}

// numberOf is a whole number where that loses nothing.
func numberOf(value gjson.Result) any {
	if !strings.ContainsAny(value.Raw, ".eE") {
		if whole, err := strconv.Atoi(value.Raw); err == nil {
			return whole
		}
	}
	return value.Num
}

func (s *Scope) list(value gjson.Result) (any, error) {
	elements := []any{}
	var err error
	value.ForEach(func(_, element gjson.Result) bool {
		var decoded any
		decoded, err = s.decode(element)
		elements = append(elements, decoded)
		return err == nil
	})
	return elements, err
}

func (s *Scope) object(value gjson.Result) (any, error) {
	fields := map[string]any{}
	var err error
	value.ForEach(func(name, field gjson.Result) bool {
		fields[name.Str], err = s.decode(field)
		return err == nil
	})
	return fields, err
}

// whole decodes all fields of the event's; nil when there are none to decode.
func (s *Scope) whole(fields event.Fields) (any, error) {
	if fields == nil {
		return nil, s.pay(1)
	}
	decoded := make(map[string]any, len(fields))
	for _, field := range fields {
		value, err := s.decode(field.Value)
		if err != nil {
			return nil, err
		}
		decoded[field.Name] = value
	}
	return decoded, nil
}
