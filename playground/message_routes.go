package playground

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// writable returns a channel that the bot may write in, and what it may do there. The caller holds the lock.
func (d *Discord) writable(id string) (*channel, Permissions, error) {
	ch, p, err := d.visible(id)
	switch {
	case err != nil:
		return nil, 0, err
	case ch.isForum():
		return nil, 0, errForumChannel
	case ch.kind == channelCategory:
		return nil, 0, errNonTextChannel
	case !p.Has(ch.sending()):
		return nil, 0, errMissingPermissions
	}
	return ch, p, d.reopenable(ch, p)
}

// permitted says whether the bot may send what a message holds.
func permitted(p Permissions, in draft, files []upload) error {
	if len(in.Embeds) > 0 && !p.Has(EmbedLinks) || len(files) > 0 && !p.Has(AttachFiles) {
		return errMissingPermissions
	}
	return nil
}

func (d *Discord) createMessage(c *call) (int, any, error) {
	ch, p, err := d.writable(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	var in draft
	if err := c.read(messageRule(flagsForMessage), &in); err != nil {
		return 0, nil, err
	}
	if err := permitted(p, in, c.files); err != nil {
		return 0, nil, err
	}
	if err := d.moderate(in); err != nil {
		return 0, nil, err
	}
	if first := d.repeated(in); first != nil {
		return http.StatusOK, first, nil
	}
	m := &Message{Nonce: nonceText(in.Nonce)}
	if in.Reference != nil && ch.message(in.Reference.MessageID) == nil {
		return 0, nil, invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	}
	if in.Reference != nil {
		m.Type = messageReply
	}
	if err := d.compose(c, ch, m, in); err != nil {
		return 0, nil, err
	}
	if m.Nonce != "" {
		d.nonces.add(m.Nonce, m.ID, d.now())
	}
	d.store(ch, m)
	return http.StatusOK, m, nil
}

// compose makes a new message of the bot out of what came in. The caller stores it.
func (d *Discord) compose(c *call, ch *channel, m *Message, in draft) error {
	content := strings.TrimSpace(in.Content)
	if content == "" && len(in.Embeds)+len(in.Components)+len(c.files) == 0 {
		return errEmptyMessage
	}
	if err := uploaded(c.files, in.Attachments); err != nil {
		return err
	}
	m.ID, m.ChannelID, m.Author, m.Timestamp = d.id(), ch.id, d.bot, d.now().UTC()
	m.Content, m.TTS, m.Reference = content, in.TTS, in.Reference
	m.Flags |= in.Flags
	m.Attachments = d.attach(origin(c.Request), ch.id, m.ID, c.files, in.Attachments)
	m.Embeds = trimmed(in.Embeds, m.Attachments)
	m.Components = append([]Component{}, in.Components...)
	number(m.Components)
	d.mentions(ch, m, in.AllowedMentions)
	if ch.thread.archived {
		d.archive(ch, false)
	}
	return nil
}

// uploaded refuses to describe a file that did not come along.
func uploaded(files []upload, drafts []attachmentDraft) error {
	for i, a := range drafts {
		id := strings.Trim(string(a.ID), `"`)
		if !slices.ContainsFunc(files, func(f upload) bool { return strconv.Itoa(f.n) == id }) {
			return invalid("attachments", "ATTACHMENT_NOT_FOUND", "Attachment data not found for index: %d", i)
		}
	}
	return nil
}

func (d *Discord) getMessage(c *call) (int, any, error) {
	ch, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	if !p.Has(ReadMessageHistory) {
		return 0, nil, errMissingAccess
	}
	m := ch.message(c.PathValue("message_id"))
	if m == nil || m.Ephemeral() {
		return 0, nil, errUnknownMessage
	}
	return http.StatusOK, m, nil
}

func (d *Discord) getMessages(c *call) (int, any, error) {
	ch, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	limit, before, after := 50, c.FormValue("before"), c.FormValue("after")
	if s := c.FormValue("limit"); s != "" {
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 || limit > 100 {
			return 0, nil, invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
		}
	}
	page := []*Message{}
	if !p.Has(ReadMessageHistory) {
		return http.StatusOK, page, nil
	}
	for _, m := range ch.messages {
		if (before == "" || older(m.ID, before)) && (after == "" || older(after, m.ID)) {
			page = append(page, m)
		}
	}
	if n := len(page) - limit; n > 0 && after == "" {
		page = page[n:]
	}
	page = page[:min(len(page), limit)]
	slices.Reverse(page)
	return http.StatusOK, page, nil
}

func (d *Discord) editMessage(c *call) (int, any, error) {
	ch, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	old := ch.message(c.PathValue("message_id"))
	switch {
	case old == nil || old.Ephemeral():
		return 0, nil, errUnknownMessage
	case old.Author != d.bot:
		return 0, nil, errOtherAuthor
	case ch.thread.archived:
		return 0, nil, errThreadArchived
	case ch.thread.locked && !p.Has(ManageThreads):
		return 0, nil, errThreadLocked
	}
	value, err := c.value()
	if err != nil {
		return 0, nil, err
	}
	m, err := d.edit(c, ch, old, p, value, flagsForMessage)
	if err != nil {
		return 0, nil, err
	}
	d.store(ch, m)
	return http.StatusOK, m, nil
}

func (d *Discord) deleteMessage(c *call) (int, any, error) {
	ch, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	m := ch.message(c.PathValue("message_id"))
	switch {
	case m == nil || m.Ephemeral():
		return 0, nil, errUnknownMessage
	case m.Author != d.bot && !p.Has(ManageMessages):
		return 0, nil, errMissingPermissions
	case ch.thread.archived && ch.thread.locked && !p.Has(ManageThreads):
		return 0, nil, errThreadArchived
	}
	d.remove(ch, m.ID)
	return http.StatusNoContent, nil, nil
}

func (d *Discord) crosspost(c *call) (int, any, error) {
	ch, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	m := ch.message(c.PathValue("message_id"))
	switch {
	case ch.kind != channelNews:
		return 0, nil, errChannelType
	case m == nil || m.Ephemeral():
		return 0, nil, errUnknownMessage
	case !p.Has(SendMessages) || m.Author != d.bot && !p.Has(ManageMessages):
		return 0, nil, errMissingPermissions
	case m.Flags&flagCrossposted != 0:
		return 0, nil, errAlreadyCrossposted
	}
	posted := *m
	posted.Flags |= flagCrossposted
	d.store(ch, &posted)
	return http.StatusOK, &posted, nil
}
