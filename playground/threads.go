package playground

import (
	"encoding/json"
	"net/http"
	"time"
)

// staying is for how many minutes without a message a thread stays active, unless it says otherwise.
const staying = 1440

var threadFields = fields{
	"name": required{text{1, 100}}, "auto_archive_duration": choice{60, 1440, 4320, 10080},
	"rate_limit_per_user": integer{0, 21600},
}

// thread is what a channel has besides when it is a thread.
type thread struct {
	owner    string
	born     time.Time
	stays    int       // Minutes without a message until it is archived.
	pace     int       // Seconds between two messages of one person.
	active   time.Time // When something was said in it last.
	archived bool
	turned   time.Time // When it was archived, or brought back, last.
	locked   bool
	tags     []string // The ids of a post's tags.
}

// threadDraft is a thread's body on its way in.
type threadDraft struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Stays   int             `json:"auto_archive_duration"`
	Pace    int             `json:"rate_limit_per_user"`
	Tags    []string        `json:"applied_tags"`
	Message json.RawMessage `json:"message"`
}

// threadObject completes a channel's object for a thread.
func (ch *channel) threadObject(o map[string]any) map[string]any {
	t, said := &ch.thread, 0
	for _, m := range ch.messages {
		if m.ID != ch.id { // A post's first message does not count.
			said++
		}
	}
	o["parent_id"], o["owner_id"], o["applied_tags"] = ch.parent.id, t.owner, append([]string{}, t.tags...)
	o["rate_limit_per_user"] = t.pace
	o["message_count"], o["total_message_sent"], o["member_count"] = said, said, 1
	metadata := map[string]any{
		"archived": t.archived, "locked": t.locked, "auto_archive_duration": t.stays,
		"archive_timestamp": t.turned, "create_timestamp": t.born,
	}
	if ch.kind == channelPrivateThread {
		metadata["invitable"] = true
	}
	o["thread_metadata"] = metadata
	return o
}

// newThread adds a thread of a user to a channel. The caller holds the lock.
func (d *Discord) newThread(parent *channel, id string, kind int, owner *User, in threadDraft) *channel {
	now := d.now().UTC()
	ch := &channel{id: id, name: in.Name, kind: kind, guild: parent.guild, parent: parent, thread: thread{
		owner: owner.ID, born: now, stays: in.Stays, pace: in.Pace, active: now, turned: now, tags: in.Tags,
	}}
	if ch.thread.stays == 0 {
		ch.thread.stays = staying
	}
	parent.guild.channels = append(parent.guild.channels, ch)
	if parent.isForum() {
		parent.forum.newest = id
	}
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
	if parent.isForum() {
		return d.createPost(c, parent, p)
	}
	var in threadDraft
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
	case d.crowded(parent.guild):
		return 0, nil, errTooManyThreads
	}
	return http.StatusCreated, d.newThread(parent, d.id(), in.Type, d.bot, in).object(), nil
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
	switch {
	case m == nil || m.Ephemeral():
		return 0, nil, errUnknownMessage
	case parent.kind != channelText && parent.kind != channelNews:
		return 0, nil, errChannelType
	case !p.Has(CreatePublicThreads):
		return 0, nil, errMissingPermissions
	case m.Flags&flagHasThread != 0:
		return 0, nil, errThreadExists
	case d.crowded(parent.guild):
		return 0, nil, errTooManyThreads
	}
	begun := *m
	begun.Flags |= flagHasThread
	d.store(parent, &begun)
	return http.StatusCreated, d.newThread(parent, m.ID, parent.threadKind(), d.bot, in).object(), nil
}

// threadKind is the type of the threads in a channel that everybody sees.
func (ch *channel) threadKind() int {
	if ch.kind == channelNews {
		return channelNewsThread
	}
	return channelPublicThread
}

// AddThread lets Admin begin a thread in a channel, given by name or id, and returns its id, "" when there is no such
// channel. In a forum it is a post, which says its own name.
func (d *Discord) AddThread(channel, name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	parent, by := d.channelNamed(channel), d.userNamed(Admin)
	if parent == nil || parent.guild == nil || parent.isThread() {
		return ""
	}
	ch := d.newThread(parent, d.id(), parent.threadKind(), by, threadDraft{Name: name})
	if parent.isForum() {
		first := &Message{ID: ch.id, ChannelID: ch.id, Author: by, Timestamp: d.now().UTC(), Content: name}
		d.mentions(ch, first, nil)
		first.Attachments, first.Embeds, first.Components = []Attachment{}, []Embed{}, []Component{}
		d.store(ch, first)
	}
	return ch.id
}
