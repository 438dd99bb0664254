package commands

import (
	"context"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
)

type resuming struct {
	sources      Sources
	routes       Routes
	destinations Destinations
}

// offerResume is the button for a source that cannot send everywhere it should.
func offerResume(s event.Source, paused []delivery.Destination) []button {
	if len(paused) == 0 {
		return nil
	}
	return []button{{label: say("button.resume"), style: discord.ButtonStylePrimary, id: "/salesforce/resume/" + s.ID}}
}

// button resumes all the destinations of the source that are paused.
func (r *resuming) button(ctx context.Context, by asker, id string) (reply, error) {
	source, err := r.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	destinations, err := r.routes.Destinations(ctx, source.ID)
	if err != nil {
		return reply{}, err
	}
	said := say("salesforce.resume.nothing")
	for _, d := range destinations {
		if d.Paused == "" {
			continue
		}
		if err := r.destinations.Resume(ctx, by.guild, d.ID); err != nil {
			return reply{}, err
		}
		said = say("salesforce.resume.done")
	}
	return tell(said), nil
}
