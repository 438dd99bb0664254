package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// maxSlug is more characters than any slug has.
const maxSlug = 128

// hooks answers POST /hooks/{slug}.
type hooks struct {
	sources Sources
	inbox   Inbox
	keys    keyring
	answers *answers
	metrics *metrics
	maxBody int64
	now     func() time.Time
}

func (h *hooks) receive(c *gin.Context) {
	// A sender that hangs up while we work does not make us stop half-way: net/http takes one that merely
	// closed its sending side for gone, and it still waits for the answer.
	ctx := context.WithoutCancel(c.Request.Context())
	began := time.Now()
	source, err := h.source(ctx, c.Param("slug"))
	if err != nil {
		h.answers.fail(c.Writer, "", err)
		return
	}
	accepted, err := h.accept(ctx, source, c.Request)
	if err != nil {
		h.answers.fail(c.Writer, source.ID, err)
		return
	}
	accepted.write(c.Writer)
	h.metrics.accepted.Add(float64(accepted.events()))
	h.metrics.taken.Observe(time.Since(began).Seconds())
}

func (h *hooks) source(ctx context.Context, slug string) (event.Source, error) {
	if !isSlug(slug) {
		return event.Source{}, errNoSource
	}
	source, err := h.sources.SourceBySlug(ctx, slug)
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return event.Source{}, fmt.Errorf("find source: %w", err)
	case err != nil || source.State != event.Active:
		return event.Source{}, errNoSource // and not the cause, which may name the slug: that is a secret
	}
	return source, nil
}

// accept does the checks behind the source's, in the order of the contract, and has the events stored.
func (h *hooks) accept(ctx context.Context, source event.Source, r *http.Request) (answer, error) {
	body, err := readBody(r, h.maxBody)
	if err != nil {
		return receipt{}, err
	}
	now := h.now().UTC()
	if isOutbound(source, r.Header) {
		return h.acceptOutbound(ctx, source, body, now)
	}
	if err := h.keys.authenticate(ctx, source, r.Header, body, now); err != nil {
		return receipt{}, err
	}
	if isCloudEvent(r.Header, body) {
		told, err := readCloudEvents(r.Header, body)
		if err != nil {
			return receipt{}, err
		}
		return h.acceptCloudEvents(ctx, source, r.Header, told, now)
	}
	if body, err = content(body, r.Header, presetOf(source)); err != nil {
		return receipt{}, err
	}
	events, batch, err := read(body, r.Header, source)
	if err != nil {
		return receipt{}, err
	}
	if challenge := presetOf(source).challenge(events[0]); challenge != "" {
		return receipt{challenge: challenge}, nil
	}
	if err := checkHops(r.Header); err != nil {
		return receipt{}, err
	}
	headers := keepHeaders(r.Header)
	for i := range events {
		events[i].SourceID, events[i].ReceivedAt, events[i].Headers = source.ID, now, headers
	}
	ids, err := h.inbox.Accept(ctx, events)
	if before, ok := errors.AsType[*event.DuplicateError](err); ok && source.Preset != "" {
		return receipt{ids: []event.ID{before.First}, again: true}, nil // to those services anything but success is a failure
	}
	if err != nil {
		return receipt{}, fmt.Errorf("accept events: %w", err)
	}
	return receipt{ids: ids, batch: batch}, nil
}

// answer is what a sender is told of what was accepted.
type answer interface {
	write(w gin.ResponseWriter)
	events() int // that were new
}

// receipt says what was accepted.
type receipt struct {
	ids       []event.ID
	batch     bool
	again     bool   // it was accepted before
	challenge string // of a sender that only wants to know whether we are there; "" for all others
}

func (r receipt) events() int {
	if r.again {
		return 0
	}
	return len(r.ids)
}

func (r receipt) write(w gin.ResponseWriter) {
	if r.challenge != "" {
		w.Header()["Content-Type"] = contentText
		w.Header().Set("X-Content-Type-Options", "nosniff") // the text is the sender's
		_, _ = w.WriteString(r.challenge)
		return
	}
	var body strings.Builder
	body.Grow(len(`{"event_ids":[]}`) + len(r.ids)*len(`"00000000-0000-0000-0000-000000000000",`))
	if r.batch {
		body.WriteString(`{"event_ids":[`)
		for i, id := range r.ids {
			if i > 0 {
				body.WriteByte(',')
			}
			body.WriteString(`"` + id.String() + `"`)
		}
		body.WriteString(`]}`)
	} else {
		body.WriteString(`{"event_id":"` + r.ids[0].String() + `"}`)
	}
	w.Header()["Content-Type"] = contentJSON
	w.WriteHeader(http.StatusAccepted)
	_, _ = w.WriteString(body.String()) // a sender that has gone cannot be told so
}

// isSlug says whether the text could be a slug. What could not is not looked for, so that no store has to
// cope with it.
func isSlug(text string) bool {
	if text == "" || len(text) > maxSlug {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
