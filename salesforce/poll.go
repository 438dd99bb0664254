package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"dispatch/event"
)

// MaxPollObjects is how many objects are polled on behalf of one source.
const MaxPollObjects = 25

var (
	// ErrNotAuthorized is for a source that was never let into an org, and is to be polled by its own access.
	ErrNotAuthorized = errors.New("the source was not authorized")
	// ErrNotPolled is for a source that is not polled.
	ErrNotPolled = errors.New("the source is not polled")
	// ErrTooOften is for a poll that would come round too soon.
	ErrTooOften = errors.New("that is too often")
	// ErrNothing is for a poll without objects.
	ErrNothing = errors.New("there is nothing to poll")
)

// Poll is what is asked of an org again and again on behalf of a source.
type Poll struct {
	SourceID, GuildID string
	TargetID          string        // whose credentials; "": the source's own connection
	Objects           []string      // API names as the org or the asker spells them
	Every             time.Duration // from one round to the next
	StartedAt         time.Time     // filled in by the store, UTC
}

// Polled is a poll as it is stored, with all that it takes to go on with it.
type Polled struct {
	Poll
	Version string        // another one after each change of what is polled, given by the store
	Place   string        // the org that the marks and copies are of, as Place of PollAccess; "" when there are none yet
	Access  PollAccess    // as it is now
	Active  bool          // its source takes events, and its guild has not sent us away
	Marks   []Mark        // of the objects, in their order
	Pending []event.Event // found, and not accepted yet
}

// PollAccess is whose credentials a poll goes by.
type PollAccess struct {
	Target *event.Target // nil: the source's own connection
	OrgID  string        // of the source's connection; "" when it has none
	Lost   bool          // somebody has to authorize the source again
}

// Place names the org that the access leads into; "" when it leads nowhere.
func (a PollAccess) Place() string {
	if a.Target != nil {
		return "target " + a.Target.ID
	}
	return a.OrgID
}

// trouble is why there is no use in calling the org.
func (a PollAccess) trouble() error {
	switch {
	case a.Target != nil:
		return nil
	case a.OrgID == "":
		return ErrNotAuthorized
	case a.Lost:
		return ErrLost
	}
	return nil
}

// Mark is how far an object was read. Until and Since are by the org's clock, the rest by ours.
type Mark struct {
	Object    string
	Based     bool      // it has a baseline; else nothing else of the mark counts
	Until     time.Time // what changed before then was seen, but for late commits
	Since     time.Time // Until at the end of the last complete round; after the baseline, later by the overlap
	PolledAt  time.Time // when that was
	ChangedAt time.Time // when a change was found last; zero: none so far
}

// Seen is a record as it was read last.
type Seen struct {
	ID      string
	Stamp   time.Time // its SystemModstamp
	Deleted bool
	Copy    json.RawMessage // as the org answered
}

// PollStep is what is to be written down together, or not at all.
type PollStep struct {
	SourceID, Version string
	Mark              Mark
	Anew              bool // what was seen of the object before is forgotten
	Seen              []Seen
	Keep              Keep
	Pending           []event.Event
}

// Keep is which records are kept at the end of a round; nothing is forgotten by the zero value.
type Keep struct {
	Newest int       // at least so many, those that changed last
	From   time.Time // and all that changed then or later
}

// Polls keeps what is polled.
type Polls interface {
	// SavePoll begins a poll, or changes it: marks of objects that are not polled any more are dropped, and all of them when
	// the place is another. It fails with ErrGone when there is no such source, or no such target.
	SavePoll(ctx context.Context, p Poll, place string) error
	// StopPoll fails with ErrNotPolled.
	StopPoll(ctx context.Context, guildID, sourceID string) error
	// Polling are the ids of the sources that are polled.
	Polling(ctx context.Context) ([]string, error)
	// Polled fails with ErrNotPolled.
	Polled(ctx context.Context, sourceID string) (Polled, error)
}

// PollBooks keeps how far polls are. Where a method is given the version of a poll that is not there any more, or not as it was,
// it fails with ErrNotPolled and changes nothing.
type PollBooks interface {
	// SeenRecords are those of the records that were seen before, by id.
	SeenRecords(ctx context.Context, sourceID, object string, ids []string) (map[string]Seen, error)
	SavePollStep(ctx context.Context, s PollStep) error
	// PollAccepted forgets what was pending.
	PollAccepted(ctx context.Context, sourceID, version string) error
}

// PollPlaces keeps where polls look.
type PollPlaces interface {
	// PollAccess is how an org would be polled: by the guild's target, or by the source's own connection. It fails with ErrGone
	// when there is no such target.
	PollAccess(ctx context.Context, guildID, sourceID, targetID string) (PollAccess, error)
	// MovePoll has a poll go on at another place, where nothing was seen yet. It fails with ErrNotPolled when the poll is not
	// the one of the version any more.
	MovePoll(ctx context.Context, sourceID, version, place string) error
}

// PollStore is all of them.
type PollStore interface {
	Polls
	PollBooks
	PollPlaces
}
