package playground

import (
	"embed"
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
	for pattern, handler := range map[string]http.Handler{
		"/":                            http.FileServerFS(static),
		"GET /api/page/state":          d.pageGet(d.pageState),
		"GET /api/page/events":         http.HandlerFunc(d.pageEvents),
		"GET /api/page/commands":       d.pageGet(d.pageCommands),
		"GET /api/page/gallery":        d.pageGet(d.pageGallery),
		"GET /api/page/templates":      d.pageGet(d.pageShelf),
		"POST /api/page/run":           pagePost(d, maxPageUpload, d.pageRun),
		"POST /api/page/autocomplete":  pagePost(d, maxPageBody, d.pageAutocomplete),
		"POST /api/page/press":         pagePost(d, maxPageBody, d.pagePress),
		"POST /api/page/submit":        pagePost(d, maxPageUpload, d.pageSubmit),
		"POST /api/page/mischief":      pagePost(d, maxPageBody, d.pageMischief),
		"POST /api/page/callouts":      pagePost(d, maxPageCallout, d.pageSend),
		"POST /api/page/callouts/curl": pagePost(d, maxPageCallout, d.pageCurl),
		"POST /api/page/templates/try": pagePost(d, maxPageBody, d.pageTry),
		"/api/page/":                   d.pageGet(nothingHere),
	} {
		mux.Handle(pattern, secured(d.guarded(handler)))
	}
}

func nothingHere(*http.Request) (any, error) {
	return nil, &pageError{http.StatusNotFound, "There is nothing here."}
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

// show tells the pages what happened in a channel, if they show it. The caller holds the lock, and touches.
func (d *Discord) show(ch *channel, kind string, data any) {
	if ch.guild == d.guilds[0] {
		d.page.publish(kind, data)
	}
}

// summary returns a channel as the page knows it.
func (ch *channel) summary() map[string]any {
	o := map[string]any{"id": ch.id, "name": ch.name, "type": ch.kind, "topic": ch.topic, "parent_id": nil}
	switch {
	case ch.isThread():
		o["parent_id"], o["archived"], o["locked"] = ch.parent.id, ch.thread.archived, ch.thread.locked
		o["tags"] = ch.tagNames()
	case ch.isForum():
		o["available_tags"], o["tag_required"] = ch.forum.tags, ch.forum.tagRequired
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
