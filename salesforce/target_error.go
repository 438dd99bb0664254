package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"dispatch/event"
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

const (
	laterBy = time.Minute // when a call is worth another try if the org does not say when
	limitBy = time.Hour   // when so many calls are free again, once those of 24 hours are used up
)

const (
	lockedRow = "UNABLE_TO_LOCK_ROW"   // somebody else is at the record: nothing was done
	disabled  = "API_DISABLED_FOR_ORG" // also of a user whose profile does not have the API
	allCalls  = "TotalRequests"        // begins what requestLimit says of those of 24 hours
)

// RetryAfter is when the call may succeed as it stands, 0 when it would not, may have been done, or nobody knows.
func (e *CallError) RetryAfter() time.Duration {
	var failed *APIError
	is := errors.As(e, &failed)
	switch {
	case e.Fate() != event.CallLater || !IsLater(e):
		return 0
	case is && failed.RetryAfter > 0:
		return failed.RetryAfter
	case is && failed.Code == requestLimit && strings.HasPrefix(failed.Message, allCalls):
		return limitBy
	}
	return laterBy
}

// Fate is what became of the call.
func (e *CallError) Fate() event.Fate {
	var (
		failed  *APIError
		refused *OAuthError
	)
	switch {
	case e.Lost:
		return event.CallLost
	case e.cause == nil, errors.Is(e, ErrPath), errors.Is(e, ErrTooLarge):
		return event.CallRefused
	case errors.Is(e, ErrUntrusted):
		return event.CallShut
	case errors.As(e, &failed):
		return failed.fate(errors.Is(e, errSignIn))
	case errors.As(e, &refused) && !isBusy(refused.Status):
		return event.CallShut
	}
	return event.CallLater // it never left, or only reads
}

// fate is that of a call that the org has answered so, or that it did not even see.
func (e *APIError) fate(before bool) event.Fate {
	switch {
	case before, e.Later(), e.Code == lockedRow, e.Status >= http.StatusInternalServerError: // the last may be made again, or it is lost
		return event.CallLater
	case e.Status == http.StatusUnauthorized, e.Code == disabled:
		return event.CallShut
	}
	return event.CallRefused
}

// reply is the error for who is told of it.
func (e *CallError) reply() event.Reply {
	r := event.Reply{
		Category: event.CategoryError, ContentType: "application/json", Data: e.data(), Fate: e.Fate(), RetryAfter: e.RetryAfter(), Err: e,
	}
	var failed *APIError
	if errors.As(e, &failed) && !errors.Is(e, errSignIn) {
		r.Status, r.Err = failed.Status, failed
	}
	return r
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
			Details: map[string]string{"body": string(failed.Body)}, Lost: !c.repeatable() && failed.torn(),
		}
	case errors.Is(err, ErrTooLarge), errors.Is(err, io.ErrUnexpectedEOF):
		told = &CallError{Code: CodeResponseParsing, Description: err.Error(), Lost: !c.repeatable()}
	default:
		told = &CallError{Code: CodeAdapterProcess, Description: err.Error(), Lost: !c.repeatable() && mayBeDone(err)}
	}
	told.cause = err
	return told
}

// torn says whether the org, or what stands before it, broke off: nobody knows how far it got.
func (e *APIError) torn() bool {
	return e.Status >= http.StatusInternalServerError && !e.Later() && e.Code != lockedRow
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
