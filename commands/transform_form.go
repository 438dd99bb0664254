package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/salesforce"
	"dispatch/transform"
)

const (
	programForm  = "/transform/save"
	programInput = "program"
	firstProgram = ".record" // what a form for a new one begins with
)

// transformForm is the form in which a transform is written. Its id says of which one and which version it is, "" for a
// new one.
func transformForm(id, name, program string) *form {
	f := &form{id: programForm, title: say("transform.form.new")}
	if id != "" {
		f.id, f.title = programForm+"/"+id, say("transform.form.edit")
	}
	f.inputs = []input{
		{id: nameInput, label: say("transform.form.name"), value: name, required: true, max: maxTransformName},
		{
			id: programInput, label: say("transform.form.program"), hint: say("transform.form.hint"), value: program,
			required: true, max: transform.MaxLength, file: programFile(name),
		},
	}
	return f
}

// programAgain is the form as it was filled in.
func programAgain(_ context.Context, _ asker, id string, in filled) *form {
	return transformForm(id, in.text(nameInput), in.text(programInput))
}

func programFile(name string) string { return safeName(name) + ".jq" }

// programOf tells by its name which version is in it.
func programOf(t delivery.Transform) salesforce.File {
	return salesforce.File{Name: programFile(fmt.Sprintf("%s-v%d", clip(t.Name, maxFileName/2), t.Version)), Content: []byte(t.Program)}
}

func programFrom(t delivery.Transform) salesforce.File {
	return salesforce.File{Name: programFile(t.Name), Content: []byte(t.Program)}
}

func (t *transforming) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	name := strings.TrimSpace(asked.String("name"))
	if err := mustBeNameOf(name, maxTransformName); err != nil {
		return reply{}, err
	}
	switch _, err := t.transforms.Transform(ctx, by.guild, name); {
	case err == nil:
		return reply{}, transformExists(name)
	case fault.KindOf(err) != fault.NotFound:
		return reply{}, err
	}
	return reply{form: transformForm("", name, firstProgram)}, nil
}

func transformExists(name string) error {
	return refuse("transform.exists", "name", quoted(name, maxTransformName))
}

func (t *transforming) edit(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	one, err := transformsOf(t.transforms).named(ctx, by, asked.String("name"))
	return reply{form: editForm(one)}, err
}

func (t *transforming) editButton(ctx context.Context, by asker, id string) (reply, error) {
	one, err := transformsOf(t.transforms).byID(ctx, by, id)
	return reply{form: editForm(one)}, err
}

func editForm(t delivery.Transform) *form {
	return transformForm(fmt.Sprintf("%s:%d", t.ID, t.Version), t.Name, t.Program)
}

// save takes the form in which a transform was written.
func (t *transforming) save(ctx context.Context, by asker, id string, in filled) (reply, error) {
	wanted := delivery.Transform{GuildID: by.guild, Name: strings.TrimSpace(in.text(nameInput)), Program: in.text(programInput)}
	if err := mustBeNameOf(wanted.Name, maxTransformName); err != nil {
		return reply{}, err
	}
	if _, err := parsed(wanted.Program); err != nil {
		return reply{}, err
	}
	if id == "" {
		return t.keep(ctx, wanted)
	}
	transformID, version, err := stateAt(id)
	if err != nil {
		return reply{}, err
	}
	now, err := transformsOf(t.transforms).byID(ctx, by, transformID)
	if fault.KindOf(err) == fault.NotFound { // deleted meanwhile: what was typed is worth a new one
		return t.keep(ctx, wanted)
	}
	if err != nil {
		return reply{}, err
	}
	wanted.ID = now.ID
	if now.Version == version {
		return t.keep(ctx, wanted)
	}
	question := tell(say("transform.save.changed", "name", quoted(now.Name, maxTransformName), "time", ago(now.UpdatedAt)))
	question.files = []salesforce.File{programFrom(wanted), programOf(now)} // neither is lost, whatever the answer
	return t.asked.ask(by, question, say("button.save_over"), func(ctx context.Context) (reply, error) {
		return t.keep(ctx, wanted)
	}), nil
}

func (t *transforming) keep(ctx context.Context, wanted delivery.Transform) (reply, error) {
	change := t.changes.UpdateTransform
	if wanted.ID == "" {
		change = t.changes.CreateTransform
	}
	kept, err := change(ctx, wanted)
	if fault.KindOf(err) == fault.Exists {
		return reply{}, transformExists(wanted.Name)
	}
	if err != nil {
		return reply{}, err
	}
	r := tell(say("transform.save.done", "name", quoted(kept.Name, maxTransformName), "version", kept.Version), say("transform.save.next"))
	r.buttons = []button{{label: say("button.test"), style: discord.ButtonStylePrimary, id: "/transform/test/" + kept.ID}}
	return r, nil
}

// parsed understands a program, or tells in words what is wrong with it.
func parsed(program string) (*transform.Transform, error) {
	p, err := transform.Parse(program)
	var wrong *transform.Error
	if !errors.As(err, &wrong) {
		return p, err
	}
	return nil, refuse("transform.invalid", "mistake", wrongIn(program, wrong))
}

// wrongIn tells what is wrong with a program and, where that is known, at which place.
func wrongIn(program string, wrong *transform.Error) text {
	return together(
		mistakeOf("", wrong.Line, wrong.Column, wrong.Piece, wrong.Problem),
		pointedAt(program, wrong.Line, wrong.Column),
	)
}
