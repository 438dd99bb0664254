package transform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// What one run may take. What the interpreter does at once stays far below a hundredth of a second each time.
const (
	maxSteps  = 500_000  // instructions of the interpreter
	maxMade   = 64 << 20 // bytes that functions make, all together
	maxText   = 1 << 20  // bytes of one text
	maxList   = 100_000  // elements of one list, fields of one object
	maxValues = 100_000  // in one value, counted as often as they are seen
	maxOrder  = 20_000   // of those, where a list is put in order
	maxPairs  = 200_000  // where each is compared with each
	maxWork   = 1 << 22  // characters that a pattern or a part of a text is held against
	maxFree   = 100      // index up to which a list may grow for nothing
	maxDepth  = 500      // lists and objects inside each other
	maxDigits = 1000     // of a number
	maxShort  = 1000     // bytes of a text that is read as a number or as a time
)

var (
	errSteps = errors.New("the program takes too many steps")
	errMade  = errors.New("the program makes too much on the way")
)

// meter bounds a run. The interpreter asks it before each instruction whether the context has ended, and the functions
// of functions.go pay for what is about to be made.
type meter struct {
	context.Context
	steps, made int
	over        chan struct{} // closed
}

func newMeter() *meter {
	over := make(chan struct{})
	close(over)
	return &meter{over: over}
}

func (m *meter) begin(ctx context.Context) { m.Context, m.steps, m.made = ctx, 0, 0 }

// Done implements context.Context.
func (m *meter) Done() <-chan struct{} {
	if m.steps++; m.steps > maxSteps || m.made > maxMade {
		return m.over
	}
	return m.Context.Done()
}

// Err implements context.Context.
func (m *meter) Err() error {
	switch {
	case m.made > maxMade:
		return errMade
	case m.steps > maxSteps:
		return errSteps
	}
	return m.Context.Err()
}

// pay says whether so many bytes may be made.
func (m *meter) pay(bytes int) error {
	if m.made += bytes; m.made > maxMade {
		return errMade
	}
	return nil
}

// walk goes through all of a value and tells how many values are in it, and of about how many bytes.
func walk(v any, limit int) (values, bytes int, err error) {
	err = walkInto(v, limit, maxDepth, &values, &bytes)
	return values, bytes, err
}

func walkInto(v any, limit, depth int, values, bytes *int) error {
	if *values++; *values > limit {
		return fmt.Errorf("there are more than %d values in what this goes through", limit)
	}
	if depth == 0 {
		return fmt.Errorf("there are more than %d lists and objects inside each other", maxDepth)
	}
	*bytes += 16
	switch v := v.(type) {
	case string:
		*bytes += len(v)
		return checkText(len(v))
	case json.Number:
		*bytes += len(v)
		return checkDigits(len(v))
	case *big.Int:
		*bytes += v.BitLen() / 3
		return checkDigits(v.BitLen() / 3)
	case []any:
		for _, element := range v {
			if err := walkInto(element, limit, depth-1, values, bytes); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, field := range v {
			*bytes += len(key)
			if err := walkInto(field, limit, depth-1, values, bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkText(bytes int) error {
	if bytes > maxText {
		return errors.New("a text would be longer than 1 MB")
	}
	return nil
}

func checkList(elements int) error {
	if elements > maxList {
		return fmt.Errorf("a list would have more than %d elements", maxList)
	}
	return nil
}

func checkDigits(digits int) error {
	if digits > maxDigits {
		return fmt.Errorf("a number has more than %d digits", maxDigits)
	}
	return nil
}
