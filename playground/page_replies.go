package playground

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// usualPageWait is how long the page waits for a deferred answer. One that comes later it is told of as an event.
const usualPageWait = 30 * time.Second

// pageModal returns a modal that the page was given, by the id it was given with. Nobody else's can be guessed.
func (d *Discord) pageModal(id string) (*Modal, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, it := range d.interactions.all {
		if it.id == id && it.page && it.modal != nil && d.now().Sub(it.at) <= tokenGood {
			return it.modal, nil
		}
	}
	return nil, &pageError{http.StatusNotFound, "This form is no longer open."}
}

// closeModal forgets a modal that has been answered. One that was not can be tried again.
func (d *Discord) closeModal(m *Modal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m.interaction.modal = nil
}

// pageReply waits for the bot's answer and returns it as the page knows it.
func (d *Discord) pageReply(ctx context.Context, it *interaction) (any, error) {
	if err := d.firstAnswer(ctx, it); err != nil {
		return nil, err
	}
	enough, cancel := context.WithTimeout(ctx, d.pageWait)
	defer cancel()
	err := d.wait(enough, func() bool { return !it.waiting })
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	r := d.replyTo(it)
	o := map[string]any{
		"message": nil, "modal": nil, "ephemeral": r.Ephemeral, "deferred": r.Deferred, "updated": r.Updated,
		"took_ms": r.Took.Milliseconds(),
	}
	if r.Message != nil {
		o["message"] = pageMessage(r.Message)
	}
	if r.Modal != nil {
		o["modal"] = map[string]any{
			"id": it.id, "custom_id": r.Modal.CustomID, "title": r.Modal.Title, "components": r.Modal.Components,
		}
	}
	more := []Message{}
	for _, m := range d.Followups(r) {
		more = append(more, pageMessage(&m))
	}
	o["followups"] = more
	return map[string]any{"reply": o}, nil
}
