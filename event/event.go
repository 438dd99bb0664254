// Package event says what happened, in our words: the accepted callout, where it came from, and the
// fields of the Salesforce record inside it. It imports nothing of ours, so that every room can speak of it.
package event

import (
	"encoding/json"
	"strings"
	"time"
)

// Limits of what a callout may say about itself.
const (
	MaxType           = 128 // characters of a type
	MaxIdempotencyKey = 255 // characters of an idempotency key
	MaxBatch          = 200 // single bodies in one batch
)

// Unknown is the type of an event that named none.
const Unknown = "unknown"

// Event is one accepted callout.
type Event struct {
	ID             ID              // given by the store; zero until then
	SourceID       string          // UUIDv7 of the source that took it
	Type           string          // <SObject>.<action>, or any string; never empty
	IdempotencyKey string          // empty when the sender gave none
	ReceivedAt     time.Time       // UTC
	Headers        json.RawMessage // JSON object, lower-case names, without secrets; nil when none were kept
	Body           []byte          // valid JSON, byte for byte as it came
}

// Object is the SObject that the event is about: what the record says of itself, else what the type
// says, and "" when neither names one.
func (e Event) Object() string {
	if named := e.Payload().Object; named != "" {
		return named
	}
	object, _, found := cutLast(e.Type)
	if !found {
		return ""
	}
	return object
}

// Action is what happened to the object: the part of the type behind its last dot, or the whole type
// when it has no dot.
func (e Event) Action() string {
	_, action, _ := cutLast(e.Type)
	return action
}

func cutLast(typ string) (object, action string, found bool) {
	i := strings.LastIndexByte(typ, '.')
	if i < 0 {
		return "", typ, false
	}
	return typ[:i], typ[i+1:], true
}

// DuplicateError says that an idempotency key was accepted before.
type DuplicateError struct {
	First ID // the event that was accepted then
}

func (e *DuplicateError) Error() string {
	return "idempotency key was accepted before as " + e.First.String()
}
