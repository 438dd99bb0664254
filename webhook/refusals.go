package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// retryStore is how many seconds a sender should wait when nothing can be stored.
const retryStore = 5

// refusal is an error that the sender may read.
type refusal struct {
	status     int
	detail     string
	eventID    string    // of a duplicate: the first one's
	retryAfter int       // seconds; 0 leaves it to the sender
	hangUp     bool      // what is left of the request is not worth reading
	rest       io.Reader // is taken and dropped once the answer is out; may be nil
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, detail: fmt.Sprintf(format, args...)}
}

// Error is the refusal as the log shows it.
func (r *refusal) Error() string { return strconv.Itoa(r.status) + ": " + r.detail }

// The refusals that are always the same.
var (
	errNoRoute      = refuse(http.StatusNotFound, "There is nothing at this path.")
	errNoSource     = refuse(http.StatusNotFound, "There is no source at this path, or it is not active.")
	errNoEvent      = refuse(http.StatusNotFound, "There is no such event, or it is not kept any longer.")
	errMethod       = refuse(http.StatusMethodNotAllowed, "This path does not take the method; the Allow header says what it takes.")
	errUnauthorized = refuse(http.StatusUnauthorized, "The signature or API key is missing, malformed or wrong.")
	errNotOperator  = refuse(http.StatusUnauthorized, "This is for the operator: the bearer token is missing or wrong.")
	errNotJSON      = refuse(http.StatusUnsupportedMediaType, "The Content-Type must be application/json or application/*+json.")
	errNoPayload    = refuse(http.StatusBadRequest, "The form has no field payload with JSON in it.")
	errEncoded      = refuse(http.StatusUnsupportedMediaType, "The body must be sent without a Content-Encoding.")
	errHops         = refuse(http.StatusBadRequest, "The %s header must be one whole number.", event.HopsHeader)
	errLoop         = refuse(http.StatusLoopDetected, "The event has passed through Dispatch more than %d times: a destination leads back here.", event.MaxHops)
	errInternal     = refuse(http.StatusInternalServerError, "Something went wrong on our side.")
	errTooSlow      = &refusal{status: http.StatusRequestTimeout, detail: "The body took too long to arrive.", hangUp: true}
	errCutOff       = &refusal{status: http.StatusBadRequest, detail: "The body ended before it was complete.", hangUp: true}
	errTooMany      = &refusal{status: http.StatusTooManyRequests, detail: "There are too many requests.", retryAfter: 1}
	errUnavailable  = &refusal{
		status: http.StatusServiceUnavailable, detail: "Nothing can be stored now; nothing was accepted.", retryAfter: retryStore,
	}
)

// byKind is what a failure behind us is to the sender; one of another kind is our own.
var byKind = map[fault.Kind]*refusal{
	fault.Invalid:     refuse(http.StatusBadRequest, "The request cannot be accepted as it is."),
	fault.NotFound:    errNoSource,
	fault.TooMany:     errTooMany,
	fault.Unavailable: errUnavailable,
}

// refusalOf is what the sender is told of the error.
func refusalOf(err error) *refusal {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused
	}
	if duplicate, ok := errors.AsType[*event.DuplicateError](err); ok {
		refused := refuse(http.StatusConflict, "This idempotency key was accepted before.")
		refused.eventID = duplicate.First.String()
		return refused
	}
	if refused, ok := byKind[fault.KindOf(err)]; ok {
		return refused
	}
	return errInternal
}

// problem is an error as RFC 9457 has it.
type problem struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Detail  string `json:"detail"`
	EventID string `json:"event_id,omitempty"`
}

func (r *refusal) write(w gin.ResponseWriter) {
	contentType, told := contentProblem, any(r.problem())
	if w, ok := w.(*elementsWriter); ok {
		contentType, told = contentJSON, w.complaint(r)
	}
	body, _ := json.Marshal(told) // texts and a number can be marshalled
	header := w.Header()
	header["Content-Type"] = contentType
	if r.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	if r.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(r.retryAfter))
	}
	if r.hangUp {
		header.Set("Connection", "close")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(body) // a sender that has gone cannot be told so
	if r.rest != nil {
		w.Flush()
		_, _ = io.Copy(io.Discard, r.rest)
	}
}

// problem is the refusal as RFC 9457 has it. about:blank says that there is no more to it than the status.
func (r *refusal) problem() problem {
	return problem{
		Type: "about:blank", Title: http.StatusText(r.status), Status: r.status, Detail: r.detail, EventID: r.eventID,
	}
}
