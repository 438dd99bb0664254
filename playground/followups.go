package playground

import (
	"net/http"
	"slices"
)

// original is the name of the message that an interaction was answered with.
const original = "@original"

// answered returns the interaction whose token is in the path. The caller holds the lock.
func (d *Discord) answered(c *call) (*interaction, error) {
	it := d.interactions.find(c.PathValue("webhook_token"))
	switch {
	case it == nil, c.PathValue("webhook_id") != d.appID, it.answer == 0:
		return nil, errUnknownWebhook
	case d.now().Sub(it.at) > tokenGood:
		return nil, errInvalidWebhookToken
	}
	return it, nil
}

// followup returns the interaction and the message that a route is about. The caller holds the lock.
func (d *Discord) followup(c *call) (*interaction, *Message, error) {
	it, err := d.answered(c)
	if err != nil {
		return nil, nil, err
	}
	id := c.PathValue("message_id")
	if id == original {
		id = it.original
	}
	m := it.channel.message(id)
	if m == nil || id != it.original && !slices.Contains(it.followups, id) {
		return nil, nil, errUnknownMessage
	}
	return it, m, nil
}

// createFollowup takes a further message to an interaction. The first one after a deferred answer completes
// that answer.
func (d *Discord) createFollowup(c *call) (int, any, error) {
	it, err := d.answered(c)
	if err != nil {
		return 0, nil, err
	}
	value, err := c.value()
	if err != nil {
		return 0, nil, err
	}
	if first := it.channel.message(it.original); first != nil && first.Flags&flagLoading != 0 {
		m, err := d.edit(c, it.channel, first, AllPermissions, value, flagsForInteractions)
		return d.complete(it, m, err)
	}
	m, err := d.composeReply(c, it, value)
	if err != nil {
		return 0, nil, err
	}
	if it.original != "" {
		m.Type = messageReply
		m.Reference = &Reference{MessageID: it.original, ChannelID: it.channel.id, GuildID: it.channel.guildID()}
	}
	it.followups = append(it.followups, m.ID)
	return d.complete(it, m, nil)
}

// complete stores a message that an interaction waits for.
func (d *Discord) complete(it *interaction, m *Message, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	it.waiting = false
	d.store(it.channel, m)
	return http.StatusOK, m, nil
}

func (d *Discord) getFollowup(c *call) (int, any, error) {
	_, m, err := d.followup(c)
	return http.StatusOK, m, err
}

func (d *Discord) editFollowup(c *call) (int, any, error) {
	it, old, err := d.followup(c)
	if err != nil {
		return 0, nil, err
	}
	value, err := c.value()
	if err != nil {
		return 0, nil, err
	}
	m, err := d.edit(c, it.channel, old, AllPermissions, value, flagsForInteractions)
	return d.complete(it, m, err)
}

func (d *Discord) deleteFollowup(c *call) (int, any, error) {
	it, m, err := d.followup(c)
	if err != nil {
		return 0, nil, err
	}
	if m.ID == it.original {
		it.original, it.waiting = "", false
	}
	d.remove(it.channel, m.ID)
	return http.StatusNoContent, nil, nil
}
