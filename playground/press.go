package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Press lets a user, by name, Admin when empty, press a button of a message, or choose values in a select menu, and waits for
// the bot's answer until ctx ends. The values of menus for users, roles and channels are names or ids.
func (d *Discord) Press(ctx context.Context, user string, m *Message, customID string, values ...string) (*Reply, error) {
	it, err := d.use(actor{user: user}, m, customID, values)
	if err != nil {
		return nil, fmt.Errorf("press %s: %w", customID, err)
	}
	return d.reply(ctx, it)
}

// use starts the interaction for a component.
func (d *Discord) use(by actor, m *Message, customID string, values []string) (*interaction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m == nil {
		return nil, errors.New("there is no message")
	}
	it := &interaction{kind: interactionComponent, user: d.userNamed(orElse(by.user, Admin)), locale: "en-US"}
	it.channel = d.channelNamed(m.ChannelID)
	if it.user == nil || it.channel == nil {
		return nil, errors.New("there is no such user or channel")
	}
	now := it.channel.message(m.ID)
	if now == nil {
		return nil, errors.New("the message has been deleted")
	}
	if !it.channel.seenBy(it.user) || !now.seenBy(it.user, by.page) {
		return nil, fmt.Errorf("%s does not see the message", it.user.Username)
	}
	it.source = now
	if !by.page {
		d.inherit(it, now)
	}
	by.begin(it)
	c := find(now.Components, customID)
	if c == nil {
		return nil, errors.New("the message has no such component")
	}
	data, err := d.used(it, c, values)
	if err != nil {
		return nil, err
	}
	return it, d.start(it, data)
}

// inherit gives an interaction the user's language and permissions of the one that the message came from.
func (d *Discord) inherit(it *interaction, m *Message) {
	if m.Interaction == nil || m.Interaction.User != it.user {
		return
	}
	for _, before := range d.interactions.all {
		if before.id == m.Interaction.ID {
			it.locale, it.permissions = before.locale, before.permissions
		}
	}
}

// used returns the data of an interaction with a component.
func (d *Discord) used(it *interaction, c *Component, values []string) (map[string]any, error) {
	data := map[string]any{"custom_id": c.CustomID, "component_type": c.Type, "id": c.ID}
	if c.Disabled {
		return nil, errors.New("the component is disabled")
	}
	if c.Type == componentButton {
		if len(values) > 0 {
			return nil, errors.New("a button has no values")
		}
		return data, nil
	}
	f := &form{d: d, it: it, resolved: resolved{}}
	chosen, err := f.choose(c, values)
	data["values"], data["resolved"] = chosen, f.resolved
	return data, err
}

// choose checks the values that are chosen in a select menu and returns them as the interaction holds them.
func (f *form) choose(c *Component, values []string) ([]string, error) {
	if err := c.checkCount(len(values)); err != nil {
		return nil, err
	}
	kinds := map[int]int{
		componentUsers: optionUser, componentRoles: optionRole, componentMentionable: optionMentionable, componentChannels: optionChannel,
	}
	chosen := []string{}
	for _, v := range values {
		kind, mentioned := kinds[c.Type]
		if !mentioned {
			if !slices.ContainsFunc(c.Options, func(o SelectOption) bool { return o.Value == v }) {
				return nil, fmt.Errorf("%q is none of the options", v)
			}
			chosen = append(chosen, v)
			continue
		}
		id, err := f.mention(kind, c.ChannelTypes, v)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, id)
	}
	return chosen, nil
}

// checkCount refuses to choose fewer or more values, or files, than a component takes.
func (c *Component) checkCount(n int) error {
	least, most := 1, 1
	if c.MinValues != nil {
		least = *c.MinValues
	}
	if c.MaxValues != nil {
		most = *c.MaxValues
	}
	if n < least || n > most {
		return fmt.Errorf("between %d and %d values have to be chosen", least, most)
	}
	return nil
}
