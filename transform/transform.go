// Package transform reshapes payloads by jq programs: what a destination gets instead of the event as it came,
// or what a template is shown. It is a room of its own because two others need it, commands to check programs and
// delivery to run them, and because it takes a room to keep somebody else's program from harming all the rest.
//
// Programs are read and run by itchyny/gojq. It looks at the clock before each instruction, but some instructions alone
// can take minutes, or gigabytes: "x" * 1000000000, .[500000000] = 0, a comparison of [[., .], [., .]] forty deep.
// Therefore programs are rewritten before they are compiled (guard.go, prelude.jq), so that whatever is done at once is
// looked at before.
package transform

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// MaxLength is how many characters a program may have.
const MaxLength = 4000

// maxTime is how long a program may run.
const maxTime = 100 * time.Millisecond

// Transform is a program that was understood. It is safe for concurrent use, but runs once at a time: what it takes
// of the machine does not depend on how often it is needed.
type Transform struct {
	code  *gojq.Code
	meter *meter
	turn  chan struct{}
}

// Parse reads a program. Its error is an *Error.
func Parse(program string) (*Transform, error) {
	if utf8.RuneCountInString(program) > MaxLength {
		return nil, &Error{Problem: fmt.Sprintf("a program has at most %d characters", MaxLength)}
	}
	query, err := gojq.Parse(program)
	if err != nil {
		return nil, misread(program, err)
	}
	guard := guard{program: program}
	if guard.query(query); guard.err != nil {
		return nil, guard.err
	}
	meter := newMeter()
	guarded := &gojq.Query{FuncDefs: needed(guard.called), Term: within(query)}
	code, err := gojq.Compile(guarded, options(meter)...)
	if err != nil {
		return nil, uncompiled(program, err)
	}
	return &Transform{code: code, meter: meter, turn: make(chan struct{}, 1)}, nil
}

// Apply gives the first result of the program on the body, as JSON of at most 1 MB. Its error is an *Error, or that of
// ctx when that ends before. A program ends after a tenth of a second.
func (t *Transform) Apply(ctx context.Context, body []byte) ([]byte, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	input, err := decode(body)
	if err != nil {
		return nil, &Error{Problem: err.Error()}
	}
	limited, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	t.meter.begin(limited)
	result, err := t.first(input)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &Error{Problem: problemOf(err)}
	}
	written, err := encode(result)
	if err != nil {
		return nil, &Error{Problem: err.Error()}
	}
	return written, nil
}

// first is the first result of the program.
func (t *Transform) first(input any) (result any, err error) {
	defer func() {
		if failed := recover(); failed != nil { // a mistake of the interpreter must not end the process
			result, err = nil, fmt.Errorf("the interpreter failed: %v", failed)
		}
	}()
	result, ok := t.code.RunWithContext(t.meter, input).Next()
	if !ok {
		return nil, errors.New("the program gives nothing")
	}
	if err, is := result.(error); is {
		return nil, err
	}
	return result, nil
}

// maxProblem is how many bytes of what a program says by error(…) are passed on.
const maxProblem = 300

// problemOf is why a program failed, in words for people.
func problemOf(err error) string {
	var said gojq.ValueError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("the program takes longer than %v", maxTime)
	case errors.As(err, &said):
		text, ok := said.Value().(string)
		if !ok {
			return gojq.Preview(said.Value())
		}
		if len(text) > maxProblem {
			text = strings.ToValidUTF8(text[:maxProblem], "") + "…"
		}
		return text
	}
	return err.Error()
}
