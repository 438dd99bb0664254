package playground

import (
	"net/http"
	"slices"
)

// The types of channels.
const (
	channelText          = 0
	channelDM            = 1
	channelCategory      = 4
	channelNews          = 5
	channelNewsThread    = 10
	channelPublicThread  = 11
	channelPrivateThread = 12
	channelForum         = 15
	channelMedia         = 16
)

// kept is how many messages a channel remembers.
const kept = 500

type channel struct {
	id         string
	name       string
	topic      string
	kind       int
	guild      *guild   // Nil for a DM.
	parent     *channel // Of a thread.
	with       *User    // The other side of a DM.
	position   int
	overwrites []overwrite
	messages   []*Message
	whispers   []*Message // Ephemeral messages.
	forum      forum
	thread     thread
}

func (ch *channel) isThread() bool {
	return ch.kind >= channelNewsThread && ch.kind <= channelPrivateThread
}

// isForum says whether there is nothing in a channel but posts, each a thread.
func (ch *channel) isForum() bool { return ch.kind == channelForum || ch.kind == channelMedia }

// rules returns the overwrites that hold in a channel: a thread has its parent's.
func (ch *channel) rules() []overwrite {
	if ch.parent != nil {
		return ch.parent.overwrites
	}
	return ch.overwrites
}

// sending is the permission it takes to write in a channel.
func (ch *channel) sending() Permissions {
	if ch.isThread() {
		return SendMessagesInThreads
	}
	return SendMessages
}

func (ch *channel) guildID() string {
	if ch.guild == nil {
		return ""
	}
	return ch.guild.id
}

// newest returns the id of the last message, which in a forum is that of the last post, or nil.
func (ch *channel) newest() any {
	if ch.forum.newest != "" {
		return ch.forum.newest
	}
	if len(ch.messages) == 0 {
		return nil
	}
	return ch.messages[len(ch.messages)-1].ID
}

// object returns a channel as REST and the gateway show it.
func (ch *channel) object() map[string]any {
	o := map[string]any{"id": ch.id, "type": ch.kind, "last_message_id": ch.newest(), "flags": 0, "last_pin_timestamp": nil}
	if ch.guild == nil {
		o["recipients"] = []*User{ch.with}
		return o
	}
	o["guild_id"], o["name"], o["parent_id"], o["rate_limit_per_user"] = ch.guild.id, ch.name, nil, 0
	if ch.isThread() {
		return ch.threadObject(o)
	}
	o["position"], o["permission_overwrites"], o["nsfw"] = ch.position, append([]overwrite{}, ch.overwrites...), false
	o["topic"] = nil
	if ch.topic != "" {
		o["topic"] = ch.topic
	}
	if ch.isForum() {
		ch.forum.describe(o)
	}
	return o
}

// newChannel adds a channel to a guild. The caller holds the lock.
func (d *Discord) newChannel(g *guild, name, topic string, kind int) *channel {
	ch := &channel{id: d.id(), name: name, topic: topic, kind: kind, guild: g, position: len(g.channels)}
	g.channels = append(g.channels, ch)
	return ch
}

// AddChannel adds a text channel to a guild and returns its id, "" when there is no such guild.
func (d *Discord) AddChannel(guildID, name string) string {
	return d.AddChannelOfType(guildID, name, channelText)
}

// AddChannelOfType adds a channel of one of Discord's types, such as 5 for announcements, 15 for a forum or 16 for
// media, to a guild and returns its id, "" when there is no such guild.
func (d *Discord) AddChannelOfType(guildID, name string, kind int) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	g, err := d.guild(guildID)
	if err != nil {
		return ""
	}
	return d.addChannel(g, name, "", kind).id
}

// addChannel adds a channel to a guild and tells of it. The caller holds the lock.
func (d *Discord) addChannel(g *guild, name, topic string, kind int) *channel {
	ch := d.newChannel(g, name, topic, kind)
	d.dispatch(eventChannelCreate, intentGuilds, g.id, ch.object())
	d.show(ch, "channel_update", ch.summary())
	d.touch()
	return ch
}

// DeleteChannel deletes a channel, given by name or id, and its threads.
func (d *Discord) DeleteChannel(nameOrID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if gone := d.channelNamed(nameOrID); gone != nil && gone.guild != nil {
		d.removeChannel(gone)
	}
}

// removeChannel deletes a guild's channel and its threads. The caller holds the lock.
func (d *Discord) removeChannel(gone *channel) {
	gone.guild.channels = slices.DeleteFunc(gone.guild.channels, func(ch *channel) bool {
		return ch == gone || ch.parent == gone
	})
	event := eventChannelDelete
	if gone.isThread() {
		event = eventThreadDelete
	}
	d.dispatch(event, intentGuilds, gone.guildID(), gone.object())
	d.show(gone, "channel_update", map[string]any{"id": gone.id, "deleted": true})
	d.touch()
}

// channelChanged tells that a channel is not what it was. The caller holds the lock.
func (d *Discord) channelChanged(ch *channel) {
	event := eventChannelUpdate
	if ch.isThread() {
		event = eventThreadUpdate
	}
	d.dispatch(event, intentGuilds, ch.guildID(), ch.object())
	d.show(ch, "channel_update", ch.summary())
	d.touch()
}

// everyChannel returns all channels, those of the first guild first. The caller holds the lock.
func (d *Discord) everyChannel() []*channel {
	var all []*channel
	for _, g := range d.guilds {
		all = append(all, g.channels...)
	}
	return append(all, d.direct...)
}

// channelNamed finds a channel by name or id. The caller holds the lock.
func (d *Discord) channelNamed(nameOrID string) *channel {
	for _, ch := range d.everyChannel() {
		if ch.id == nameOrID || ch.name != "" && ch.name == nameOrID {
			return ch
		}
	}
	return nil
}

// visible returns a channel that the bot may see, and what it may do there. The caller holds the lock.
func (d *Discord) visible(id string) (*channel, Permissions, error) {
	for _, ch := range d.everyChannel() {
		if ch.id != id {
			continue
		}
		if g := ch.guild; g != nil && (!g.joined || g.unavailable) {
			return nil, 0, errMissingAccess
		}
		p := ch.permissions(d.bot.ID)
		if !p.Has(ViewChannel) {
			return nil, 0, errMissingAccess
		}
		d.expire(ch)
		return ch, p, nil
	}
	return nil, 0, errUnknownChannel
}

func (d *Discord) getChannel(c *call) (int, any, error) {
	ch, _, err := d.visible(c.PathValue("channel_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, ch.object(), nil
}

func (d *Discord) getChannels(c *call) (int, any, error) {
	g, err := d.guild(c.PathValue("guild_id"))
	if err != nil {
		return 0, nil, err
	}
	channels := []any{}
	for _, ch := range g.channels {
		if !ch.isThread() {
			channels = append(channels, ch.object())
		}
	}
	return http.StatusOK, channels, nil
}

// createDM opens the conversation with a user, or returns the one there is.
func (d *Discord) createDM(c *call) (int, any, error) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if err := c.read(object{fields: fields{"recipient_id": required{snowflake{}}}}, &body); err != nil {
		return 0, nil, err
	}
	u := d.userNamed(body.Recipient)
	switch {
	case u == nil || u.ID != body.Recipient:
		return 0, nil, invalid("recipient_id", "USER_RECIPIENT_UNKNOWN", "Unknown recipient")
	case u.Bot:
		return 0, nil, errCannotMessageUser
	}
	return http.StatusOK, d.dm(u).object(), nil
}

// dm returns the conversation with a user. The caller holds the lock.
func (d *Discord) dm(u *User) *channel {
	for _, ch := range d.direct {
		if ch.with == u {
			return ch
		}
	}
	ch := &channel{id: d.id(), kind: channelDM, with: u}
	d.direct = append(d.direct, ch)
	return ch
}
