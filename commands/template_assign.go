package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// What the form to assign a template with has to fill in.
const (
	sourceInput  = "source"
	channelInput = "channel"
	eventsInput  = "events"
)

// assignment is what of a source a template is to show.
type assignment struct {
	template  delivery.Template
	source    event.Source
	channelID string // "" for wherever the source leads
	events    string // a list, as it was typed; "" for all
}

func (t *templating) assign(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	source, err := anySource(ctx, t.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	return t.assignTo(ctx, by, assignment{template, source, channelOf(asked), asked.String("events")})
}

func channelOf(asked discord.SlashCommandInteractionData) string {
	if to, ok := asked.OptChannel("channel"); ok {
		return to.ID.String()
	}
	return ""
}

func (t *templating) assignTo(ctx context.Context, by asker, a assignment) (reply, error) {
	if err := mustBeConnected(a.source); err != nil {
		return reply{}, err
	}
	patterns, err := wantedTypes(a.events)
	if err != nil {
		return reply{}, err
	}
	name, source := quoted(a.template.Name, maxTemplateName), quoted(a.source.Name, maxSourceName)
	links, err := t.store.AssignTemplate(ctx, by.guild, a.template.ID, a.source.ID, a.channelID, patterns)
	switch {
	case fault.KindOf(err) == fault.NotFound && a.channelID != "":
		return reply{}, refuse("template.assign.no_link_to", "source", source, "channel", channel(a.channelID))
	case fault.KindOf(err) == fault.NotFound:
		return reply{}, refuse("template.assign.no_link", "source", source)
	case err != nil:
		return reply{}, err
	}
	where := usedBy(links)
	if a.channelID != "" {
		where = asWritten(channel(a.channelID))
	}
	if len(patterns) == 0 {
		return tell(say("template.assign.done", "name", name, "source", source, "where", where)), nil
	}
	types := inSpan(strings.Join(patterns, ", "), maxTypes)
	return tell(say("template.assign.done_some", "name", name, "source", source, "where", where, "events", types)), nil
}

func (t *templating) unassign(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	var sourceID string
	if name, given := asked.OptString("source"); given {
		source, err := anySource(ctx, t.sources, by, name)
		if err != nil {
			return reply{}, err
		}
		sourceID = source.ID
	}
	patterns, err := wantedTypes(asked.String("events"))
	if err != nil {
		return reply{}, err
	}
	links, err := t.store.UnassignTemplate(ctx, by.guild, template.ID, sourceID, channelOf(asked), patterns)
	name := quoted(template.Name, maxTemplateName)
	switch {
	case fault.KindOf(err) == fault.NotFound, err == nil && links == 0:
		return reply{}, refuse("template.unassign.nothing", "name", name)
	case err != nil:
		return reply{}, err
	}
	return tell(sayCount("template.unassign.done", links, "name", name)), nil
}

// assignButton opens a form in which source and channel are picked, as far as a form can offer all sources.
func (t *templating) assignButton(ctx context.Context, by asker, id string) (reply, error) {
	template, err := templatesOf(t.store).byID(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	sources, err := t.connected(ctx, by)
	switch {
	case err != nil:
		return reply{}, err
	case len(sources) == 0:
		return reply{}, refuse("template.assign.no_source")
	case len(sources) > maxChoices:
		return reply{}, refuse("template.assign.many_sources", "name", quoted(template.Name, maxTemplateName))
	}
	var only string
	if len(sources) == 1 {
		only = sources[0].value
	}
	return reply{form: assignForm(id, sources, only, "", "")}, nil
}

// connected are the sources that still send, as options of a form.
func (t *templating) connected(ctx context.Context, by asker) ([]offer, error) {
	known, err := t.sources.Sources(ctx, by.guild)
	if err != nil {
		return nil, err
	}
	var offers []offer
	for _, s := range known {
		if s.State != event.Disconnected {
			offers = append(offers, offer{s.Name, s.ID})
		}
	}
	return offers, nil
}

func assignForm(templateID string, sources []offer, source, channelID, events string) *form {
	return &form{id: "/template/assign/" + templateID, title: say("template.form.assign"), inputs: []input{
		{id: sourceInput, label: say("template.form.source"), value: source, required: true, options: sources},
		{id: channelInput, label: say("template.form.channel"), hint: say("template.form.channel_hint"), value: channelID, channels: routable()},
		{id: eventsInput, label: say("template.form.events"), hint: say("template.form.events_hint"), value: events, max: maxTypes},
	}}
}

// assignAgain is the form as it was filled in. When the sources cannot be read now, there is at least the one that was
// chosen.
func (t *templating) assignAgain(ctx context.Context, by asker, id string, in filled) *form {
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	sources, err := t.connected(ctx, by)
	if chosen := in.text(sourceInput); err != nil || len(sources) == 0 || len(sources) > maxChoices {
		sources = []offer{{chosen, chosen}}
	}
	return assignForm(id, sources, in.text(sourceInput), in.text(channelInput), in.text(eventsInput))
}

func (t *templating) assignFilled(ctx context.Context, by asker, id string, in filled) (reply, error) {
	template, err := templatesOf(t.store).byID(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	source, err := t.sources.SourceByID(ctx, by.guild, in.text(sourceInput))
	if err != nil {
		return reply{}, err
	}
	return t.assignTo(ctx, by, assignment{template, source, in.text(channelInput), in.text(eventsInput)})
}

func (t *templating) suggestEvents(ctx context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return suggestTypes(ctx, t.store, by.guild, asked.String("source"), asked.String("events")), nil
}
