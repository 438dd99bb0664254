package playground

import (
	"regexp"
	"slices"
	"strings"
)

// allowedMentions says whom a message may notify.
// See https://discord.com/developers/docs/resources/message#allowed-mentions-object.
type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users"`
	Roles       []string `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

var (
	mention = regexp.MustCompile(`<@([!&]?)(\d+)>`)
	code    = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")
)

// mentions sets whom a message really notifies. An embed never notifies anyone.
func (d *Discord) mentions(ch *channel, m *Message, allowed *allowedMentions) {
	m.Mentions, m.MentionRoles, m.MentionEveryone = []*User{}, []string{}, false
	if allowed == nil {
		allowed = &allowedMentions{Parse: []string{"users", "roles", "everyone"}, RepliedUser: true}
	}
	said := m.Content
	walk(m.Components, func(c *Component) { said += "\n" + c.Content })
	said = code.ReplaceAllString(said, "")
	loud := ch.permissions(d.bot.ID).Has(MentionEveryone)
	m.MentionEveryone = loud && slices.Contains(allowed.Parse, "everyone") &&
		(strings.Contains(said, "@everyone") || strings.Contains(said, "@here"))
	for _, match := range mention.FindAllStringSubmatch(said, -1) {
		if match[1] == "&" {
			d.mentionRole(ch, m, match[2], allowed, loud)
		} else if slices.Contains(allowed.Parse, "users") || slices.Contains(allowed.Users, match[2]) {
			m.mentionUser(d.userNamed(match[2]))
		}
	}
	if m.Reference != nil && allowed.RepliedUser {
		if to := ch.message(m.Reference.MessageID); to != nil {
			m.mentionUser(to.Author)
		}
	}
}

func (m *Message) mentionUser(u *User) {
	if u != nil && !slices.Contains(m.Mentions, u) {
		m.Mentions = append(m.Mentions, u)
	}
}

func (d *Discord) mentionRole(ch *channel, m *Message, id string, allowed *allowedMentions, loud bool) {
	if ch.guild == nil || !slices.Contains(allowed.Parse, "roles") && !slices.Contains(allowed.Roles, id) {
		return
	}
	if r := ch.guild.role(id); r != nil && (r.Mentionable || loud) && !slices.Contains(m.MentionRoles, id) {
		m.MentionRoles = append(m.MentionRoles, id)
	}
}
