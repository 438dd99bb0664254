package delivery

import (
	"time"

	"dispatch/event"
)

// Link leads a source's events to a destination.
type Link struct {
	ID            string // UUIDv7
	SourceID      string
	DestinationID string
	Events        []string // event type patterns; empty takes all
	Filter        string   // an expression that must hold; "" takes all
	TemplateID    string   // how a channel shows it; "" for the built-in embed
	TransformID   string   // what reshapes the payload; "" for none
	Assigned      bool     // made for a template and some event types: it goes when that template does
}

// LinkInfo is a link with the names of what it ties together.
type LinkInfo struct {
	Link
	SourceName    string
	Destination   Destination
	TemplateName  string   // "" without
	TransformName string   // "" without
	Failing       *Failing // of its filter; nil when it never failed
}

// Template is how an event becomes a Discord message, when the built-in embed is not wanted.
type Template struct {
	ID        string // UUIDv7
	GuildID   string // Discord snowflake
	Name      string
	Text      []byte // JSON, as it was written
	Version   int    // 1 for the first, one more after each change
	UpdatedAt time.Time
	Failing   *Failing // nil when this version never failed
}

// Transform is a jq program that reshapes payloads.
type Transform struct {
	ID        string // UUIDv7
	GuildID   string // Discord snowflake
	Name      string
	Program   string
	Version   int // 1 for the first, one more after each change
	UpdatedAt time.Time
}

// Look is what a link does to an event on its way.
type Look struct {
	Template  *Template  // nil for the built-in embed
	Transform *Transform // nil for none
}

// Failing is the last time that a template or filter failed on an event.
type Failing struct {
	EventID event.ID
	At      time.Time
	Error   string
}

// Why a link did not take an event.
const (
	RefusedByType   = "type"   // its event types
	RefusedByFilter = "filter" // its filter
)

// Refusal says that a link did not take an event.
type Refusal struct {
	LinkID string
	Reason string // one of the above
	Detail string // the patterns or the filter, as they were then
}

// RefusedLink is a refusal with the destination that the event did not go to.
type RefusedLink struct {
	Refusal
	Destination Destination // its ID is "" when it is gone
}
