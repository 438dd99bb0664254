package event

import "time"

// History is an event with what became of it.
type History struct {
	Event
	SourceName string
	Deliveries []Trace // in the order in which the destinations were made; none when no link took it
}

// Trace is what became of an event at one destination. Its State is one of those of a delivery.
type Trace struct {
	DestinationID string
	Kind          string // of the destination; "" when that is gone
	Name          string
	ChannelID     string // of a channel, else ""
	State         string
	At            time.Time // when it ended; zero while it is pending
	DueAt         time.Time // of the next try; zero when there is none, or at once
	Paused        string    // locale key of why the destination is paused; "" when it is not
	Receipt       string    // what the destination calls it: a message id; "" when unknown
	Attempts      []Attempt // oldest first
}

// Attempt is one try.
type Attempt struct {
	Number   int // 1 for the first
	At       time.Time
	Latency  time.Duration
	Status   int    // the answer's HTTP status, 0 when there was none
	Response string // the first 2 KB of the answer
	Error    string // "" when it was delivered
}

// Query asks for events of a guild, newest first.
type Query struct {
	GuildID  string
	SourceID string // "": of every source of the guild
	State    string // of at least one delivery, or "" for any
	Before   ID     // older than this; 0: from the newest on
	After    ID     // newer than this, the oldest of them; wins over Before when it is not 0
	Limit    int
}

// Summary is an event in a list.
type Summary struct {
	ID         ID
	Type       string
	SourceName string
	State      string // the one that asks most for attention: abandoned, pending, delivered, filtered
	Deliveries int
}
