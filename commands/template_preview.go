package commands

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
	"dispatch/salesforce"
)

const (
	maxNoted = 12  // fields that a note names
	maxFault = 300 // characters of why a template failed

	wellEnough    = 2                      // parts that a sample leaves empty
	longestSearch = 300 * time.Millisecond // for one that fits
)

func (t *templating) preview(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	typed, given := asked.OptString("event")
	if !given {
		return t.lookAtOne(ctx, by, template)
	}
	on, err := t.subjectNamed(ctx, by, typed)
	if err != nil {
		return reply{}, err
	}
	parsed, err := render.ParseTemplate(template.Text)
	if err != nil {
		return t.failing(ctx, by, template, on, err), nil
	}
	return t.look(ctx, by, template, parsed, on), nil
}

func (t *templating) previewButton(ctx context.Context, by asker, id string) (reply, error) {
	template, err := templatesOf(t.store).byID(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	return t.lookAtOne(ctx, by, template)
}

// lookAtOne picks the event.
func (t *templating) lookAtOne(ctx context.Context, by asker, template delivery.Template) (reply, error) {
	uses, err := t.usesOf(ctx, template)
	if err != nil {
		return reply{}, err
	}
	parsed, err := render.ParseTemplate(template.Text)
	if err != nil {
		return t.failing(ctx, by, template, t.fitting(ctx, by, uses, nil), err), nil
	}
	return t.look(ctx, by, template, parsed, t.fitting(ctx, by, uses, parsed)), nil
}

// fitting is an event to show the template with when nobody named one: the newest that it is really used for, else the
// sample that leaves the least of it empty.
func (t *templating) fitting(ctx context.Context, by asker, uses []delivery.LinkInfo, parsed *render.Template) subject {
	for _, link := range uses[:min(len(uses), maxTried)] {
		if found, ok := t.newest(ctx, by, link); ok {
			return found
		}
	}
	return t.sampled(ctx, by, bestSample(ctx, parsed, t.spoken(ctx, by)))
}

// bestSample leaves the least of the template empty: one of the samples that differ in how they are shown if it does well
// enough, else of any type. It does not look for long: some templates are slow, and there are many samples.
func bestSample(ctx context.Context, parsed *render.Template, say locales.Catalog) salesforce.Sample {
	samples := salesforce.Samples()
	if parsed == nil {
		return samples[0]
	}
	ctx, cancel := context.WithTimeout(ctx, longestSearch)
	defer cancel()
	best, fewest := samples[0], math.MaxInt
	try := func(s salesforce.Sample) {
		if ctx.Err() != nil {
			return
		}
		if empty := emptyWith(s, parsed, say); empty < fewest {
			best, fewest = s, empty
		}
	}
	for _, s := range samples {
		try(s)
	}
	for _, eventType := range salesforce.Catalogue() {
		if s, ok := salesforce.SampleOf(eventType); ok && fewest > wellEnough {
			try(s)
		}
	}
	return best
}

// emptyWith counts what the sample leaves empty of the template. One that fails leaves all of it.
func emptyWith(s salesforce.Sample, parsed *render.Template, say locales.Catalog) int {
	_, notes, err := parsed.Message(event.Event{Type: s.Type, Body: s.Body}, sampleSource, say)
	if err != nil {
		return math.MaxInt
	}
	empty := 0
	for _, n := range notes {
		if n.Kind == render.Empty {
			empty++
		}
	}
	return empty
}

// look is the message exactly as it would be posted, and beneath it what there is to say of it.
func (t *templating) look(ctx context.Context, by asker, template delivery.Template, parsed *render.Template, on subject) reply {
	message, notes, err := parsed.Message(on.event, on.source, t.spoken(ctx, by))
	if err != nil {
		return t.failing(ctx, by, template, on, err)
	}
	r := reply{posted: &message, lines: []text{on.tell(template)}, buttons: templateButtons(template)}
	for _, n := range []struct {
		kind render.NoteKind
		key  string
	}{
		{render.Empty, "template.preview.empty"},
		{render.Cut, "template.preview.cut"},
		{render.LeftOut, "template.preview.left_out"},
	} {
		if fields := noted(notes, n.kind); fields != "" {
			r.lines = append(r.lines, say(n.key, "fields", fields))
		}
	}
	if len(notes) == 0 {
		r.lines = append(r.lines, say("template.preview.complete"))
	}
	if len(message.Roles) > 0 {
		roles := make([]string, len(message.Roles))
		for i, id := range message.Roles {
			roles[i] = discord.RoleMention(id)
		}
		r.lines = append(r.lines, say("template.preview.mentions", "roles", strings.Join(roles, " ")))
	}
	return r
}

// failing is what is posted in place of what the template could not make of the event, and why it could not.
func (t *templating) failing(ctx context.Context, by asker, template delivery.Template, on subject, err error) reply {
	embed := render.Embed(on.event, on.source, t.spoken(ctx, by))
	return reply{
		posted:  &render.Message{Embeds: []discord.Embed{embed}},
		lines:   []text{on.tell(template), say("template.preview.failed", "error", inSpan(err.Error(), maxFault))},
		buttons: templateButtons(template),
	}
}

// noted are the fields that there is such a note of.
func noted(notes []render.Note, kind render.NoteKind) string {
	var fields []string
	for _, n := range notes {
		if n.Kind == kind {
			fields = append(fields, inSpan(n.Field, maxPiece))
		}
	}
	if len(fields) > maxNoted {
		fields = append(fields[:maxNoted], "…")
	}
	return strings.Join(fields, ", ")
}

func templateButtons(t delivery.Template) []button {
	return []button{
		{label: say("button.assign"), style: discord.ButtonStylePrimary, id: "/template/assign/" + t.ID},
		{label: say("button.edit"), style: discord.ButtonStyleSecondary, id: "/template/edit/" + t.ID},
	}
}

// spoken is how the guild wants what is posted in its channels, whatever the asker's own language is. That its settings
// cannot be read is no reason to show nothing.
func (t *templating) spoken(ctx context.Context, by asker) locales.Catalog {
	speak := guildLanguage(by)
	settings, err := t.settings.Settings(ctx, by.guild)
	if err != nil {
		return speak
	}
	if settings.Language != "" {
		speak = locales.For(settings.Language)
	}
	return speak.WithCurrency(settings.Currency).WithZone(settings.Zone)
}

// tell says what is shown, and how.
func (s subject) tell(t delivery.Template) text {
	name, kind := quoted(t.Name, maxTemplateName), quoted(s.event.Type, event.MaxType)
	if s.sample {
		return say("template.preview.of_sample", "name", name, "type", kind)
	}
	return say("template.preview.of_event", "name", name, "type", kind, "source", quoted(s.source, maxSourceName),
		"time", ago(s.event.ID.Time()), "id", short(s.event.ID))
}
