// Package delivery is the outbox: which links match an event, what is due, and what an attempt's outcome
// means for the next. It knows neither SQL nor Discord: storage keeps its books, senders do its errands.
//
// The path of an event is Inbox → Log (committed) → Worker → Sender → Queue (marked).
package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"dispatch/event"
)

// Kind is the kind of a destination; each has a Sender of its own.
type Kind string

// The kinds of destination.
const (
	KindChannel    Kind = "channel"    // a Discord channel
	KindWebhook    Kind = "webhook"    // an HTTP POST
	KindSalesforce Kind = "salesforce" // a REST call
)

// Destination is where events go.
type Destination struct {
	ID        string // UUIDv7
	GuildID   string // Discord snowflake
	Kind      Kind
	Name      string
	ChannelID string    // of a channel: Discord snowflake
	Endpoint  *Endpoint // of a webhook; nil for others
	TargetID  string    // of a target; "" for others
	Locale    string    // the guild's language for what is shown there, such as en-US
	Currency  string    // of amounts that do not name theirs: ISO 4217; "" for the default
	Zone      string    // in which times are told there: IANA, such as Europe/Berlin; "" for UTC
	Paused    string    // why nothing is sent there; "" when it is active
}

// PausedByAdmin is why a destination is paused that somebody has asked to pause.
const PausedByAdmin = "pause.by_admin"

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	Filtered  State = "filtered"
	Abandoned State = "abandoned"
)

// Route is the way a link gives to one event.
type Route struct {
	LinkID        string
	DestinationID string
}

// Entry is an event with its routes, to be written together. One without routes is filtered.
type Entry struct {
	Event   event.Event
	Routes  []Route   // at most one for each destination
	Refused []Refusal // what is to be told of the links that did not take it
}

// Delivery is one event on its way to one destination.
type Delivery struct {
	Event      event.Event
	LinkID     string
	SourceName string
	Attempts   int // made so far; fences a late worker
	Replayed   int // of those, made before it was replayed last; 0 when it never was
}

// Batch is what one destination has due, oldest first. Deliveries is empty when it has nothing to send now.
//
// What was given in one batch is given in one batch again, without company, until none of it is pending: some of
// it may have been sent together although nobody wrote that down, and only the same message is known for the same.
type Batch struct {
	Destination Destination
	Deliveries  []Delivery
	More        bool      // something else may be pending behind these
	Failures    int       // attempts that failed since the last that did not
	Failing     time.Time // since when nothing but failures came back; zero while none does
	DueAt       time.Time // when to ask again; zero when nothing is pending or it is paused
	Open        bool      // what is new need not wait until then
}

// Result is what one attempt did to one delivery.
type Result struct {
	EventID  event.ID
	SourceID string
	LinkID   string
	Attempt  int       // 1 for the first; the delivery's Attempts must still be one less
	State    State     // Pending when it will be tried again
	DueAt    time.Time // of that try, where it holds up nobody; zero: with its queue
	At       time.Time
	Latency  time.Duration
	Status   int    // the answer's HTTP status, 0 when there was none
	Response string // the first 2 KB of the answer
	Error    string // "" when it was delivered
	Receipt  string // what the destination calls it: a message id; "" when unknown
}

// Done says whether the progress leaves nothing of the batch, nor of the queue, as far as the batch knew.
func (b Batch) Done(p Progress) bool {
	if b.More || p.Pause != "" || len(p.Results) < len(b.Deliveries) {
		return false
	}
	return !slices.ContainsFunc(p.Results, func(r Result) bool { return r.State == Pending })
}

// Progress is what a turn did to a destination's queue.
type Progress struct {
	DestinationID string
	Results       []Result  // in the order of the batch; the rest of it was not tried
	Failures      int       // attempts that failed since the last that did not
	DueAt         time.Time // not before then; zero: at once
	Pause         string    // locale key of why the destination is paused; "" when it is not
	Ahead         int       // how many the worker claims next, at once; 0: it does not
}

// Alert is a destination that was paused, with the place where its guild wants to hear of it.
type Alert struct {
	Destination
	PausedAt time.Time
	Channel  string // Discord snowflake of the guild's alerts channel; "" when it has none
}

// Lease is the right of one worker to send to a destination for a while.
type Lease struct {
	Owner string // the process; a process takes back its own
	Now   time.Time
	Until time.Time // it lapses then, unless it is renewed
}

// ErrStale is that routes lead to a destination which is gone, or from a source which is.
var ErrStale = errors.New("the routes are out of date")

// Log is where events and their deliveries are written, together or not at all.
type Log interface {
	// Append returns the ids in the order of the entries once they are on disk. It fails, and nothing is
	// written, with *event.DuplicateError when an idempotency key was accepted before, with ErrStale when
	// the routes are to be found again, and with fault.Unavailable when nothing can be stored now.
	Append(ctx context.Context, entries []Entry) ([]event.ID, error)
}

// Links knows the links of a source, and how it is called.
type Links interface {
	// Links gives them in the order in which they are asked.
	Links(ctx context.Context, sourceID string) ([]Link, error)
	SourceName(ctx context.Context, sourceID string) (string, error)
}

// Queue is what is pending, by destination and in the order of acceptance.
type Queue interface {
	// Waiting tells which destinations have pending deliveries and from when on they are due (the zero
	// time: at once). Paused ones are not among them.
	Waiting(ctx context.Context) (map[string]time.Time, error)
	// Claim leases the destination and returns at most limit of its due deliveries. The batch has none
	// when nothing is due, the destination is paused, or another worker holds its lease; DueAt then says
	// when there may be some.
	Claim(ctx context.Context, destinationID string, lease Lease, limit int) (Batch, error)
	// Finish writes down what was done. A result whose attempt is not the delivery's next is dropped:
	// somebody else was faster.
	Finish(ctx context.Context, progress Progress) error
	// Release gives back every lease of the owner.
	Release(ctx context.Context, owner string) error
}

// Archive is what was accepted, for those who want it sent again.
type Archive interface {
	// Replayable gives at most limit of the selected events behind an id, in the order of acceptance. It
	// fails with fault.NotFound when the selection names one event that the guild does not have.
	Replayable(ctx context.Context, which Selection, after event.ID, limit int) ([]event.Event, error)
	// Requeue makes deliveries of the entries, whose events are stored, and counts them. A delivery that is
	// pending stays as it is and does not count; with missing, neither does one that was delivered. It fails
	// with ErrStale, and makes none, when the routes are to be found again.
	Requeue(ctx context.Context, entries []Entry, missing bool) (int, error)
}

// Selection names the events of a guild to be sent again: one, or those of a source.
type Selection struct {
	GuildID   string
	EventID   event.ID  // that one and no other, when it is not 0
	SourceID  string    // else those of this source
	Since     time.Time // accepted at that time or later; zero: all
	Abandoned bool      // only with a delivery that was abandoned
}

// Sender takes a batch of due deliveries to their destination, in order.
type Sender interface {
	// Send answers with one outcome for each delivery of the batch. It stops at the first that holds up
	// those behind it; their outcomes are Untried. When ctx ends it begins no further attempt, but
	// finishes those in flight within their own time-out.
	Send(ctx context.Context, batch Batch) []Outcome
}
