package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dispatch/event"
)

// maxReplyData is how many bytes of what an org answered are handed on.
const maxReplyData = 1 << 20

// replyBody is the body of the event that a reply is: a CloudEvent in the structured mode.
type replyBody struct {
	SpecVersion string              `json:"specversion"`
	ID          string              `json:"id"`
	Source      string              `json:"source"`
	Type        string              `json:"type"`
	Time        time.Time           `json:"time"`
	Category    event.ReplyCategory `json:"category"`
	Target      string              `json:"target"`                 // its name
	Call        string              `json:"call,omitempty"`         // such as "POST sobjects/Account"
	Cause       string              `json:"cause"`                  // the id of the event that the call was made for
	Omitted     int                 `json:"omittedbytes,omitempty"` // data that is too long
	ContentType string              `json:"datacontenttype,omitempty"`
	Data        json.RawMessage     `json:"data,omitempty"`
	DataBase64  []byte              `json:"data_base64,omitempty"` // what is not JSON
}

// failing is a reply where no org was asked.
func failing(code string, fate event.Fate, err error) event.Reply {
	data, _ := json.Marshal(struct{ Code, Description string }{code, err.Error()}) // texts can be marshalled
	return event.Reply{Category: event.CategoryError, ContentType: "application/json", Data: data, Fate: fate, Err: err}
}

// tell has the reply accepted as an event, as the target's policy wants it: once for an attempt, however often it is told.
func (s *TargetSender) tell(ctx context.Context, c calling, r event.Reply) {
	if !c.to.ReplyPolicy.Gives(r.Category) {
		return
	}
	if len(r.Data) <= maxReplyData { // else it is not handed on
		r.Data = []byte(event.Conceal(string(r.Data), c.Event.Body))
	}
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	source, err := s.opts.Books.ReplySource(ctx, c.to.ID)
	if err == nil && source != "" {
		var e event.Event
		if e, err = c.replyEvent(r, time.Now().UTC()); err == nil {
			e.SourceID = source
			_, err = s.opts.Accept(ctx, []event.Event{e})
		}
	}
	if duplicate := (*event.DuplicateError)(nil); err != nil && !errors.As(err, &duplicate) {
		s.log.WithError(err).WithField("event_id", c.Event.ID).Error("reply not accepted")
	}
}

// replyEvent is the reply as an event that was handed on once more than the one it is about.
func (c calling) replyEvent(r event.Reply, now time.Time) (event.Event, error) {
	key := fmt.Sprintf("%s/%s/%d", c.Event.ID, c.destination, c.Attempts+1)
	body := replyBody{
		SpecVersion: "1.0", ID: key, Source: "/targets/" + c.to.ID, Type: event.APICallResponse, Time: now,
		Category: r.Category, Target: c.to.Name, Call: shortOf(c.call), Cause: c.Event.ID.String(),
	}
	switch {
	case len(r.Data) > maxReplyData:
		body.Omitted = len(r.Data)
	case len(r.Data) > 0 && json.Valid(r.Data):
		body.ContentType, body.Data = r.ContentType, r.Data
	case len(r.Data) > 0:
		body.ContentType, body.DataBase64 = r.ContentType, r.Data
	}
	text, err := json.Marshal(body)
	if err != nil {
		return event.Event{}, fmt.Errorf("write reply: %w", err)
	}
	hops, err := json.Marshal(map[string]string{event.HopsKept: strconv.Itoa(hopsOf(c.Delivery) + 1)})
	return event.Event{Type: event.APICallResponse, IdempotencyKey: key, ReceivedAt: now, Headers: hops, Body: text}, err
}

// shortOf is the call in a line, "" when it cannot be read.
func shortOf(call []byte) string {
	var asked struct{ Action, Resource, Object, Record string }
	if err := json.Unmarshal(call, &asked); err != nil || asked.Resource == "" {
		return ""
	}
	short := strings.ToUpper(asked.Action) + " " + asked.Resource
	for _, part := range []string{asked.Object, asked.Record} {
		if part != "" {
			short += "/" + part
		}
	}
	return short
}
