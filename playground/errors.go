package playground

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// apiError is an error as the REST API answers it.
// See https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
type apiError struct {
	status  int
	code    int
	message string
	issues  *issues
}

var (
	errUnauthorized       = &apiError{status: http.StatusUnauthorized, message: "401: Unauthorized"}
	errNotFound           = &apiError{status: http.StatusNotFound, message: "404: Not Found"}
	errMethodNotAllowed   = &apiError{status: http.StatusMethodNotAllowed, message: "405: Method Not Allowed"}
	errUnknownChannel     = &apiError{status: http.StatusNotFound, code: 10003, message: "Unknown Channel"}
	errUnknownGuild       = &apiError{status: http.StatusNotFound, code: 10004, message: "Unknown Guild"}
	errUnknownMember      = &apiError{status: http.StatusNotFound, code: 10007, message: "Unknown Member"}
	errUnknownMessage     = &apiError{status: http.StatusNotFound, code: 10008, message: "Unknown Message"}
	errUnknownWebhook     = &apiError{status: http.StatusNotFound, code: 10015, message: "Unknown Webhook"}
	errUnknownInteraction = &apiError{status: http.StatusNotFound, code: 10062, message: "Unknown interaction"}
	errUnknownCommand     = &apiError{status: http.StatusNotFound, code: 10063, message: "Unknown application command"}
	errUnknownTag         = &apiError{status: http.StatusNotFound, code: 10087, message: "Unknown Tag"}
	errOtherApplication   = &apiError{
		status: http.StatusForbidden, code: 20012, message: "You are not authorized to perform this action on this application",
	}
	errTooManyCommands = &apiError{
		status: http.StatusBadRequest, code: 30032, message: "Maximum number of application commands reached (100)",
	}
	errTooLarge            = &apiError{status: http.StatusRequestEntityTooLarge, code: 40005, message: "Request entity too large"}
	errAlreadyCrossposted  = &apiError{status: http.StatusBadRequest, code: 40033, message: "This message has already been crossposted"}
	errForumChannel        = &apiError{status: http.StatusBadRequest, code: 40058, message: "Cannot send messages in a forum channel"}
	errAlreadyAcknowledged = &apiError{status: http.StatusBadRequest, code: 40060, message: "Interaction has already been acknowledged."}
	errNoTags              = &apiError{
		status: http.StatusBadRequest, code: 40066, message: "There are no tags available that can be set by non-moderators",
	}
	errTagRequired = &apiError{
		status: http.StatusBadRequest, code: 40067, message: "A tag is required to create a forum post in this channel",
	}
	errUserAgent           = &apiError{status: http.StatusForbidden, code: 40333, message: "internal network error"}
	errMissingAccess       = &apiError{status: http.StatusForbidden, code: 50001, message: "Missing Access"}
	errOtherAuthor         = &apiError{status: http.StatusForbidden, code: 50005, message: "Cannot edit a message authored by another user"}
	errEmptyMessage        = &apiError{status: http.StatusBadRequest, code: 50006, message: "Cannot send an empty message"}
	errCannotMessageUser   = &apiError{status: http.StatusForbidden, code: 50007, message: "Cannot send messages to this user"}
	errNonTextChannel      = &apiError{status: http.StatusBadRequest, code: 50008, message: "Cannot send messages in a non-text channel"}
	errMissingPermissions  = &apiError{status: http.StatusForbidden, code: 50013, message: "Missing Permissions"}
	errChannelType         = &apiError{status: http.StatusBadRequest, code: 50024, message: "Cannot execute action on this channel type"}
	errInvalidWebhookToken = &apiError{status: http.StatusUnauthorized, code: 50027, message: "Invalid Webhook Token"}
	errInvalidVersion      = &apiError{status: http.StatusBadRequest, code: 50041, message: "Invalid API version"}
	errThreadArchived      = &apiError{status: http.StatusBadRequest, code: 50083, message: "Thread is archived"}
	errInvalidJSON         = &apiError{status: http.StatusBadRequest, code: 50109, message: "The request body contains invalid JSON."}
	errThreadExists        = &apiError{status: http.StatusBadRequest, code: 160004, message: "A thread has already been created for this message"}
	errThreadLocked        = &apiError{status: http.StatusBadRequest, code: 160005, message: "Thread is locked"}
	errTooManyThreads      = &apiError{status: http.StatusBadRequest, code: 160006, message: "Maximum number of active threads reached"}
	errInternal            = &apiError{status: http.StatusInternalServerError, message: "500: Internal Server Error"}
)

// invalid returns the error for a body with one thing wrong with it.
func invalid(field, code, format string, args ...any) error {
	found := new(issues)
	found.at(field).add(code, format, args...)
	return invalidForm(found)
}

func invalidForm(found *issues) error {
	return &apiError{status: http.StatusBadRequest, code: codeInvalidForm, message: "Invalid Form Body", issues: found}
}

// Error returns the message with its code.
func (e *apiError) Error() string {
	text := fmt.Sprintf("%d: %s", e.code, e.message)
	if e.issues != nil {
		if detail, err := json.Marshal(e.issues); err == nil {
			text += " " + string(detail)
		}
	}
	return text
}

// MarshalJSON writes the error in Discord's shape.
func (e *apiError) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Message string  `json:"message"`
		Code    int     `json:"code"`
		Errors  *issues `json:"errors,omitempty"`
	}{e.message, e.code, e.issues})
}

// issue is one thing that is wrong with a field.
type issue struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// issues is what is wrong with a body, as a tree along the body's own structure.
type issues struct {
	own []issue
	sub map[string]*issues
}

// at returns the node for a field or a list's element.
func (n *issues) at(key string) *issues {
	if n.sub == nil {
		n.sub = map[string]*issues{}
	}
	if n.sub[key] == nil {
		n.sub[key] = new(issues)
	}
	return n.sub[key]
}

func (n *issues) add(code, format string, args ...any) {
	n.own = append(n.own, issue{Code: code, Message: fmt.Sprintf(format, args...)})
}

func (n *issues) empty() bool {
	for _, sub := range n.sub {
		if !sub.empty() {
			return false
		}
	}
	return len(n.own) == 0
}

// MarshalJSON writes the tree with the issues of each node under _errors, leaving out what is fine.
func (n *issues) MarshalJSON() ([]byte, error) {
	o := map[string]any{}
	for key, sub := range n.sub {
		if !sub.empty() {
			o[key] = sub
		}
	}
	if len(n.own) > 0 {
		o["_errors"] = n.own
	}
	return json.Marshal(o)
}
