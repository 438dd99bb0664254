package playground

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// The types of messages.
const (
	messageDefault = 0
	messageReply   = 19
	messageCommand = 20
)

// Message is a message as Discord's API returns it.
type Message struct {
	ID              string       `json:"id"`
	ChannelID       string       `json:"channel_id"`
	GuildID         string       `json:"guild_id,omitempty"`
	Type            int          `json:"type"`
	Author          *User        `json:"author"`
	Content         string       `json:"content"`
	Timestamp       time.Time    `json:"timestamp"`
	EditedTimestamp *time.Time   `json:"edited_timestamp"`
	TTS             bool         `json:"tts"`
	MentionEveryone bool         `json:"mention_everyone"`
	Mentions        []*User      `json:"mentions"`
	MentionRoles    []string     `json:"mention_roles"`
	Attachments     []Attachment `json:"attachments"`
	Embeds          []Embed      `json:"embeds"`
	Components      []Component  `json:"components"`
	Pinned          bool         `json:"pinned"`
	Flags           int          `json:"flags"`
	Nonce           string       `json:"nonce,omitempty"`
	ApplicationID   string       `json:"application_id,omitempty"`
	WebhookID       string       `json:"webhook_id,omitempty"`
	Reference       *Reference   `json:"message_reference,omitempty"`
	Interaction     *Origin      `json:"interaction_metadata,omitempty"`
}

// Reference is the message that a message answers.
type Reference struct {
	MessageID string `json:"message_id"`
	ChannelID string `json:"channel_id,omitempty"`
	GuildID   string `json:"guild_id,omitempty"`
}

// Origin is the interaction that a message came from.
type Origin struct {
	ID   string `json:"id"`
	Type int    `json:"type"`
	User *User  `json:"user"`
	Name string `json:"name,omitempty"`

	page bool // The page is told of the message, also when only the user sees it.
}

// Ephemeral says whether only one user sees the message.
func (m *Message) Ephemeral() bool { return m.Flags&flagEphemeral != 0 }

// draft is a message's body on its way in.
type draft struct {
	Content         string            `json:"content"`
	TTS             bool              `json:"tts"`
	Embeds          []Embed           `json:"embeds"`
	Components      []Component       `json:"components"`
	AllowedMentions *allowedMentions  `json:"allowed_mentions"`
	Attachments     []attachmentDraft `json:"attachments"`
	Flags           int               `json:"flags"`
	Nonce           json.RawMessage   `json:"nonce"`
	EnforceNonce    bool              `json:"enforce_nonce"`
	Reference       *Reference        `json:"message_reference"`
}

// Messages returns what members see in a channel, given by name or id: the last 500 messages, oldest first.
func (d *Discord) Messages(channel string) []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen(channel)
}

// WaitMessages waits until a channel, given by name or id, has at least n messages and returns them.
func (d *Discord) WaitMessages(ctx context.Context, channel string, n int) ([]Message, error) {
	var found []Message
	err := d.wait(ctx, func() bool {
		found = d.seen(channel)
		return len(found) >= n
	})
	return found, err
}

func (d *Discord) seen(channel string) []Message {
	ch := d.channelNamed(channel)
	if ch == nil {
		return nil
	}
	all := make([]Message, 0, len(ch.messages))
	for _, m := range ch.messages {
		all = append(all, *m)
	}
	return all
}

// wait returns when a condition holds, which it checks with the lock held.
func (d *Discord) wait(ctx context.Context, holds func() bool) error {
	for {
		d.mu.Lock()
		ok, changed := holds(), d.changed
		d.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-d.done:
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// message returns a channel's message, also one that only one user sees, nil when there is none.
func (ch *channel) message(id string) *Message {
	for _, all := range [][]*Message{ch.messages, ch.whispers} {
		for _, m := range all {
			if m.ID == id {
				return m
			}
		}
	}
	return nil
}

// keep adds a message to the ones a channel remembers, or replaces the one with its id. The caller holds the
// lock.
func (d *Discord) keep(all []*Message, m *Message) []*Message {
	if i := slices.IndexFunc(all, func(old *Message) bool { return old.ID == m.ID }); i >= 0 {
		all[i] = m
		return all
	}
	if len(all) == kept {
		d.attachments.drop(all[0].ID)
		all = slices.Delete(all, 0, 1)
	}
	return append(all, m)
}

// store keeps a message and tells everybody who may see it. The caller holds the lock.
func (d *Discord) store(ch *channel, m *Message) {
	defer d.touch()
	if m.Ephemeral() {
		d.whisper(ch, m)
		return
	}
	event, news := eventMessageCreate, "message_create"
	if m.EditedTimestamp != nil || ch.message(m.ID) != nil {
		event, news = eventMessageUpdate, "message_update"
	}
	ch.messages = d.keep(ch.messages, m)
	ch.thread.active = d.now().UTC()
	told := *m
	told.GuildID = ch.guildID()
	d.dispatch(event, ch.messageIntent(), ch.guildID(), &told)
	d.show(ch, news, pageMessage(m))
}

// remove deletes a message. The caller holds the lock.
func (d *Discord) remove(ch *channel, id string) {
	gone := func(m *Message) bool { return m.ID == id }
	defer d.touch()
	d.attachments.drop(id)
	if i := slices.IndexFunc(ch.whispers, gone); i >= 0 {
		d.unwhisper(ch, ch.whispers[i])
		return
	}
	ch.messages = slices.DeleteFunc(ch.messages, gone)
	object := map[string]any{"id": id, "channel_id": ch.id}
	d.show(ch, "message_delete", object)
	if ch.guild != nil {
		object = map[string]any{"id": id, "channel_id": ch.id, "guild_id": ch.guild.id}
	}
	d.dispatch(eventMessageDelete, ch.messageIntent(), ch.guildID(), object)
}

func (ch *channel) messageIntent() int {
	if ch.guild == nil {
		return intentDirectMessages
	}
	return intentGuildMessages
}
