package playground

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
)

//go:embed page
var pageFiles embed.FS

func (d *Discord) pageRoutes(mux *http.ServeMux) {
	static, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // The name is a valid one.
	}
	mux.Handle("/", secured(http.FileServerFS(static)))
	mux.Handle("GET /api/page/state", secured(http.HandlerFunc(d.pageState)))
	mux.Handle("GET /api/page/events", secured(http.HandlerFunc(d.pageEvents)))
}

// secured lets a page load nothing from elsewhere but pictures, and be kept by no cache.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-cache")
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: https:; object-src 'none'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// pageState answers everything that the page shows. What only one user sees is not part of it.
func (d *Discord) pageState(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	g := d.guilds[0]
	users, channels, messages := []any{}, []any{}, map[string]any{}
	for _, m := range g.members {
		if m.user == d.bot {
			continue
		}
		users = append(users, map[string]any{"id": m.user.ID, "username": m.user.Username, "permissions": g.permissions(m.user.ID)})
	}
	for _, ch := range g.channels {
		channels = append(channels, ch.summary())
		all := []Message{}
		for _, m := range ch.messages {
			all = append(all, pageMessage(m))
		}
		messages[ch.id] = all
	}
	state, err := json.Marshal(map[string]any{
		"guild": map[string]any{"id": g.id, "name": g.name}, "bot": d.bot, "users": users, "roles": g.roles,
		"channels": channels, "messages": messages,
	})
	d.mu.Unlock()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(state)
}

// show tells the pages what happened in a channel, if they show it. The caller holds the lock, and touches.
func (d *Discord) show(ch *channel, kind string, data any) {
	if ch.guild == d.guilds[0] {
		d.page.publish(kind, data)
	}
}

// summary returns a channel as the page knows it.
func (ch *channel) summary() map[string]any {
	o := map[string]any{"id": ch.id, "name": ch.name, "type": ch.kind, "topic": ch.topic, "parent_id": nil}
	if ch.parent != nil {
		o["parent_id"] = ch.parent.id
	}
	return o
}

// pageMessage returns a message with its files where the page comes from, by whichever name that is.
func pageMessage(m *Message) Message {
	shown := *m
	shown.Attachments = slices.Clone(m.Attachments)
	for i, a := range shown.Attachments {
		if u, err := url.Parse(a.URL); err == nil {
			shown.Attachments[i].URL, shown.Attachments[i].ProxyURL = u.RequestURI(), u.RequestURI()
		}
	}
	return shown
}
