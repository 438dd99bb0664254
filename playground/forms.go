package playground

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

// File is a file that a user sends with a command.
type File struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// resolved are the objects that an interaction's values are the ids of: kind → id → object.
type resolved map[string]map[string]any

func (r resolved) add(kind, id string, object any) {
	if r[kind] == nil {
		r[kind] = map[string]any{}
	}
	r[kind][id] = object
}

// form fills in the values of an interaction. Its methods need the lock.
type form struct {
	d        *Discord
	it       *interaction
	resolved resolved
	focused  string // The option that is being completed, "" for none.
}

// fill returns the options of a command with their values, in the order of their definition.
func (f *form) fill(options []CommandOption, given map[string]any) ([]any, error) {
	for name := range given {
		if !slices.ContainsFunc(options, func(o CommandOption) bool { return o.Name == name }) {
			return nil, fmt.Errorf("no option %q", name)
		}
	}
	all, found := []any{}, false
	for _, o := range options {
		value, ok := given[o.Name]
		switch {
		case f.focused != "" && o.Name == f.focused:
			if !o.Autocomplete {
				return nil, fmt.Errorf("option %q does not autocomplete", o.Name)
			}
			typed := ""
			if ok {
				typed = fmt.Sprint(value)
			}
			f.it.option, found = o.Type, true
			all = append(all, map[string]any{"name": o.Name, "type": o.Type, "value": typed, "focused": true})
		case ok:
			v, err := f.value(o, value)
			if err != nil {
				return nil, fmt.Errorf("option %q: %w", o.Name, err)
			}
			all = append(all, map[string]any{"name": o.Name, "type": o.Type, "value": v})
		case o.Required && f.focused == "":
			return nil, fmt.Errorf("option %q is required", o.Name)
		}
	}
	if f.focused != "" && !found {
		return nil, fmt.Errorf("no option %q", f.focused)
	}
	return all, nil
}

// value checks the value of an option as the client does, and returns it as the interaction holds it.
func (f *form) value(o CommandOption, given any) (any, error) {
	switch o.Type {
	case optionString:
		s, ok := given.(string)
		if !ok {
			return nil, fmt.Errorf("%v is no text", given)
		}
		return s, o.checkText(s)
	case optionInteger, optionNumber:
		n, ok := number64(given)
		if !ok || o.Type == optionInteger && n != math.Trunc(n) {
			return nil, fmt.Errorf("%v is no number", given)
		}
		return n, o.checkNumber(n)
	case optionBoolean:
		if _, ok := given.(bool); !ok {
			return nil, fmt.Errorf("%v is neither true nor false", given)
		}
		return given, nil
	case optionAttachment:
		file, ok := given.(File)
		if !ok {
			return nil, fmt.Errorf("%v is no file", given)
		}
		return f.file(file)
	}
	name, ok := given.(string)
	if !ok {
		return nil, fmt.Errorf("%v is no name", given)
	}
	return f.mention(o.Type, o.ChannelTypes, name)
}

func (o CommandOption) checkText(s string) error {
	n := utf8.RuneCountInString(s)
	switch {
	case s == "":
		return errors.New("an empty text cannot be sent")
	case len(o.Choices) > 0 && !o.chosen(s):
		return fmt.Errorf("%q is none of the choices", s)
	case o.MinLength != nil && n < *o.MinLength, o.MaxLength != nil && n > *o.MaxLength, n > 6000:
		return fmt.Errorf("a text of %d characters is too short or too long", n)
	}
	return nil
}

func (o CommandOption) checkNumber(n float64) error {
	switch {
	case len(o.Choices) > 0 && !o.chosen(n):
		return fmt.Errorf("%v is none of the choices", n)
	case o.MinValue != nil && n < *o.MinValue, o.MaxValue != nil && n > *o.MaxValue, math.Abs(n) > maxInt53:
		return fmt.Errorf("%v is too small or too large", n)
	}
	return nil
}

func (o CommandOption) chosen(value any) bool {
	return slices.ContainsFunc(o.Choices, func(c Choice) bool { return c.Value == value })
}

func number64(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// file uploads a file and returns its id.
func (f *form) file(file File) (string, error) {
	if len(file.Data) > maxFile {
		return "", errTooLarge
	}
	up := upload{name: file.Name, contentType: contentType(file.Name, file.Data), data: file.Data}
	a := f.d.attach(f.d.base(), f.it.channel.id, f.it.token, []upload{up}, nil)[0]
	a.Ephemeral = true
	f.resolved.add("attachments", a.ID, a)
	return a.ID, nil
}

// mention resolves a user, role or channel by its name or id and returns its id. kind is the type of an
// option.
func (f *form) mention(kind int, channelTypes []int, name string) (string, error) {
	g := f.it.channel.guild
	if kind == optionUser || kind == optionMentionable {
		if u := f.d.userNamed(name); u != nil {
			f.user(g, u)
			return u.ID, nil
		}
	}
	if g == nil {
		return "", fmt.Errorf("there is no %q here", name)
	}
	if kind == optionRole || kind == optionMentionable {
		for _, r := range g.roles {
			if r.ID == name || r.Name == name {
				f.resolved.add("roles", r.ID, r)
				return r.ID, nil
			}
		}
	}
	if kind == optionChannel {
		return f.channel(g, channelTypes, name)
	}
	return "", fmt.Errorf("there is no %q here", name)
}

func (f *form) user(g *guild, u *User) {
	f.resolved.add("users", u.ID, u)
	if g == nil || g.member(u.ID) == nil {
		return
	}
	m := g.member(u.ID).object(g)
	delete(m, "user")
	m["permissions"] = f.it.channel.permissions(u.ID)
	f.resolved.add("members", u.ID, m)
}

// channel resolves a channel. Its permissions are those of the user who names it.
func (f *form) channel(g *guild, types []int, name string) (string, error) {
	for _, ch := range g.channels {
		if ch.id != name && ch.name != name || !ch.permissions(f.it.user.ID).Has(ViewChannel) {
			continue
		}
		if len(types) > 0 && !slices.Contains(types, ch.kind) {
			return "", fmt.Errorf("channel %q is not of a type that is asked for", name)
		}
		f.resolved.add("channels", ch.id, f.partial(ch))
		return ch.id, nil
	}
	return "", fmt.Errorf("there is no channel %q here", name)
}

// inPartial are the fields of a channel that an interaction tells of, besides who may do what there.
var inPartial = []string{
	"id", "name", "type", "last_message_id", "last_pin_timestamp", "nsfw", "parent_id", "guild_id", "flags",
	"rate_limit_per_user", "topic", "position", "thread_metadata",
}

// partial returns a channel as an interaction tells of it: neither its overwrites nor a forum's tags are there.
func (f *form) partial(ch *channel) map[string]any {
	o := ch.object()
	maps.DeleteFunc(o, func(name string, _ any) bool { return !slices.Contains(inPartial, name) })
	o["permissions"], o["app_permissions"] = ch.permissions(f.it.user.ID), ch.permissions(f.d.bot.ID)
	return o
}
