package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/fault"
	"dispatch/locales"
	"dispatch/salesforce"
)

// Discord's limits of a form, in characters.
const (
	maxFormTitle = 45
	maxLabel     = 45
	maxHint      = 100
	maxTyped     = 4000
)

// longestForm is how long it may take to fill a form with what it opens with: Discord takes none once the answer was
// deferred.
const longestForm = 2 * time.Second

// form is what a handler says where more is to be typed than an option takes.
type form struct {
	id     string // custom id, which is the path of its handler
	title  text
	inputs []input
}

// input is one thing to fill in: a text, one of the options, or one of the channels.
type input struct {
	id       string
	label    text
	hint     text
	value    string // what is there at first
	required bool
	max      int    // characters
	file     string // name of the file that a text of several lines is given back as; "" for a single line
	options  []offer
	channels []discord.ChannelType
}

// filled is what somebody has put into a form.
type filled struct {
	data discord.ModalSubmitInteractionData
}

// submit handles a form that was filled in.
type submit func(ctx context.Context, by asker, id string, in filled) (reply, error)

// text is the input's, or what was chosen there; "" for nothing.
func (f filled) text(id string) string {
	c, _ := f.data.Component(id)
	switch c := c.(type) {
	case discord.TextInputComponent:
		return c.Value
	case discord.StringSelectMenuComponent:
		return strings.Join(c.Values, ",")
	case discord.ChannelSelectMenuComponent:
		if len(c.Values) > 0 {
			return c.Values[0].String()
		}
	}
	return ""
}

func (f *form) modal(say locales.Catalog) discord.ModalCreate {
	modal := discord.NewModalCreate(f.id, clip(f.title.in(say), maxFormTitle))
	for _, i := range f.inputs {
		label := discord.NewLabel(clip(i.label.in(say), maxLabel), i.component())
		label.Description = clip(i.hint.in(say), maxHint)
		modal.Components = append(modal.Components, label)
	}
	return modal
}

func (i input) component() discord.LabelSubComponent {
	switch {
	case len(i.options) > 0:
		menu := discord.StringSelectMenuComponent{CustomID: i.id, Required: i.required}
		for _, o := range i.options {
			menu.Options = append(menu.Options, discord.StringSelectMenuOption{
				Label: clip(o.name, maxChoice), Value: o.value, Default: o.value == i.value,
			})
		}
		return menu
	case len(i.channels) > 0:
		menu := discord.ChannelSelectMenuComponent{CustomID: i.id, Required: i.required, ChannelTypes: i.channels}
		if id, err := snowflake.Parse(i.value); err == nil {
			menu.DefaultValues = []discord.SelectMenuDefaultValue{discord.NewSelectMenuDefaultChannel(id)}
		}
		return menu
	}
	style := discord.TextInputStyleShort
	if i.file != "" {
		style = discord.TextInputStyleParagraph
	}
	return discord.TextInputComponent{CustomID: i.id, Style: style, Required: i.required, MaxLength: i.max, Value: i.value}
}

// opening serves a command whose answer may be a form.
func (d *desk) opening(answer command) handler.SlashCommandHandler {
	return func(asked discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		c := &call{Interaction: e.ApplicationCommandInteraction, client: e.Client(), respond: e.Respond}
		return d.atOnce(e.Ctx, c, func(ctx context.Context) (reply, error) {
			return answer(ctx, askerOf(c.Interaction, c.client), asked)
		})
	}
}

// opener serves a button whose answer may be a form.
func (d *desk) opener(answer press) handler.ButtonComponentHandler {
	return func(_ discord.ButtonInteractionData, e *handler.ComponentEvent) error {
		c := &call{Interaction: e.ComponentInteraction, client: e.Client(), respond: e.Respond}
		return d.atOnce(e.Ctx, c, func(ctx context.Context) (reply, error) {
			return answer(ctx, askerOf(c.Interaction, c.client), e.Vars["id"])
		})
	}
}

// atOnce has the answer made in time, or tells that it was not.
func (d *desk) atOnce(ctx context.Context, c *call, answer func(context.Context) (reply, error)) error {
	hurried, cancel := context.WithTimeout(ctx, longestForm)
	defer cancel()
	r, err := guarded(hurried, answer)
	if err != nil && hurried.Err() != nil {
		err = fault.New(fault.Unavailable, "open form: %w", err)
	}
	return d.send(ctx, c, r, err)
}

// submission serves a form that was filled in. When it cannot be taken, for whatever reason, again is the form that
// its asker gets back: nothing that somebody typed is lost.
func (d *desk) submission(again func(ctx context.Context, by asker, id string, in filled) *form, answer submit) handler.ModalHandler {
	return func(e *handler.ModalEvent) error {
		c := &call{Interaction: e.ModalSubmitInteraction, client: e.Client(), respond: e.Respond}
		in, id, by := filled{e.Data}, e.Vars["id"], askerOf(c.Interaction, c.client)
		c.salvage = func(r reply) reply { return d.asked.giveBack(by, r, again(e.Ctx, by, id, in)) }
		return d.serve(e.Ctx, c, func(ctx context.Context) (reply, error) { return answer(ctx, by, id, in) })
	}
}

// giveBack adds to the reply what was typed: in the form, which a button opens again, and long texts as files, too,
// which are there when the form is not any more.
func (q *questions) giveBack(by asker, r reply, f *form) reply {
	id := q.hold(by, func(context.Context) (reply, error) { return reply{form: f}, nil })
	r.buttons = append(r.buttons, button{label: say("button.edit_again"), style: discord.ButtonStylePrimary, id: "/again/" + id})
	said := say("reply.typed_kept")
	for _, i := range f.inputs {
		if i.file != "" && i.value != "" {
			r.files = append(r.files, salesforce.File{Name: i.file, Content: []byte(i.value)})
			said = say("reply.typed_attached")
		}
	}
	r.lines = append(r.lines, said)
	return r
}

// reopen opens a form that was given back, as often as it takes.
func (q *questions) reopen(ctx context.Context, by asker, id string) (reply, error) {
	held, err := q.take(by, id)
	if fault.KindOf(err) == fault.NotFound {
		return reply{}, fault.Say(fault.NotFound, "reply.typed_gone")
	}
	if err != nil {
		return reply{}, fmt.Errorf("open form again: %w", err)
	}
	q.keep(id, held)
	return held.yes(ctx)
}
