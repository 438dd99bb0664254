package delivery

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"dispatch/event"
)

// Verdict is what an attempt means for the delivery and for its destination.
type Verdict int

// The verdicts. The zero value is Untried.
const (
	Untried Verdict = iota // not attempted; costs nothing
	Sent                   // it is there
	Later                  // it may work later
	Down                   // nothing was heard from the other side at all: that says nothing about the delivery
	Wrong                  // the delivery is wrong in itself: abandon it, go on with the next
	Pause                  // the destination cannot work until somebody mends it
	Stop                   // nothing can be sent at all until the operator acts
	Gone                   // the other side wants no more: abandon the delivery, and pause the destination
)

// MaxResponse is how many bytes of an answer an attempt keeps.
const MaxResponse = 2 << 10

// Clip keeps the first limit bytes of what somebody else says, as valid UTF-8 and without a torn character at the end.
func Clip(said string, limit int) string {
	said = strings.ToValidUTF8(said, "\uFFFD")
	if len(said) <= limit {
		return said
	}
	for limit > 0 && !utf8.RuneStart(said[limit]) {
		limit--
	}
	return said[:limit]
}

// Outcome is what a sender says of one delivery.
type Outcome struct {
	Verdict  Verdict
	After    time.Duration // with Later: not before, 0 leaves it to the backoff; with Sent and Untried: the destination has no room before
	Reason   string        // with Pause and Gone: locale key of what is wrong and what to do
	Latency  time.Duration
	Status   int
	Response string
	Err      error  // nil when it was sent
	Receipt  string // what the destination calls it, such as a message id
}

// conceal takes out of what was answered, and of what went wrong, the secrets of the event that was sent: endpoints send
// back what they got, and programs fail with what they read. Neither is sealed where it is kept or logged.
func (o *Outcome) conceal(body []byte) {
	o.Response = event.Conceal(o.Response, body)
	if o.Err == nil {
		return
	}
	said := o.Err.Error()
	if kept := event.Conceal(said, body); kept != said {
		o.Err = errors.New(kept)
	}
}
