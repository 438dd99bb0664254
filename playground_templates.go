package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/locales"
	"dispatch/playground"
	"dispatch/render"
)

// maxPast is how many of the events that came in a template can be tried on.
const maxPast = 25

// stored is what the program keeps for a guild.
type stored interface {
	Templates(ctx context.Context, guildID string) ([]delivery.Template, error)
	Events(ctx context.Context, query event.Query) ([]event.Summary, error)
	History(ctx context.Context, guildID string, id event.ID) (event.History, error)
}

// templates tries out templates for the page: on the samples, and on what the guild has received.
type templates struct {
	stored
	guild string
}

// Shelf implements playground.Templates.
func (t templates) Shelf(ctx context.Context) (playground.Shelf, error) {
	saved, err := t.Templates(ctx, t.guild)
	if err != nil {
		return playground.Shelf{}, fmt.Errorf("read templates: %w", err)
	}
	events, err := t.Events(ctx, event.Query{GuildID: t.guild, Limit: maxPast})
	if err != nil {
		return playground.Shelf{}, fmt.Errorf("read events: %w", err)
	}
	shelf := playground.Shelf{Starters: starters()}
	for _, s := range saved {
		shelf.Saved = append(shelf.Saved, playground.Written{Name: s.Name, Text: string(s.Text)})
	}
	for _, e := range events {
		shelf.Events = append(shelf.Events, playground.Past{ID: e.ID.String(), Type: e.Type, Source: e.SourceName, At: e.ID.Time()})
	}
	return shelf, nil
}

// starters are render's, each with the sample that is about the same, and leaves the least of it empty.
var starters = sync.OnceValue(func() []playground.Written {
	all := render.Starters()
	written := make([]playground.Written, len(all))
	for i, s := range all {
		written[i] = playground.Written{Name: s.Name, Text: string(s.Text), Sample: fitting(s)}
	}
	return written
})

func fitting(starter render.Starter) string {
	parsed, err := render.ParseTemplate(starter.Text)
	if err != nil {
		return ""
	}
	best, lowest := "", 0
	for _, s := range samples() {
		_, notes, err := parsed.Message(event.Event{Type: s.Type, Body: s.Body}, sourceOf(s.Type), locales.For(locales.Default))
		if err != nil {
			continue
		}
		misses := len(notes)
		for word := range strings.SplitSeq(starter.Name, "-") {
			if !slices.Contains(strings.Split(s.Name, "-"), word) {
				misses += 100 // more than can be missing of a message
			}
		}
		if best == "" || misses < lowest {
			best, lowest = s.Name, misses
		}
	}
	return best
}

// Try implements playground.Templates.
func (t templates) Try(ctx context.Context, trial playground.Trial) (playground.Tried, error) {
	e, source, err := t.subject(ctx, trial)
	if err != nil {
		return playground.Tried{}, err
	}
	parsed, err := render.ParseTemplate([]byte(trial.Text))
	if err != nil {
		return playground.Tried{Fault: faultIn(err)}, nil
	}
	say := locales.For(trial.Locale)
	message, notes, err := parsed.Message(e, source, say)
	if err != nil { // then the channel gets the built-in embed
		return playground.Tried{Message: shown(render.Message{Embeds: []discord.Embed{render.Embed(e, source, say)}}), Fault: faultIn(err)}, nil
	}
	tried := playground.Tried{Message: shown(message)}
	for _, n := range notes {
		tried.Notes = append(tried.Notes, playground.Note{Field: n.Field, Kind: noted[n.Kind]})
	}
	return tried, nil
}

// subject is the event that a template is to be tried on, and the name of its source.
func (t templates) subject(ctx context.Context, trial playground.Trial) (event.Event, string, error) {
	if trial.Event == "" {
		i := slices.IndexFunc(samples(), func(s playground.Callout) bool { return s.Name == trial.Sample })
		if i < 0 {
			return event.Event{}, "", playground.ErrNoEvent
		}
		s, now := samples()[i], time.Now().UTC()
		return event.Event{ID: event.FirstID(now), Type: s.Type, Body: s.Body, ReceivedAt: now}, sourceOf(s.Type), nil
	}
	id, err := event.ParseID(trial.Event)
	if err != nil {
		return event.Event{}, "", playground.ErrNoEvent
	}
	h, err := t.History(ctx, t.guild, id)
	if fault.KindOf(err) == fault.NotFound {
		return event.Event{}, "", playground.ErrNoEvent
	}
	return h.Event, h.SourceName, err
}

// noted are the words of the page for what can become of a part of a template.
var noted = map[render.NoteKind]string{render.Empty: "empty", render.Cut: "cut", render.LeftOut: "left out"}

func faultIn(err error) *playground.Fault {
	var bad *render.TemplateError
	if !errors.As(err, &bad) {
		return &playground.Fault{Problem: err.Error()}
	}
	return &playground.Fault{Field: bad.Field, Line: bad.Line, Column: bad.Column, Piece: bad.Piece, Problem: bad.Problem}
}

// shown is the message as Discord returns it.
func shown(m render.Message) json.RawMessage {
	posted := discord.MessageCreate{Content: m.Content, Embeds: m.Embeds}
	if len(m.Buttons) > 0 {
		row := discord.ActionRowComponent{}
		for _, b := range m.Buttons {
			row.Components = append(row.Components, b)
		}
		posted.Components = []discord.LayoutComponent{row}
	}
	raw, err := json.Marshal(posted)
	if err != nil {
		panic(err) // it is made of texts and numbers
	}
	return raw
}
