package playground

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// Host is the program that the page can play with besides Discord itself. Its methods may be called from
// several goroutines.
type Host interface {
	// Sources are the names of those that callouts can be sent to.
	Sources() []string
	// Samples are callouts to begin with, in the order to show them in.
	Samples() []Callout
	// Send signs a callout as the source's org would, and sends it unless dry. It fails with ErrNoSource
	// when the host cannot sign for a source of that name.
	Send(ctx context.Context, source string, c Callout, dry bool) (Answer, error)
	// Gallery draws the samples in a language.
	Gallery(locale string) []Drawn
}

// ErrNoSource says that a host knows no source of that name.
var ErrNoSource = errors.New("there is no such source")

// Callout is what an org sends when something has happened.
type Callout struct {
	Name string          `json:"name"` // Of a sample, such as "opportunity-won".
	Type string          `json:"type"` // Such as "Opportunity.updated". Empty leaves it to the body.
	Body json.RawMessage `json:"body"` // Of a sample it is an object; what is sent may be anything.
}

// Answer is what became of a callout.
type Answer struct {
	Status int    `json:"status"` // Zero when nothing was sent.
	Body   string `json:"answer"`
	Curl   string `json:"curl"` // A line for a shell that sends the same.
}

// Drawn is an event as the program shows it.
type Drawn struct {
	Type  string          `json:"type"`
	Name  string          `json:"name"`
	Embed json.RawMessage `json:"embed"` // As Discord's API takes it.
}

// hosting is what the page knows of the host.
type hosting struct {
	host    Host // Nil while there is none.
	locales []string
}

// SetHost lets the page play with a program, which speaks the languages.
func (d *Discord) SetHost(h Host, locales ...string) {
	d.mu.Lock()
	d.hosting = hosting{h, locales}
	d.mu.Unlock()
	d.HostChanged()
}

// HostChanged tells the pages that the host's sources are not the ones they were.
func (d *Discord) HostChanged() {
	playing, err := d.playing()
	if err != nil {
		return // There is nothing to tell about.
	}
	sources := append([]string{}, playing.host.Sources()...)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.page.publish("host", map[string]any{"sources": sources})
	d.touch()
}

// playing returns the host, whose methods are called without the lock.
func (d *Discord) playing() (hosting, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hosting.host == nil {
		return hosting{}, &pageError{http.StatusNotFound, "No program has come with this Discord."}
	}
	return d.hosting, nil
}

// summary is what the page's state says of the host, nil when there is none.
func (p hosting) summary() any {
	if p.host == nil {
		return nil
	}
	return map[string]any{
		"sources": append([]string{}, p.host.Sources()...),
		"samples": append([]Callout{}, p.host.Samples()...),
		"locales": append([]string{}, p.locales...),
	}
}

// pageCallout is a callout as a person has written it.
type pageCallout struct {
	Source string `json:"source"`
	Type   string `json:"type"`
	Body   string `json:"body"` // Byte for byte what is sent, also when it is no JSON.
}

func (d *Discord) pageSend(ctx context.Context, in pageCallout) (any, error) {
	return d.sendCallout(ctx, in, false)
}

func (d *Discord) pageCurl(ctx context.Context, in pageCallout) (any, error) {
	made, err := d.sendCallout(ctx, in, true)
	return map[string]any{"curl": made.Curl}, err
}

func (d *Discord) sendCallout(ctx context.Context, in pageCallout, dry bool) (Answer, error) {
	playing, err := d.playing()
	switch {
	case err != nil:
		return Answer{}, err
	case strings.ContainsFunc(in.Type, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return Answer{}, &pageError{http.StatusBadRequest, "An event type goes on one line."}
	}
	made, err := playing.host.Send(ctx, in.Source, Callout{Type: in.Type, Body: []byte(in.Body)}, dry)
	switch {
	case errors.Is(err, ErrNoSource):
		return Answer{}, &pageError{http.StatusNotFound, "There is no source of that name whose secret is known here."}
	case err != nil:
		return Answer{}, &pageError{http.StatusBadGateway, sentence(err)}
	}
	return made, nil
}

func (d *Discord) pageGallery(r *http.Request) (any, error) {
	playing, err := d.playing()
	if err != nil {
		return nil, err
	}
	locale, err := pageLocale(r.FormValue("locale"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"embeds": append([]Drawn{}, playing.host.Gallery(locale)...)}, nil
}
