package playground

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Templates is where the program's templates are tried out. Its methods may be called from several goroutines.
type Templates interface {
	// Shelf is what a template can begin with, and what it can be tried on besides the host's samples.
	Shelf(ctx context.Context) (Shelf, error)
	// Try shows an event as a template makes it. It fails with ErrNoEvent when there is no such event.
	Try(ctx context.Context, t Trial) (Tried, error)
}

// ErrNoEvent says that a program knows no event or sample of that name.
var ErrNoEvent = errors.New("there is no such event")

// Shelf is what is at hand for a template.
type Shelf struct {
	Starters []Written `json:"starters"`
	Saved    []Written `json:"saved"`  // By the guild, by name.
	Events   []Past    `json:"events"` // The newest first.
}

// Written is a template as it was written.
type Written struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Sample string `json:"sample,omitempty"` // Of the host's samples the one that it fits best, "" when unknown.
}

// Past is an event that came in.
type Past struct {
	ID     string    `json:"id"`
	Type   string    `json:"type"`
	Source string    `json:"source"`
	At     time.Time `json:"at"`
}

// Trial is a template with what it is tried on.
type Trial struct {
	Text   string `json:"text"`
	Event  string `json:"event"`  // The id of one that came in, "" for a sample.
	Sample string `json:"sample"` // The name of one of the host's.
	Locale string `json:"locale"`
}

// Tried is what became of a template.
type Tried struct {
	Message json.RawMessage `json:"message"` // As Discord's API returns it: content, embeds, components. Null when there is none.
	Notes   []Note          `json:"notes"`
	Fault   *Fault          `json:"fault"` // Nil when there is nothing wrong.
}

// Note tells that a part of a template is not shown as it was written.
type Note struct {
	Field string `json:"field"` // Such as "fields[0].value".
	Kind  string `json:"kind"`  // "empty", "cut" or "left out".
}

// Fault is what is wrong with a template, and where: 0 and "" where there is no place to point at.
type Fault struct {
	Field   string `json:"field"`
	Line    int    `json:"line"`   // From 1.
	Column  int    `json:"column"` // In characters, from 1.
	Piece   string `json:"piece"`  // The offending one.
	Problem string `json:"problem"`
}

// SetTemplates lets the page try out a program's templates.
func (d *Discord) SetTemplates(t Templates) {
	d.mu.Lock()
	d.templates = t
	d.mu.Unlock()
	d.HostChanged()
}

// trying returns where templates are tried out, whose methods are called without the lock.
func (d *Discord) trying() (Templates, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.templates == nil {
		return nil, &pageError{http.StatusNotFound, "No program that has templates has come with this Discord."}
	}
	return d.templates, nil
}

func (d *Discord) pageShelf(r *http.Request) (any, error) {
	templates, err := d.trying()
	if err != nil {
		return nil, err
	}
	shelf, err := templates.Shelf(r.Context())
	if err != nil {
		return nil, &pageError{http.StatusBadGateway, sentence(err)}
	}
	shelf.Starters = append([]Written{}, shelf.Starters...)
	shelf.Saved = append([]Written{}, shelf.Saved...)
	shelf.Events = append([]Past{}, shelf.Events...)
	return shelf, nil
}

func (d *Discord) pageTry(ctx context.Context, in Trial) (any, error) {
	templates, err := d.trying()
	if err != nil {
		return nil, err
	}
	if in.Locale, err = pageLocale(in.Locale); err != nil {
		return nil, err
	}
	tried, err := templates.Try(ctx, in)
	switch {
	case errors.Is(err, ErrNoEvent):
		return nil, &pageError{http.StatusNotFound, "This event is no longer there."}
	case err != nil:
		return nil, &pageError{http.StatusBadGateway, sentence(err)}
	}
	tried.Notes = append([]Note{}, tried.Notes...)
	return tried, nil
}
