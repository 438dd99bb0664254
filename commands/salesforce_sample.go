package commands

import (
	"context"
	"fmt"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
)

// Tester takes an event through the whole pipeline and tells what became of it.
type Tester interface {
	Accept(ctx context.Context, events []event.Event) ([]event.ID, error)
	// Results has one for each delivery: its state now and its last attempt.
	Results(ctx context.Context, id event.ID) ([]delivery.Result, error)
}

const (
	longestTest = 10 * time.Second
	lookEvery   = 200 * time.Millisecond
	maxFindings = 5 // destinations that one message has room for
)

type sampling struct {
	now     func() time.Time
	sources Sources
	routes  Routes
	tester  Tester
}

func (s *sampling) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	eventType, given := asked.OptString("event")
	if !given {
		eventType = defaultSample
	}
	sample, ok := salesforce.SampleOf(eventType)
	if !ok {
		return reply{}, refuse("salesforce.test.no_sample", "type", quoted(eventType, event.MaxType))
	}
	source, err := connectedSource(ctx, s.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	if source.State != event.Active {
		return reply{}, refuse("salesforce.test.paused", "name", quoted(source.Name, maxSourceName))
	}
	ids, err := s.tester.Accept(ctx, []event.Event{{
		SourceID: source.ID, Type: sample.Type, ReceivedAt: s.now().UTC(), Body: sample.Body,
	}})
	if err != nil {
		return reply{}, err
	}
	found, err := s.settled(ctx, source.ID, ids[0])
	if err != nil {
		return reply{}, err
	}
	r := tell(say("salesforce.test.sent", "type", quoted(sample.Type, event.MaxType), "name", quoted(source.Name, maxSourceName)))
	for _, f := range found[:min(len(found), maxFindings)] {
		r.lines = append(r.lines, f.tell(by.guild))
	}
	return r, nil
}

// finding is what became of the sample at one destination.
type finding struct {
	to     delivery.Destination
	result delivery.Result
}

// settled waits until there is something to say of every delivery, or for so long that this is worth saying.
func (s *sampling) settled(ctx context.Context, sourceID string, id event.ID) ([]finding, error) {
	enough := time.NewTimer(longestTest)
	defer enough.Stop()
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		found, err := s.find(ctx, sourceID, id)
		if err != nil || allSettled(found) {
			return found, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-enough.C:
			return found, nil
		case <-again.C:
		}
	}
}

func allSettled(found []finding) bool {
	for _, f := range found {
		if f.result.State == delivery.Pending && f.result.Error == "" && f.to.Paused == "" {
			return false
		}
	}
	return true
}

func (s *sampling) find(ctx context.Context, sourceID string, id event.ID) ([]finding, error) {
	results, err := s.tester.Results(ctx, id)
	if err != nil {
		return nil, err
	}
	links, err := s.routes.Links(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	destinations, err := s.routes.Destinations(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]delivery.Destination, len(destinations))
	for _, d := range destinations {
		byID[d.ID] = d
	}
	byLink := make(map[string]delivery.Destination, len(links))
	for _, l := range links {
		byLink[l.ID] = byID[l.DestinationID]
	}
	found := make([]finding, len(results))
	for i, r := range results {
		found[i] = finding{to: byLink[r.LinkID], result: r}
	}
	return found, nil
}

func (f finding) tell(guildID string) text {
	r := f.result
	switch {
	case r.State == delivery.Filtered:
		return say("salesforce.test.filtered")
	case r.State == delivery.Delivered && r.Receipt != "" && f.to.Kind == delivery.KindChannel:
		return say("salesforce.test.posted", "channel", nameOf(f.to), "message",
			fmt.Sprintf("https://discord.com/channels/%s/%s/%s", guildID, f.to.ChannelID, r.Receipt))
	case r.State == delivery.Delivered:
		return say("salesforce.test.delivered", "channel", nameOf(f.to))
	case r.State == delivery.Abandoned:
		return say("salesforce.test.abandoned", "channel", nameOf(f.to), "reason", reasonOf(f.to.Kind, r.Status, r.Error))
	case f.to.Paused != "":
		return say("salesforce.test.on_hold", "channel", nameOf(f.to), "reason", say(f.to.Paused))
	case r.Error != "":
		return say("salesforce.test.trying_again", "channel", nameOf(f.to), "reason", reasonOf(f.to.Kind, r.Status, r.Error))
	}
	return say("salesforce.test.waiting", "channel", nameOf(f.to))
}

func suggestEvents(_ context.Context, _ asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return matching(plain(salesforce.Catalogue()...), asked.String("event")), nil
}
