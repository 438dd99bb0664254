package playground

import (
	"net/http"
	"slices"
	"time"
)

// The people of every guild, by user name. Owner may do everything, Admin has Manage Server, Member has
// neither.
const (
	Owner  = "olivia"
	Admin  = "ada"
	Member = "max"
)

// User is a person or the bot.
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"`
	GlobalName    *string `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
	PublicFlags   int     `json:"public_flags"`
}

// role is a set of permissions that members have.
type role struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Color       int         `json:"color"`
	Colors      roleColors  `json:"colors"`
	Hoist       bool        `json:"hoist"`
	Position    int         `json:"position"`
	Permissions Permissions `json:"permissions"`
	Managed     bool        `json:"managed"`
	Mentionable bool        `json:"mentionable"`
	Flags       int         `json:"flags"`
}

type roleColors struct {
	Primary   int  `json:"primary_color"`
	Secondary *int `json:"secondary_color"`
	Tertiary  *int `json:"tertiary_color"`
}

type member struct {
	user  *User
	roles []string
}

type guild struct {
	id          string
	name        string
	locale      string
	owner       string
	roles       []*role
	members     []*member
	channels    []*channel
	joined      bool // Whether the bot is in it.
	unavailable bool
	since       time.Time
}

func (g *guild) member(userID string) *member {
	for _, m := range g.members {
		if m.user.ID == userID {
			return m
		}
	}
	return nil
}

func (g *guild) role(id string) *role {
	for _, r := range g.roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// object returns a member as Discord shows it.
func (m *member) object(g *guild) map[string]any {
	return map[string]any{
		"user": m.user, "roles": m.roles, "nick": nil, "avatar": nil, "banner": nil, "joined_at": g.since,
		"premium_since": nil, "deaf": false, "mute": false, "pending": false, "flags": 0,
		"communication_disabled_until": nil,
	}
}

// object returns a guild as REST shows it.
func (g *guild) object() map[string]any {
	return map[string]any{
		"id": g.id, "name": g.name, "owner_id": g.owner, "preferred_locale": g.locale, "roles": g.roles,
		"icon": nil, "splash": nil, "banner": nil, "description": nil, "features": []string{"COMMUNITY", "NEWS"},
		"afk_channel_id": nil, "afk_timeout": 300, "application_id": nil, "system_channel_id": nil,
		"system_channel_flags": 0, "rules_channel_id": nil, "public_updates_channel_id": nil,
		"verification_level": 1, "default_message_notifications": 1, "explicit_content_filter": 2, "mfa_level": 0,
		"nsfw_level": 0, "premium_tier": 0, "premium_subscription_count": 0, "premium_progress_bar_enabled": false,
		"max_members": 25000000, "vanity_url_code": nil, "emojis": []any{}, "stickers": []any{},
	}
}

// created returns a guild as GUILD_CREATE shows it.
func (g *guild) created(botID string) map[string]any {
	o := g.object()
	channels, threads := []any{}, []any{}
	for _, ch := range g.channels {
		switch {
		case !ch.isThread():
			channels = append(channels, ch.object())
		case !ch.thread.archived:
			threads = append(threads, ch.object())
		}
	}
	o["channels"], o["threads"] = channels, threads
	o["members"] = []any{g.member(botID).object(g)}
	o["member_count"], o["large"], o["unavailable"], o["joined_at"] = len(g.members), false, false, g.since
	for _, none := range []string{"voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		o[none] = []any{}
	}
	return o
}

// guild returns a guild that the bot can see. The caller holds the lock.
func (d *Discord) guild(id string) (*guild, error) {
	i := slices.IndexFunc(d.guilds, func(g *guild) bool { return g.id == id })
	switch {
	case i < 0:
		return nil, errUnknownGuild
	case !d.guilds[i].joined || d.guilds[i].unavailable:
		return nil, errMissingAccess
	}
	return d.guilds[i], nil
}

func (d *Discord) userNamed(nameOrID string) *User {
	for _, u := range d.users {
		if u.Username == nameOrID || u.ID == nameOrID {
			return u
		}
	}
	return nil
}

func (d *Discord) getGuild(c *call) (int, any, error) {
	g, err := d.guild(c.PathValue("guild_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, g.object(), nil
}

func (d *Discord) getRoles(c *call) (int, any, error) {
	g, err := d.guild(c.PathValue("guild_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, g.roles, nil
}

func (d *Discord) getMember(c *call) (int, any, error) {
	g, err := d.guild(c.PathValue("guild_id"))
	if err != nil {
		return 0, nil, err
	}
	m := g.member(c.PathValue("user_id"))
	if m == nil {
		return 0, nil, errUnknownMember
	}
	return http.StatusOK, m.object(g), nil
}
