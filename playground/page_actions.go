package playground

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// pageActor is who does something in the page.
type pageActor struct {
	User        string `json:"user"`
	Channel     string `json:"channel"`
	Locale      string `json:"locale"`
	Permissions string `json:"permissions"` // A decimal number, in place of their own. Empty for those.
}

// actor checks who it is.
func (p pageActor) actor() (actor, error) {
	locale, err := pageLocale(p.Locale)
	if err != nil {
		return actor{}, err
	}
	by := actor{user: p.User, page: true, locale: locale}
	if p.Permissions != "" {
		n, err := strconv.ParseUint(p.Permissions, 10, 64)
		if err != nil {
			return actor{}, &pageError{http.StatusBadRequest, "Permissions are a number."}
		}
		held := Permissions(n)
		by.permissions = &held
	}
	return by, nil
}

// pageCommand is a command as it is written in the page.
type pageCommand struct {
	pageActor
	Command string          `json:"command"`
	Options map[string]any  `json:"options"`
	Focused string          `json:"focused"` // The option that is to be completed.
	Files   map[string]File `json:"files"`   // By option.
}

// command is the command as Run takes it.
func (p pageCommand) command() (Command, error) {
	by, err := p.actor()
	cmd := Command{
		User: by.user, Channel: p.Channel, Path: p.Command, Locale: by.locale, Options: map[string]any{}, page: true, held: by.permissions,
	}
	for name, value := range p.Options {
		if value != nil { // An option that was emptied again.
			cmd.Options[name] = value
		}
	}
	for name, file := range p.Files {
		cmd.Options[name] = file
	}
	return cmd, err
}

func (d *Discord) pageRun(ctx context.Context, in pageCommand) (any, error) {
	cmd, err := in.command()
	if err != nil {
		return nil, err
	}
	it, err := d.invoke(cmd, "")
	if err != nil {
		return nil, err
	}
	return d.pageReply(ctx, it)
}

func (d *Discord) pageAutocomplete(ctx context.Context, in pageCommand) (any, error) {
	cmd, err := in.command()
	if err != nil {
		return nil, err
	}
	if in.Focused == "" {
		return nil, &pageError{http.StatusBadRequest, "It takes an option to complete."}
	}
	choices, err := d.Autocomplete(ctx, cmd, in.Focused)
	return map[string]any{"choices": append([]Choice{}, choices...)}, err
}

// pagePress is a component of a message that is used in the page.
type pagePress struct {
	pageActor
	Message  string   `json:"message"`
	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"`
}

func (d *Discord) pagePress(ctx context.Context, in pagePress) (any, error) {
	by, err := in.actor()
	if err != nil {
		return nil, err
	}
	it, err := d.use(by, &Message{ID: in.Message, ChannelID: in.Channel}, in.CustomID, in.Values)
	if err != nil {
		return nil, err
	}
	return d.pageReply(ctx, it)
}

// pageSubmission is a modal that is filled in in the page.
type pageSubmission struct {
	pageActor
	Modal  string                 `json:"modal"`
	Values map[string]pageValues  `json:"values"`
	Files  map[string]pageUploads `json:"files"`
}

func (d *Discord) pageSubmit(ctx context.Context, in pageSubmission) (any, error) {
	by, err := in.actor()
	if err != nil {
		return nil, err
	}
	modal, err := d.pageModal(in.Modal)
	if err != nil {
		return nil, err
	}
	inputs := map[string]input{}
	for id, values := range in.Values {
		inputs[id] = input{values: values}
	}
	for id, files := range in.Files {
		inputs[id] = input{files: files}
	}
	it, err := d.submit(by, modal, inputs)
	if err != nil {
		return nil, err
	}
	reply, err := d.pageReply(ctx, it)
	if err == nil {
		d.closeModal(modal)
	}
	return reply, err
}

// pageValues are what a component was filled in with: a text, or several.
type pageValues []string

// UnmarshalJSON reads one text or a list of them.
func (v *pageValues) UnmarshalJSON(raw []byte) error { return oneOrMore(raw, (*[]string)(v)) }

// pageUploads are what was put into a component or an option: a file, or several.
type pageUploads []File

// UnmarshalJSON reads one file or a list of them.
func (f *pageUploads) UnmarshalJSON(raw []byte) error { return oneOrMore(raw, (*[]File)(f)) }

func oneOrMore[T any](raw []byte, all *[]T) error {
	if raw[0] == '[' || string(raw) == "null" {
		return json.Unmarshal(raw, all)
	}
	var one T
	err := json.Unmarshal(raw, &one)
	*all = []T{one}
	return err
}
