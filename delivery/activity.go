package delivery

import (
	"time"

	"dispatch/event"
)

// Activity is how a source has been doing: what an admin wants to see at a glance.
type Activity struct {
	LastType    string // of the last event; "" when there was none
	LastAt      time.Time
	Day         Counts // of the last 24 hours
	Waiting     int    // pending deliveries to its destinations, counted up to WaitingMax
	Oldest      time.Time
	LastFailure *Failure // nil when nothing failed within the retention
	Paused      []Destination
}

// WaitingMax is where counting what waits ends.
const WaitingMax = 10_000

// Counts are how many events came and what became of their deliveries.
type Counts struct {
	Accepted, Delivered, Filtered, Abandoned int
}

// Failure is an attempt that failed.
type Failure struct {
	EventID   event.ID
	Type      string
	At        time.Time
	Attempt   int
	Status    int
	Error     string
	Kind      Kind // of the destination; "" when that is gone
	Name      string
	ChannelID string    // of a channel
	State     State     // of the delivery now
	DueAt     time.Time // of the next try; zero when there is none
}
