package event

import "github.com/tidwall/gjson"

// Changed are the names of the fields whose value differs from the old one, in the order in which the sender gave the
// old ones.
func (p Payload) Changed() []string {
	if len(p.Old) == 0 {
		return nil
	}
	now := make(map[string]gjson.Result, len(p.Record))
	for _, field := range p.Record {
		now[field.Name] = field.Value // the last of equal names, as Get has it
	}
	var names []string
	for _, was := range p.Old {
		if !same(was.Value, now[was.Name]) {
			names = append(names, was.Name)
		}
	}
	return names
}

// same compares scalars by what they mean, so that 100 is 100.0; a field that is absent is null.
func same(a, b gjson.Result) bool {
	if a.Type != b.Type {
		return false
	}
	switch a.Type {
	case gjson.Number:
		return a.Raw == b.Raw || a.Num == b.Num
	case gjson.String:
		return a.Str == b.Str
	}
	return a.Raw == b.Raw || a.Type == gjson.Null
}
