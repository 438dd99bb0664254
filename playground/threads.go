package playground

import (
	"encoding/json"
	"net/http"
)

// archiveAfter is after how many minutes without a message a thread is archived, unless it says otherwise.
const archiveAfter = 1440

var threadFields = fields{
	"name": required{text{1, 100}}, "auto_archive_duration": choice{60, 1440, 4320, 10080},
	"rate_limit_per_user": integer{0, 21600},
}

// threadDraft is a thread's body on its way in.
type threadDraft struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Message json.RawMessage `json:"message"`
}

// threadObject completes a channel's object for a thread.
func (ch *channel) threadObject(o map[string]any) map[string]any {
	o["parent_id"], o["owner_id"], o["applied_tags"] = ch.parent.id, ch.owner, []string{}
	o["message_count"], o["total_message_sent"], o["member_count"] = len(ch.messages), len(ch.messages), 1
	o["thread_metadata"] = map[string]any{
		"archived": ch.archived, "locked": ch.locked, "auto_archive_duration": archiveAfter,
		"archive_timestamp": ch.born, "create_timestamp": ch.born,
	}
	return o
}

// ArchiveThread archives a thread, given by name or id. Writing in it brings it back, unless it is locked.
func (d *Discord) ArchiveThread(thread string, locked bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.channelNamed(thread); ch != nil && ch.thread() {
		ch.archived, ch.locked = true, locked
		d.channelChanged(ch)
	}
}

// newThread adds a thread to a channel. The caller holds the lock.
func (d *Discord) newThread(parent *channel, id, name string, kind int) *channel {
	ch := &channel{id: id, name: name, kind: kind, guild: parent.guild, parent: parent, owner: d.bot.ID, born: d.now().UTC()}
	parent.guild.channels = append(parent.guild.channels, ch)
	o := ch.object()
	o["newly_created"] = true
	d.dispatch(eventThreadCreate, intentGuilds, ch.guildID(), o)
	d.show(ch, "channel_update", ch.summary())
	d.touch()
	return ch
}

// createThread makes a thread that begins with no message of its channel: a forum's post, or a thread beside
// the messages.
func (d *Discord) createThread(c *call) (int, any, error) {
	parent, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	var in threadDraft
	if parent.kind == channelForum {
		return d.createPost(c, parent, p)
	}
	kinds := threadFields.and(fields{"type": choice{channelNewsThread, channelPublicThread, channelPrivateThread}, "invitable": boolean{}})
	if err := c.read(object{fields: kinds}, &in); err != nil {
		return 0, nil, err
	}
	if in.Type == 0 {
		in.Type = channelPrivateThread
	}
	needed := CreatePublicThreads
	if in.Type == channelPrivateThread {
		needed = CreatePrivateThreads
	}
	switch {
	case parent.kind != channelText && parent.kind != channelNews, (in.Type == channelNewsThread) != (parent.kind == channelNews):
		return 0, nil, errChannelType
	case !p.Has(needed):
		return 0, nil, errMissingPermissions
	}
	return http.StatusCreated, d.newThread(parent, d.id(), in.Name, in.Type).object(), nil
}

// createPost makes a thread in a forum, with its first message.
func (d *Discord) createPost(c *call, forum *channel, p Permissions) (int, any, error) {
	var in threadDraft
	first := messageRule(flagsForMessage)
	if err := c.read(object{fields: threadFields.and(fields{"message": required{first}})}, &in); err != nil {
		return 0, nil, err
	}
	var message draft
	if err := json.Unmarshal(in.Message, &message); err != nil {
		return 0, nil, err
	}
	if !p.Has(SendMessages) {
		return 0, nil, errMissingPermissions
	}
	if err := permitted(p, message, c.files); err != nil {
		return 0, nil, err
	}
	m := &Message{}
	if err := d.compose(c, forum, m, message); err != nil {
		return 0, nil, err
	}
	thread := d.newThread(forum, m.ID, in.Name, channelPublicThread)
	m.ChannelID = thread.id
	d.store(thread, m)
	o := thread.object()
	o["message"] = m
	return http.StatusCreated, o, nil
}

// createMessageThread makes a thread that begins with a message. It has the message's id.
func (d *Discord) createMessageThread(c *call) (int, any, error) {
	parent, p, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	var in threadDraft
	if err := c.read(object{fields: threadFields}, &in); err != nil {
		return 0, nil, err
	}
	m := parent.message(c.PathValue("message_id"))
	kind := channelPublicThread
	if parent.kind == channelNews {
		kind = channelNewsThread
	}
	switch {
	case m == nil || m.Ephemeral():
		return 0, nil, errUnknownMessage
	case parent.kind != channelText && parent.kind != channelNews:
		return 0, nil, errChannelType
	case !p.Has(CreatePublicThreads):
		return 0, nil, errMissingPermissions
	case m.Flags&flagHasThread != 0:
		return 0, nil, errThreadExists
	}
	begun := *m
	begun.Flags |= flagHasThread
	d.store(parent, &begun)
	return http.StatusCreated, d.newThread(parent, m.ID, in.Name, kind).object(), nil
}
