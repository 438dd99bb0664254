package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"dispatch/fault"
)

func TestKindOf(t *testing.T) {
	tests := map[string]struct {
		err  error
		want fault.Kind
	}{
		"unclassified":          {io.EOF, fault.Internal},
		"classified":            {fault.New(fault.NotFound, "find source %q", "acme"), fault.NotFound},
		"wrapped":               {fmt.Errorf("connect: %w", fault.New(fault.Exists, "name is taken")), fault.Exists},
		"the outermost decides": {fault.New(fault.Unavailable, "store: %w", fault.New(fault.NotFound, "gone")), fault.Unavailable},
		"joined":                {errors.Join(io.EOF, fault.New(fault.Invalid, "name is empty")), fault.Invalid},
		"with a sentence":       {fault.Say(fault.Invalid, "reply.name_empty"), fault.Invalid},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := fault.KindOf(tc.err); got != tc.want {
				t.Errorf("kind of %q: got %s, want %s", tc.err, got, tc.want)
			}
		})
	}
}

func TestCauseIsKept(t *testing.T) {
	if err := fault.New(fault.Unavailable, "commit: %w", io.ErrShortWrite); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("%v does not wrap its cause", err)
	}
}
