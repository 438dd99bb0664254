package playground

import (
	"encoding/json"
	"net/http"
)

// shownRequests is how many of the last requests a page begins with.
const shownRequests = 200

// worthSwitching are the permissions that make a difference here, by the names that Discord gives them.
var worthSwitching = map[string]Permissions{
	"Administrator": Administrator, "ManageGuild": ManageGuild, "ManageChannels": ManageChannels,
	"ViewChannel": ViewChannel, "SendMessages": SendMessages, "EmbedLinks": EmbedLinks, "AttachFiles": AttachFiles,
	"UseApplicationCommands": UseApplicationCommands,
}

// pageState returns everything that the page shows. What only one user sees is not part of it.
func (d *Discord) pageState(*http.Request) (any, error) {
	d.mu.Lock()
	playing := d.hosting
	d.mu.Unlock()
	host := playing.summary()
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.guilds[0]
	channels, messages := []any{}, map[string]any{}
	for _, ch := range g.channels {
		channels = append(channels, ch.summary())
		all := []Message{}
		for _, m := range ch.messages {
			all = append(all, pageMessage(m))
		}
		messages[ch.id] = all
	}
	state, err := json.Marshal(map[string]any{
		"guild": map[string]any{"id": g.id, "name": g.name}, "bot": d.bot, "users": d.pageUsers(g), "roles": g.roles,
		"channels": channels, "messages": messages, "me": d.userNamed(Admin).ID, "locales": locales,
		"requests": append([]Request{}, last(d.requests.all, shownRequests)...), "permissions": worthSwitching,
		"mischief": d.mischiefState(), "host": host,
	})
	return json.RawMessage(state), err
}

// pageUsers returns the people of a guild. The caller holds the lock.
func (d *Discord) pageUsers(g *guild) []any {
	users := []any{}
	for _, m := range g.members {
		if m.user == d.bot {
			continue
		}
		users = append(users, map[string]any{
			"id": m.user.ID, "username": m.user.Username, "global_name": m.user.GlobalName, "bot": m.user.Bot,
			"permissions": g.permissions(m.user.ID),
		})
	}
	return users
}
