package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of the page's event stream.
const (
	maxNews   = 1000 // Events that a page which lost its connection can be given later.
	keepAlive = 15 * time.Second
)

// pageLog is what has happened, for the pages that watch.
type pageLog struct {
	name string // Of this log: another process begins to count at 1, too.
	news []news
	seq  int
}

// news is one event of the page's event stream.
type news struct {
	seq  int
	kind string
	data []byte
}

// publish adds an event. The caller holds the lock, and touches.
func (p *pageLog) publish(kind string, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		panic(err) // All that is published is of types that can be marshalled.
	}
	p.seq++
	p.news = capped(append(p.news, news{p.seq, kind, raw}), maxNews)
}

// since returns what came after an event, false when that is no longer known.
func (p *pageLog) since(seq int) ([]news, bool) {
	missed := p.seq - seq
	if missed < 0 || missed > len(p.news) {
		return nil, false
	}
	return p.news[len(p.news)-missed:], true
}

// position returns the event that a page had last, false when what came after it is no longer known.
func (p *pageLog) position(lastEventID string) (int, bool) {
	name, text, _ := strings.Cut(lastEventID, "-")
	seq, err := strconv.Atoi(text)
	if _, known := p.since(seq); err != nil || name != p.name || !known {
		return p.seq, false
	}
	return seq, true
}

func (p *pageLog) format(n news) string {
	return fmt.Sprintf("event: %s\nid: %s-%d\ndata: %s\n\n", n.kind, p.name, n.seq, n.data)
}

// ready is the first event: it says whether the stream goes on where the page was, or the page has to ask for
// the state again.
func (p *pageLog) ready(seq int, resumed bool) string {
	return p.format(news{seq, "ready", fmt.Appendf(nil, `{"resumed":%t}`, resumed)})
}

// pageEvents streams what happens, until the page goes away.
func (d *Discord) pageEvents(w http.ResponseWriter, r *http.Request) {
	stream := http.NewResponseController(w)
	if err := stream.SetWriteDeadline(time.Time{}); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	d.mu.Lock()
	at, resumed := d.page.position(r.Header.Get("Last-Event-ID"))
	text := d.page.ready(at, resumed)
	d.mu.Unlock()
	for text != "" {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
		if err := stream.Flush(); err != nil {
			return
		}
		text, at = d.nextNews(r.Context(), at, alive.C)
	}
}

// nextNews waits for what comes after an event and returns it as the stream has it, with the last event's
// number. It returns nothing when the stream is to end.
func (d *Discord) nextNews(ctx context.Context, at int, alive <-chan time.Time) (string, int) {
	for {
		d.mu.Lock()
		var text strings.Builder
		all, known := d.page.since(at)
		for _, n := range all {
			text.WriteString(d.page.format(n))
		}
		if !known {
			text.WriteString(d.page.ready(d.page.seq, false))
		}
		at, changed := d.page.seq, d.changed
		d.mu.Unlock()
		if text.Len() > 0 {
			return text.String(), at
		}
		select {
		case <-changed:
		case <-alive:
			return ": alive\n\n", at
		case <-ctx.Done():
			return "", at
		case <-d.done:
			return "", at
		}
	}
}
