package salesforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
)

// maxTold is how many characters of what Salesforce says goes into an error.
const maxTold = 200

// errNotGranted is for a success that has no token in it.
var errNotGranted = errors.New("the answer has no token")

// OAuthError is a refusal of Salesforce's to give tokens.
type OAuthError struct {
	Status      int
	Code        string // such as invalid_grant
	Description string // for people, in English
}

func (e *OAuthError) Error() string {
	return fmt.Sprintf("salesforce answered %d %s: %q", e.Status, e.Code, e.Description)
}

// spent says whether what the tokens were asked with is not good any more, or the person behind it.
func (e *OAuthError) spent() bool {
	return slices.Contains([]string{"invalid_grant", "inactive_user", "inactive_org"}, e.Code)
}

// oauthCode is the shape of the codes: nothing else is repeated.
var oauthCode = regexp.MustCompile(`^[A-Za-z_]{1,64}$`)

func oauthErrorOf(answer Answer) error {
	var told struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(answer.Body, &told) // then there is the status at least
	return oauthError(answer.Status, told.Error, told.Description)
}

func oauthError(status int, code, description string) *OAuthError {
	if !oauthCode.MatchString(code) {
		code = "unknown"
	}
	return &OAuthError{Status: status, Code: code, Description: cut(description, maxTold)}
}

// cut shortens a text to at most so many characters.
func cut(text string, characters int) string {
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}

// IsLater says whether Salesforce cannot answer now, or will not before some of its limits have passed, so that asking
// again later makes sense.
func IsLater(err error) bool {
	var (
		refused *OAuthError
		failed  *APIError
	)
	switch {
	case errors.As(err, &failed):
		return failed.Later()
	case errors.As(err, &refused):
		return isBusy(refused.Status)
	}
	return false
}

func isBusy(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}
