package commands

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/transform"
)

// maxSide is how many characters of a payload a card shows that has room for two.
const maxSide = 1500

func (t *transforming) test(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	one, err := transformsOf(t.transforms).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	typed, given := asked.OptString("event")
	if !given {
		return t.tryOnOne(ctx, by, one)
	}
	on, err := t.subjectNamed(ctx, by, typed)
	if err != nil {
		return reply{}, err
	}
	return try(ctx, one, on)
}

func (t *transforming) testButton(ctx context.Context, by asker, id string) (reply, error) {
	one, err := transformsOf(t.transforms).byID(ctx, by, id)
	if err != nil {
		return reply{}, err
	}
	return t.tryOnOne(ctx, by, one)
}

// tryOnOne picks the event: the newest that the transform is really used for, else a sample.
func (t *transforming) tryOnOne(ctx context.Context, by asker, one delivery.Transform) (reply, error) {
	uses, err := t.usesOf(ctx, by, one.ID)
	if err != nil {
		return reply{}, err
	}
	for _, link := range uses[:min(len(uses), maxTried)] {
		if on, ok := t.newest(ctx, by, link); ok {
			return try(ctx, one, on)
		}
	}
	sample, _ := salesforce.SampleOf(defaultSample)
	return try(ctx, one, t.sampled(ctx, by, sample))
}

// try shows what goes into the transform and what comes out, without secrets.
func try(ctx context.Context, one delivery.Transform, on subject) (reply, error) {
	program, err := parsed(one.Program)
	if err != nil {
		return reply{}, err
	}
	r := reply{
		card: &card{title: asWritten(quoted(one.Name, maxTransformName)), colour: colourFine, lines: []text{triedOn(on)}},
		buttons: []button{
			{label: say("button.edit"), style: discord.ButtonStyleSecondary, id: "/transform/edit/" + one.ID},
		},
	}
	result, err := program.Apply(ctx, on.event.Shown().Body)
	var wrong *transform.Error
	if errors.As(err, &wrong) {
		r.card.colour = colourTrouble
		r.card.lines = append(r.card.lines, say("transform.test.failed", "mistake", wrongIn(one.Program, wrong)))
		r.side(say("transform.test.before"), "before.json", on.event.Body)
		return r, nil
	}
	if err != nil {
		return reply{}, err
	}
	r.side(say("transform.test.before"), "before.json", on.event.Body)
	r.side(say("transform.test.after"), "after.json", result)
	return r, nil
}

func triedOn(on subject) text {
	kind := quoted(on.event.Type, event.MaxType)
	if on.sample {
		return say("transform.test.on_sample", "type", kind)
	}
	return say("transform.test.on_event", "type", kind, "source", quoted(on.source, maxSourceName),
		"time", ago(on.event.ID.Time()), "id", short(on.event.ID))
}

// side adds a payload to the card, and as a file as well where the card does not have room for all of it.
func (r *reply) side(name text, file string, body []byte) {
	payload := readable(event.Mask(body))
	block := inBlock(payload)
	r.card.lines = append(r.card.lines, name, asWritten("```json\n"+clip(block, maxSide)+"\n```"))
	if utf8.RuneCountInString(block) > maxSide && len(payload) <= maxFile {
		r.files = append(r.files, salesforce.File{Name: file, Content: []byte(payload)})
		r.card.lines = append(r.card.lines, say("transform.test.attached", "file", inSpan(file, maxTransformName)))
	}
}
