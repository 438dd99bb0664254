package commands

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/render"
	"dispatch/salesforce"
)

// What a template's form has to fill in.
const (
	nameInput = "name"
	textInput = "text"
)

const saveForm = "/template/save"

// templateForm is the form in which a template is written. Its id says of which template it is, "" for a new one.
func templateForm(id, name, body string) *form {
	f := &form{id: saveForm, title: say("template.form.new")}
	if id != "" {
		f.id, f.title = saveForm+"/"+id, say("template.form.edit")
	}
	f.inputs = []input{
		{id: nameInput, label: say("template.form.name"), value: name, required: true, max: maxTemplateName},
		{id: textInput, label: say("template.form.text"), hint: say("template.form.hint"), value: body, required: true, max: maxTyped, file: fileOf(name)},
	}
	return f
}

// formAgain is the form as it was filled in.
func formAgain(_ context.Context, _ asker, id string, in filled) *form {
	return templateForm(id, in.text(nameInput), in.text(textInput))
}

// state is what a form says of the template that it was opened with: which, and its version, so that nobody saves over
// what somebody else has changed meanwhile.
func state(t delivery.Template) string { return t.ID + ":" + strconv.Itoa(t.Version) }

func stateAt(id string) (templateID string, version int, err error) {
	templateID, number, _ := strings.Cut(id, ":")
	if version, err = strconv.Atoi(number); err != nil {
		return "", 0, fault.Say(fault.NotFound, "reply.outdated")
	}
	return templateID, version, nil
}

func (t *templating) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	name := strings.TrimSpace(asked.String("name"))
	if err := mustBeNameOf(name, maxTemplateName); err != nil {
		return reply{}, err
	}
	switch _, err := t.store.Template(ctx, by.guild, name); {
	case err == nil:
		return reply{}, templateExists(name)
	case fault.KindOf(err) != fault.NotFound:
		return reply{}, err
	}
	body, err := starterText(asked.String("starter"))
	if err != nil {
		return reply{}, err
	}
	return reply{form: templateForm("", name, body)}, nil
}

func templateExists(name string) error {
	return refuse("template.exists", "name", quoted(name, maxTemplateName))
}

// starterText is what a new template begins with.
func starterText(name string) (string, error) {
	if name == "" {
		name = genericStarter
	}
	for _, s := range render.Starters() {
		if s.Name == name {
			return string(s.Text), nil
		}
	}
	return "", fault.New(fault.Invalid, "no starter is called %q", name)
}

func (t *templating) edit(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	template, err := templatesOf(t.store).named(ctx, by, asked.String("name"))
	return editing(template), err
}

func (t *templating) editButton(ctx context.Context, by asker, id string) (reply, error) {
	template, err := templatesOf(t.store).byID(ctx, by, id)
	return editing(template), err
}

// editing opens the template, or hands it out when it is too long for a form.
func editing(t delivery.Template) reply {
	if len(utf16.Encode([]rune(string(t.Text)))) > maxTyped {
		r := tell(say("template.edit.by_file", "name", quoted(t.Name, maxTemplateName), "max", maxTyped))
		r.files = []salesforce.File{fileFrom(t)}
		return r
	}
	return reply{form: templateForm(state(t), t.Name, string(t.Text))}
}

func fileFrom(t delivery.Template) salesforce.File {
	return salesforce.File{Name: fileOf(t.Name), Content: t.Text}
}

// versionFrom is the file of a text that another may take the place of.
func versionFrom(t delivery.Template) salesforce.File {
	return salesforce.File{Name: fileOf(fmt.Sprintf("%s-v%d", clip(t.Name, maxFileName/2), t.Version)), Content: t.Text}
}

// maxFileName is how many characters of a name the name of its file has.
const maxFileName = 60

func fileOf(name string) string { return safeName(name) + ".json" }

// safeName is a name that every system takes for a file, and that still tells what is in it.
func safeName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	if short := []rune(safe); len(short) > maxFileName {
		safe = string(short[:maxFileName])
	}
	return safe
}
