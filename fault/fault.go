// Package fault says what kind of failure an error is for the person at the other end. Two places turn a
// kind into words: the answer of webhook and the reply of commands. An error without a kind is Internal:
// logged with its cause, shown without it.
package fault

import (
	"errors"
	"fmt"
)

// Kind is a failure as its receiver knows it. It is also the locale key of the sentence they are shown.
type Kind string

// The kinds of failure.
const (
	Internal     Kind = "fault.internal"     // our own mistake
	Invalid      Kind = "fault.invalid"      // the request itself is wrong
	Unauthorized Kind = "fault.unauthorized" // who are you?
	Forbidden    Kind = "fault.forbidden"    // not for you
	NotFound     Kind = "fault.not_found"    // there is no such thing, or not any more
	Exists       Kind = "fault.exists"       // there is one already
	TooMany      Kind = "fault.too_many"     // over a limit; fewer or later
	Unavailable  Kind = "fault.unavailable"  // not now; later
)

// Error is an error of a known kind.
type Error struct {
	Kind  Kind
	Key   string // locale key of a sentence more exact than the kind's; "" when there is none
	cause error
}

// New makes an error of the kind; the text is for logs, not for the person.
func New(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, cause: fmt.Errorf(format, args...)}
}

// Say makes an error of the kind that is told in the sentence at the locale key.
func Say(kind Kind, key string) error {
	return &Error{Kind: kind, Key: key, cause: errors.New(key)}
}

// Error is the text for logs.
func (e *Error) Error() string { return e.cause.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf is the kind of the first classified error in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
