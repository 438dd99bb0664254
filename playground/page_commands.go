package playground

import (
	"net/http"
	"slices"
)

// pageCommands returns the commands that a user is offered in a channel, the first one unless it says which,
// in every language.
func (d *Discord) pageCommands(r *http.Request) (any, error) {
	who := pageActor{
		User: r.FormValue("user"), Channel: r.FormValue("channel"), Locale: r.FormValue("locale"),
		Permissions: r.FormValue("permissions"),
	}
	cmd, err := pageCommand{pageActor: who}.command()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	it, err := d.place(cmd)
	if err != nil {
		return nil, err
	}
	offered := []ApplicationCommand{}
	for _, c := range slices.Concat(d.commands.in[it.channel.guildID()], d.commands.in[""]) {
		if c.Type == commandSlash && c.offered(it) == nil {
			offered = append(offered, *c)
		}
	}
	return map[string]any{"commands": offered}, nil
}
