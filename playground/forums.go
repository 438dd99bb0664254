package playground

import (
	"encoding/json"
	"net/http"
	"slices"
)

// flagRequireTag is the flag of a forum whose posts have at least one tag.
const flagRequireTag = 1 << 4

// postFlags may be set in a post's first message.
const postFlags = flagSuppressEmbeds | flagSuppressNotify

// Tag is what the posts of a forum can be marked with.
type Tag struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Moderated bool    `json:"moderated"` // Only those who manage threads give it.
	EmojiID   *string `json:"emoji_id"`
	EmojiName *string `json:"emoji_name"`
}

// forum is what a channel has besides when there is nothing but posts in it.
type forum struct {
	tags        []Tag
	tagRequired bool
	newest      string // The id of the last post.
}

// empty is a forum like this one, without its posts.
func (f forum) empty() forum { return forum{tags: f.tags, tagRequired: f.tagRequired} }

// describe completes a channel's object for a forum.
func (f forum) describe(o map[string]any) {
	o["available_tags"], o["default_reaction_emoji"], o["default_sort_order"] = append([]Tag{}, f.tags...), nil, nil
	o["default_forum_layout"] = 0
	if f.tagRequired {
		o["flags"] = flagRequireTag
	}
}

// SetTags sets the tags of a forum, given by name or id, says whether a post needs one, and returns the tags with the ids
// that they were given.
func (d *Discord) SetTags(forum string, required bool, tags ...Tag) []Tag {
	d.mu.Lock()
	defer d.mu.Unlock()
	ch := d.channelNamed(forum)
	if ch == nil || !ch.isForum() {
		return nil
	}
	for i := range tags {
		tags[i].ID = d.id()
	}
	ch.forum.tags, ch.forum.tagRequired = tags, required
	d.channelChanged(ch)
	return tags
}

// tagNames are the names of a post's tags that its forum still has.
func (ch *channel) tagNames() []string {
	names := []string{}
	for _, tag := range ch.parent.forum.tags {
		if slices.Contains(ch.thread.tags, tag.ID) {
			names = append(names, tag.Name)
		}
	}
	return names
}

// createPost makes a thread in a forum, with its first message.
func (d *Discord) createPost(c *call, forum *channel, p Permissions) (int, any, error) {
	if !p.Has(SendMessages) {
		return 0, nil, errMissingPermissions
	}
	in, message, err := readPost(c)
	if err != nil {
		return 0, nil, err
	}
	if err := permitted(p, message, c.files); err != nil {
		return 0, nil, err
	}
	if err := forum.forum.checkTags(in.Tags, p.Has(ManageThreads)); err != nil {
		return 0, nil, err
	}
	if err := d.moderate(message); err != nil {
		return 0, nil, err
	}
	if d.crowded(forum.guild) {
		return 0, nil, errTooManyThreads
	}
	m := &Message{}
	if err := d.compose(c, forum, m, message); err != nil {
		return 0, nil, err
	}
	thread := d.newThread(forum, m.ID, channelPublicThread, d.bot, in)
	m.ChannelID = thread.id
	d.store(thread, m)
	o := thread.object()
	o["message"] = m
	return http.StatusCreated, o, nil
}

// readPost reads a post and its first message, which is not quite like any other: it has no nonce, answers nothing and
// is not read aloud.
func readPost(c *call) (in threadDraft, message draft, err error) {
	err = c.read(object{fields: threadFields.and(fields{
		"message": required{messageRule(postFlags)}, "applied_tags": distinct{list{0, 5, snowflake{}}},
	})}, &in)
	if err == nil {
		err = json.Unmarshal(in.Message, &message)
	}
	message.Nonce, message.EnforceNonce, message.Reference, message.TTS = nil, false, nil, false
	return in, message, err
}

// checkTags says whether a post can have the tags, or why not.
func (f forum) checkTags(given []string, moderator bool) error {
	free := slices.ContainsFunc(f.tags, func(t Tag) bool { return moderator || !t.Moderated })
	switch {
	case f.tagRequired && !free:
		return errNoTags
	case f.tagRequired && len(given) == 0:
		return errTagRequired
	}
	for _, id := range given {
		i := slices.IndexFunc(f.tags, func(t Tag) bool { return t.ID == id })
		switch {
		case i < 0:
			return errUnknownTag
		case f.tags[i].Moderated && !moderator:
			return errMissingPermissions
		}
	}
	return nil
}
