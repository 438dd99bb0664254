package filter

import (
	"errors"
	"fmt"

	"dispatch/event"
)

// budget is how many steps one expression may take on one event. A step is a value, 16 bytes of text that are looked
// at, or 64 bytes of JSON that are passed over: some ten nanoseconds, two hundred at worst. All expressions that ask one
// Scope have a few such budgets together.
const (
	budget      = 100_000
	budgetOfAll = 5 * budget
)

var errBudget = errors.New("this is too much work for one event: look at fewer or shorter values")

// Scope is an event as filters see it. It is for one goroutine.
type Scope struct {
	event   event.Event
	source  string
	left    int // of the budget of the filter at hand
	spent   int // by all before it
	payload *event.Payload
	body    event.Fields
	headers event.Fields
}

// NewScope makes a Scope. What filters ask of the event is read when the first one does, for all of them.
func NewScope(e event.Event, sourceName string) *Scope { return &Scope{event: e, source: sourceName} }

// begin gives the next filter its budget.
func (s *Scope) begin() {
	s.left = min(budget, budgetOfAll-s.spent)
	s.spent += s.left
}

// end takes back what it did not need.
func (s *Scope) end() { s.spent -= max(s.left, 0) }

// pay takes steps from the budget.
func (s *Scope) pay(steps int) error {
	if s.left -= steps; s.left < 0 {
		return errBudget
	}
	return nil
}

// size is what it costs to look at a value, without what is in it.
func size(v any) int {
	switch v := v.(type) {
	case string:
		return 1 + len(v)/16
	case []any:
		return 1 + len(v)
	case map[string]any:
		return 1 + len(v)
	}
	return 1
}

// each is a list to go over when each element costs so many steps. What is missing has no elements.
func (s *Scope) each(v any, work int) ([]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		return v, s.pay(len(v) * work)
	}
	return nil, fmt.Errorf("this goes over a list, not %s", kindOfValue(v))
}

// same says whether two values are the same, lists and objects element by element.
func (s *Scope) same(a, b any) (bool, error) {
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0, nil
	}
	switch a := a.(type) {
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			return s.sameList(a, b)
		}
		return false, nil
	case map[string]any:
		if b, ok := b.(map[string]any); ok && len(a) == len(b) {
			return s.sameObject(a, b)
		}
		return false, nil
	}
	switch b.(type) {
	case []any, map[string]any:
		return false, nil
	}
	return a == b, nil
}

func (s *Scope) sameList(a, b []any) (bool, error) {
	if err := s.pay(len(a)); err != nil {
		return false, err
	}
	for i := range a {
		if same, err := s.same(a[i], b[i]); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *Scope) sameObject(a, b map[string]any) (bool, error) {
	if err := s.pay(len(a)); err != nil {
		return false, err
	}
	for key, value := range a {
		other, ok := b[key]
		if !ok {
			return false, nil
		}
		if same, err := s.same(value, other); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// in says whether a list has an element, or an object a field.
func (s *Scope) in(v, within any) (bool, error) {
	switch within := within.(type) {
	case nil:
		return false, nil
	case []any:
		if err := s.pay(len(within)); err != nil {
			return false, err
		}
		for _, element := range within {
			if same, err := s.same(v, element); same || err != nil {
				return same, err
			}
		}
		return false, nil
	case map[string]any:
		name, ok := v.(string)
		_, has := within[name]
		return ok && has, nil
	}
	return false, fmt.Errorf("this searches a list, not %s; a part of a text is found by contains", kindOfValue(within))
}
