package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/tidwall/gjson"

	"dispatch/event"
)

// isCloudEvent says whether what a hook was sent is one or more CloudEvents. JSON that is merely announced as one is still JSON.
func isCloudEvent(header http.Header, body []byte) bool {
	if len(header["Ce-Specversion"]) > 0 {
		return true
	}
	path := "specversion"
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(media)) {
	case cloudevents.ApplicationCloudEventsJSON:
	case cloudevents.ApplicationCloudEventsBatchJSON:
		path = "0.specversion"
	default:
		return false
	}
	return checkJSON(body) == nil && gjson.GetBytes(body, path).Type == gjson.String
}

// acceptCloudEvents has the events of a source stored, but for those of a batch that were before: their ids are the first ones'.
func (h *hooks) acceptCloudEvents(
	ctx context.Context, source event.Source, header http.Header, told toldEvents, now time.Time,
) (answer, error) {
	if err := checkHops(header); err != nil {
		return nil, err
	}
	kept := keepHeaders(header)
	events := make([]event.Event, len(told.events))
	for i, one := range told.events {
		e, err := eventOf(one)
		switch {
		case err != nil && told.batch:
			return nil, refuse(http.StatusBadRequest, "The batch's element at index %d: %s", i, refusalOf(err).detail)
		case err != nil:
			return nil, err
		}
		e.SourceID, e.ReceivedAt, e.Headers = source.ID, now, kept
		events[i] = e
	}
	ids, err := h.inbox.Accept(ctx, events)
	if _, before := errors.AsType[*event.DuplicateError](err); before && told.batch {
		return h.acceptOneByOne(ctx, events)
	}
	if err != nil {
		return nil, fmt.Errorf("accept events: %w", err)
	}
	return receipt{ids: ids, batch: told.batch}, nil
}

// acceptOneByOne has those events of a batch stored that are new.
func (h *hooks) acceptOneByOne(ctx context.Context, events []event.Event) (answer, error) {
	accepted := partReceipt{receipt: receipt{batch: true}}
	for i := range events {
		ids, err := h.inbox.Accept(ctx, events[i:i+1])
		duplicate, before := errors.AsType[*event.DuplicateError](err)
		switch {
		case before:
			accepted.ids = append(accepted.ids, duplicate.First)
		case err != nil:
			return nil, fmt.Errorf("accept events: %w", err)
		default:
			accepted.ids = append(accepted.ids, ids[0])
			accepted.fresh++
		}
	}
	return accepted, nil
}

// partReceipt is a receipt of a batch of which some came before.
type partReceipt struct {
	receipt
	fresh int
}

func (r partReceipt) events() int { return r.fresh }

// eventOf is a CloudEvent as one of ours: its data is the body, its id the idempotency key.
func eventOf(one cloudevents.Event) (event.Event, error) {
	if err := checkText("type", one.Type(), event.MaxType); err != nil {
		return event.Event{}, err
	}
	if err := checkText("id", one.ID(), event.MaxIdempotencyKey); err != nil {
		return event.Event{}, err
	}
	body := bytes.Clone(one.Data())
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	if err := checkJSON(body); err != nil || bytes.TrimLeft(body, " \t\r\n")[0] != '{' {
		return event.Event{}, refuse(http.StatusBadRequest, "The data of the CloudEvent has to be a JSON object.")
	}
	return event.Event{Type: one.Type(), IdempotencyKey: one.ID(), Body: body}, nil
}
