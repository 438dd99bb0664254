package playground

import "slices"

// seenBy says whether a user sees a channel.
func (ch *channel) seenBy(u *User) bool {
	if ch.guild == nil {
		return ch.with == u
	}
	return ch.permissions(u.ID).Has(ViewChannel)
}

// seenBy says whether a user sees a message of a channel that they see. The page sees, of what is for one
// user only, what was asked for in the page: what a program asked for by Run may be for that program's eyes.
func (m *Message) seenBy(u *User, page bool) bool {
	return !m.Ephemeral() || m.Interaction.User == u && (m.Interaction.page || !page)
}

// whisper keeps a message that only one user sees. The caller holds the lock, and touches.
func (d *Discord) whisper(ch *channel, m *Message) {
	kind := "whisper_create"
	if ch.message(m.ID) != nil {
		kind = "whisper_update"
	}
	ch.whispers = d.keep(ch.whispers, m)
	if m.Interaction.page {
		d.show(ch, kind, map[string]any{"user": m.Interaction.User.ID, "message": pageMessage(m)})
	}
}

// unwhisper deletes a message that only one user sees. The caller holds the lock, and touches.
func (d *Discord) unwhisper(ch *channel, m *Message) {
	ch.whispers = slices.DeleteFunc(ch.whispers, func(other *Message) bool { return other == m })
	if m.Interaction.page {
		d.show(ch, "whisper_delete", map[string]any{"user": m.Interaction.User.ID, "id": m.ID, "channel_id": ch.id})
	}
}
