package render

import (
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"dispatch/filter"
)

// condition is the filter expression on which a part of a template is shown.
type condition struct {
	*filter.Filter
	written script
}

// conditionTo reads a condition into where it belongs.
func conditionTo[T any](to func(*T) **condition) func(*draft, *T, string, gjson.Result) error {
	return func(d *draft, into *T, field string, found gjson.Result) error {
		if found.Type != gjson.String {
			return d.wrong(found, field, `a condition is a text, such as "record.Amount > 1000"`)
		}
		c := &condition{written: script{field: field, text: found.Str, begin: found.Index + 1, json: d.source}}
		var err error
		if c.Filter, err = filter.Parse(found.Str); err != nil {
			return c.wrong(err)
		}
		*to(into) = c
		return nil
	}
}

// wrong is a filter's error as the template's.
func (c *condition) wrong(err error) *TemplateError {
	var told *filter.Error
	if !errors.As(err, &told) {
		return c.written.wrong(0, c.written.text, err.Error())
	}
	return c.written.wrong(offsetOf(c.written.text, told.Line, told.Column), told.Piece, told.Problem)
}

// offsetOf is where a line and a column, both from 1, are in the text.
func offsetOf(text string, line, column int) int {
	at := 0
	for range line - 1 {
		_, rest, _ := strings.Cut(text[at:], "\n")
		at = len(text) - len(rest)
	}
	for i := range text[at:] {
		if column--; column == 0 {
			return at + i
		}
	}
	return len(text)
}

// judging is how many steps a condition is counted as: enough for the clock to be looked at each time.
const judging = untimed + 1

// wanted says whether what stands at the field is to be shown.
func (d *drawing) wanted(c *condition, field string) (bool, error) {
	if c == nil {
		return true, nil
	}
	err := d.spend(judging)
	holds := false
	if err == nil {
		holds, err = c.Match(d.filtered())
	}
	if err != nil {
		return false, c.wrong(err)
	}
	if !holds {
		d.note(field, LeftOut)
	}
	return holds, nil
}
