package commands

import (
	"time"

	"dispatch/delivery"
	"dispatch/event"
)

// Colours of a card, by how things are.
const (
	colourFine    = 0x57F287
	colourWaiting = 0x5865F2
	colourTrouble = 0xED4245
	colourOff     = 0x95A5A6
)

// late is how long a delivery may wait before it is worth a word.
const late = 5 * time.Minute

// health is how a source is doing: the one sentence that an admin looks for.
type health struct {
	verdict text
	colour  int
}

// healthOf says the first thing that stands in the way of events, else what there is to wait for, else that
// all is well.
func healthOf(s event.Source, a delivery.Activity, now time.Time) health {
	switch {
	case s.State == event.Disconnected:
		return health{say("salesforce.health.disconnected"), colourOff}
	case s.State == event.Paused:
		return health{say("salesforce.health.paused"), colourOff}
	case len(a.Paused) > 0:
		return health{say("salesforce.health.stopped", "channels", places(a.Paused)), colourTrouble}
	case s.Auth == event.AuthSecret && !hasSecret(s, now):
		return health{say("salesforce.health.no_secret"), colourWaiting}
	case a.Day.Abandoned > 0:
		return health{sayCount("salesforce.health.losing", a.Day.Abandoned), colourTrouble}
	case a.Waiting > 0 && now.Sub(a.Oldest) > late:
		return health{say("salesforce.health.behind", "time", ago(a.Oldest)), colourTrouble}
	case a.LastAt.IsZero():
		return health{say("salesforce.health.waiting"), colourWaiting}
	}
	return health{say("salesforce.health.working"), colourFine}
}
