package playground

import (
	"context"
	"errors"
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
	it, err := d.submit(user, modal, values)
	if err != nil {
		return nil, fmt.Errorf("submit %q: %w", modal.Title, err)
	}
	return d.reply(ctx, it)
}

func (d *Discord) submit(user string, modal *Modal, values map[string]string) (*interaction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := modal.interaction
	if before.user.Username != orElse(user, Admin) {
		return nil, fmt.Errorf("%s does not see it", user)
	}
	for id := range values {
		if find(modal.Components, id) == nil {
			return nil, fmt.Errorf("there is no input %q", id)
		}
	}
	it := &interaction{
		kind: interactionModal, user: before.user, channel: before.channel, locale: before.locale,
		permissions: before.permissions, source: before.source,
	}
	f := &form{d: d, it: it, resolved: resolved{}}
	components := []any{}
	for i := range modal.Components {
		filled, err := f.submitted(&modal.Components[i], values)
		if err != nil {
			return nil, err
		}
		components = append(components, filled)
	}
	return it, d.start(it, map[string]any{"custom_id": modal.CustomID, "components": components, "resolved": f.resolved})
}

// submitted returns a modal's component with what it was filled in with.
func (f *form) submitted(c *Component, values map[string]string) (map[string]any, error) {
	o := map[string]any{"type": c.Type, "id": c.ID}
	switch c.Type {
	case componentRow:
		inside, err := f.submitted(&c.Components[0], values)
		o["components"] = []any{inside}
		return o, err
	case componentLabel:
		inside, err := f.submitted(c.Component, values)
		o["component"] = inside
		return o, err
	case componentText:
		return o, nil
	}
	o["custom_id"] = c.CustomID
	value, given := values[c.CustomID]
	required := c.Required == nil || *c.Required
	if c.Type == componentTextInput {
		if !given {
			value = c.Value
		}
		o["value"] = value
		return o, c.checkInput(value, required)
	}
	if !given {
		if required {
			return nil, fmt.Errorf("input %q is required", c.CustomID)
		}
		o["values"] = []string{}
		return o, nil
	}
	if c.Type == componentFileUpload {
		return nil, errors.New("a file cannot be submitted here")
	}
	chosen, err := f.choose(c, []string{value})
	o["values"] = chosen
	return o, err
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
