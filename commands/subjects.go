package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/locales"
	"dispatch/salesforce"
)

const (
	maxTried       = 3  // links whose events are looked at for one to show
	maxRecent      = 50 // events of each
	maxStoredFirst = 12 // stored events before the samples in a list of suggestions
	sampleSource   = "Salesforce"
)

// subjects finds events to try something on before it is used.
type subjects struct {
	now     func() time.Time
	sources Sources
	events  Events
}

// subject is one of them.
type subject struct {
	event  event.Event
	source string // name
	sample bool
}

// subjectNamed is the sample or the stored event that the asker named. What looks like a type is a sample: no id has a
// dot or a dash where types and samples have theirs.
func (s subjects) subjectNamed(ctx context.Context, by asker, typed string) (subject, error) {
	typed = strings.TrimSpace(typed)
	if sample, ok := sampleNamed(typed); ok {
		return s.sampled(ctx, by, sample), nil
	}
	id, err := wantedID(typed)
	if err != nil {
		return subject{}, refuse("template.preview.unknown", "event", quoted(typed, event.MaxType))
	}
	h, err := s.events.History(ctx, by.guild, id)
	if fault.KindOf(err) == fault.NotFound {
		return subject{}, unknownEvent(typed)
	}
	return subject{event: h.Event, source: h.SourceName}, err
}

// sampleNamed is a sample by its own name, such as opportunity-lost, or by its type.
func sampleNamed(typed string) (salesforce.Sample, bool) {
	all := salesforce.Samples()
	i := slices.IndexFunc(all, func(s salesforce.Sample) bool { return strings.EqualFold(s.Name, typed) })
	if i >= 0 {
		return all[i], true
	}
	return salesforce.SampleOf(typed)
}

// sampled is the sample as if one of the guild's sources had sent it now.
func (s subjects) sampled(ctx context.Context, by asker, sample salesforce.Sample) subject {
	name := sampleSource
	if known, err := s.sources.Sources(ctx, by.guild); err == nil && len(known) > 0 {
		name = known[0].Name
	}
	now := s.now().UTC()
	return subject{
		event:  event.Event{ID: event.FirstID(now), Type: sample.Type, ReceivedAt: now, Body: sample.Body},
		source: name,
		sample: true,
	}
}

// newest is the last event that the link took. That it cannot be read is no reason to show nothing.
func (s subjects) newest(ctx context.Context, by asker, link delivery.LinkInfo) (subject, bool) {
	recent, err := s.events.Events(ctx, event.Query{GuildID: by.guild, SourceID: link.SourceID, Limit: maxRecent})
	if err != nil {
		return subject{}, false
	}
	i := slices.IndexFunc(recent, func(e event.Summary) bool { return link.Takes(e.Type) })
	if i < 0 {
		return subject{}, false
	}
	h, err := s.events.History(ctx, by.guild, recent[i].ID)
	return subject{event: h.Event, source: h.SourceName}, err == nil
}

// suggestSubjects offers the newest events and every sample.
func (s subjects) suggestSubjects(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	found, err := s.events.Events(ctx, event.Query{GuildID: by.guild, Limit: maxLookedFor})
	if err != nil {
		return nil, err
	}
	speak, typed := locales.For(string(by.interaction.Locale())), asked.String("event")
	var stored, samples []offer
	for _, e := range found {
		name := say("template.preview.stored", "type", clip(e.Type, maxShownType), "time", elapsed(e.ID.Time(), s.now()), "id", short(e.ID))
		stored = append(stored, offer{name.in(speak), e.ID.String()})
	}
	for _, named := range salesforce.Samples() {
		samples = append(samples, offer{say("template.preview.sample_named", "type", named.Type, "name", named.Name).in(speak), named.Name})
	}
	for _, eventType := range salesforce.Catalogue() {
		if slices.ContainsFunc(salesforce.Samples(), func(s salesforce.Sample) bool { return s.Type == eventType }) {
			continue
		}
		samples = append(samples, offer{say("template.preview.sample", "type", eventType).in(speak), eventType})
	}
	stored, samples = matching(stored, typed), matching(samples, typed)
	first := min(len(stored), max(maxStoredFirst, maxChoices-len(samples)))
	return slices.Concat(stored[:first], samples, stored[first:]), nil
}
