package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// CallCode says where a call went wrong.
type CallCode string

// The codes of a call's errors.
const (
	CodeEventContext      CallCode = "event-context"      // the event is of another type
	CodeRequestParsing    CallCode = "request-parsing"    // its data cannot be read
	CodeRequestValidation CallCode = "request-validation" // what it asks for cannot be asked
	CodeAdapterProcess    CallCode = "adapter-process"    // it was not done, or refused
	CodeResponseParsing   CallCode = "response-parsing"   // the answer cannot be read
)

// CallError is why a call has no success. As JSON it is what the reply says.
type CallError struct {
	Code        CallCode
	Description string
	Details     map[string]string // nil for none
	// Lost is for calls of which nobody knows whether the org did them: to make one again may do it twice.
	Lost bool `json:"-"`

	cause error
}

func (e *CallError) Error() string { return string(e.Code) + ": " + e.Description }

// Unwrap gives the cause: an *APIError where the org has refused the call.
func (e *CallError) Unwrap() error { return e.cause }

func notReadable(why string) *CallError {
	return &CallError{Code: CodeRequestParsing, Description: why}
}

func notValid(why string) *CallError {
	return &CallError{Code: CodeRequestValidation, Description: why}
}

// laterBy is when a call is worth another try if the org does not say when.
const laterBy = time.Minute

// RetryAfter is when the call may succeed as it stands, 0 when it would not, or may have been done.
func (e *CallError) RetryAfter() time.Duration {
	var failed *APIError
	switch {
	case e.Lost || !IsLater(e):
		return 0
	case errors.As(e, &failed) && failed.RetryAfter > 0:
		return failed.RetryAfter
	}
	return laterBy
}

// errSignIn marks what went wrong before the org could see a call.
var errSignIn = errors.New("sign in")

// callErrorOf is what to say of a call that Org.Do failed with.
func callErrorOf(c Call, err error) *CallError {
	var (
		failed *APIError
		told   *CallError
	)
	switch {
	case errors.As(err, &told):
		return told
	case errors.Is(err, ErrPath):
		told = notValid(ErrPath.Error())
	case errors.As(err, &failed) && !errors.Is(err, errSignIn):
		told = &CallError{
			Code: CodeAdapterProcess, Description: fmt.Sprintf("received HTTP code %d", failed.Status),
			Details: map[string]string{"body": string(failed.Body)},
		}
	case errors.Is(err, ErrTooLarge), errors.Is(err, io.ErrUnexpectedEOF):
		told = &CallError{Code: CodeResponseParsing, Description: err.Error(), Lost: !c.repeatable()}
	default:
		told = &CallError{Code: CodeAdapterProcess, Description: err.Error(), Lost: !c.repeatable() && mayBeDone(err)}
	}
	told.cause = err
	return told
}

// mayBeDone says whether the org may have done a call whose answer did not arrive.
func mayBeDone(err error) bool {
	var dial *net.OpError
	neverSent := errors.Is(err, errSignIn) || errors.Is(err, ErrUntrusted) || errors.As(err, &dial) && dial.Op == "dial"
	return !neverSent
}

// isLost says whether the answer to a call got lost on the way, with time left to ask again.
func isLost(ctx context.Context, err error) bool {
	var failed *APIError
	return err != nil && ctx.Err() == nil && !errors.As(err, &failed) && !errors.Is(err, ErrTooLarge) && mayBeDone(err)
}

// data is the error as the reply has it.
func (e *CallError) data() []byte {
	data, _ := json.Marshal(e) // texts can be marshalled
	return data
}
