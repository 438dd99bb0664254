package playground

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// Modal is a form that the bot wants to be filled in.
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`

	interaction *interaction
}

// Submit lets a user, by name, Admin when empty, fill in a modal and waits for the bot's answer until ctx ends. values are by
// custom id. A text input without one keeps the value it came with.
func (d *Discord) Submit(ctx context.Context, user string, modal *Modal, values map[string]string) (*Reply, error) {
	inputs := map[string]input{}
	for id, value := range values {
		inputs[id] = input{values: []string{value}}
	}
	it, err := d.submit(actor{user: user}, modal, inputs)
	if err != nil {
		return nil, fmt.Errorf("submit %q: %w", modal.Title, err)
	}
	return d.reply(ctx, it)
}

// input is what a component of a modal was filled in with: the text, the chosen values, or files.
type input struct {
	values []string
	files  []File
}

func (d *Discord) submit(by actor, modal *Modal, inputs map[string]input) (*interaction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := modal.interaction
	if before.user != d.userNamed(orElse(by.user, Admin)) {
		return nil, fmt.Errorf("%s does not see it", by.user)
	}
	for id, in := range inputs {
		switch c := find(modal.Components, id); {
		case c == nil:
			return nil, fmt.Errorf("there is no input %q", id)
		case len(in.files) > 0 && c.Type != componentFileUpload:
			return nil, fmt.Errorf("input %q takes no files", id)
		}
	}
	it := &interaction{
		kind: interactionModal, user: before.user, channel: before.channel, locale: before.locale,
		permissions: before.permissions, source: before.source,
	}
	by.begin(it)
	f := &form{d: d, it: it, resolved: resolved{}}
	components := []any{}
	for i := range modal.Components {
		filled, err := f.submitted(&modal.Components[i], inputs)
		if err != nil {
			return nil, err
		}
		components = append(components, filled)
	}
	return it, d.start(it, map[string]any{"custom_id": modal.CustomID, "components": components, "resolved": f.resolved})
}

// submitted returns a modal's component with what it was filled in with.
func (f *form) submitted(c *Component, inputs map[string]input) (map[string]any, error) {
	o := map[string]any{"type": c.Type, "id": c.ID}
	switch c.Type {
	case componentRow:
		inside, err := f.submitted(&c.Components[0], inputs)
		o["components"] = []any{inside}
		return o, err
	case componentLabel:
		inside, err := f.submitted(c.Component, inputs)
		o["component"] = inside
		return o, err
	case componentText:
		return o, nil
	}
	o["custom_id"] = c.CustomID
	in := inputs[c.CustomID]
	required := c.Required == nil || *c.Required
	if c.Type == componentTextInput {
		value := c.Value
		if len(in.values) > 0 {
			value = in.values[0]
		}
		o["value"] = value
		return o, c.checkInput(value, required)
	}
	if len(in.values)+len(in.files) == 0 {
		if required {
			return nil, fmt.Errorf("input %q is required", c.CustomID)
		}
		o["values"] = []string{}
		return o, nil
	}
	take := f.choose
	if c.Type == componentFileUpload {
		take = func(c *Component, _ []string) ([]string, error) { return f.uploaded(c, in.files) }
	}
	chosen, err := take(c, in.values)
	o["values"] = chosen
	return o, err
}

// uploaded takes the files that were put into a modal and returns their ids.
func (f *form) uploaded(c *Component, files []File) ([]string, error) {
	if err := c.checkCount(len(files)); err != nil {
		return nil, err
	}
	ids := []string{}
	for _, file := range files {
		id, err := f.file(file)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// checkInput checks a text as the client does before it submits a modal.
func (c *Component) checkInput(value string, required bool) error {
	n := utf8.RuneCountInString(value)
	switch {
	case required && n == 0:
		return fmt.Errorf("input %q is required", c.CustomID)
	case n == 0:
		return nil
	case c.MinLength != nil && n < *c.MinLength, c.MaxLength != nil && n > *c.MaxLength, n > 4000:
		return fmt.Errorf("input %q: %d characters are too few or too many", c.CustomID, n)
	}
	return nil
}
