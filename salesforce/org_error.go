package salesforce

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// requestLimit is what an org answers when its calls of the last 24 hours are used up.
const requestLimit = "REQUEST_LIMIT_EXCEEDED"

// maxRetryAfter is the longest wait that is taken from an org: after that, asking once more does no harm.
const maxRetryAfter = time.Hour

// APIError is an org's refusal of a call.
type APIError struct {
	Status     int
	Code       string        // such as INVALID_SESSION_ID; "" when the org named none
	Message    string        // for people, in English
	RetryAfter time.Duration // at most an hour; 0: the org did not say
	Body       []byte        // as it was answered
}

func (e *APIError) Error() string {
	return fmt.Sprintf("the org answered %d %s: %q", e.Status, e.Code, cut(e.Message, maxTold))
}

// Later says whether the call may succeed when it is made again later, as it stands.
func (e *APIError) Later() bool {
	return e.Code == requestLimit || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusTooManyRequests
}

// apiErrorOf reads the forms that errors have: a list of them, one alone, or OAuth's.
func apiErrorOf(answer Answer) *APIError {
	type told struct {
		Code    string `json:"errorCode"`
		Message string `json:"message"`
	}
	var (
		one told
		all []told
	)
	failed := &APIError{Status: answer.Status, Body: answer.Body}
	if json.Unmarshal(answer.Body, &all) == nil && len(all) > 0 {
		one = all[0]
	} else {
		_ = json.Unmarshal(answer.Body, &one) // then there is the status at least
	}
	failed.Code, failed.Message = one.Code, one.Message
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		failed.RetryAfter = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	}
	return failed
}
