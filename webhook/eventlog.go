package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// Events is the event log.
type Events interface {
	// History gives an event of the guild, fault.NotFound when it has no such event.
	History(ctx context.Context, guildID string, id event.ID) (event.History, error)
	// Replay has it sent again, as the links are now, and says to how many destinations. It fails like History.
	Replay(ctx context.Context, guildID string, id event.ID) (deliveries int, err error)
}

// eventlog answers for /v1/events/{id}.
type eventlog struct {
	events  Events
	keys    keyring
	answers *answers
}

func (l *eventlog) show(c *gin.Context) {
	l.serve(c, http.StatusOK, func(ctx context.Context, guildID string, id event.ID) (any, error) {
		history, err := l.events.History(ctx, guildID, id)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		return pastOf(history), nil
	})
}

func (l *eventlog) replay(c *gin.Context) {
	l.serve(c, http.StatusAccepted, func(ctx context.Context, guildID string, id event.ID) (any, error) {
		deliveries, err := l.events.Replay(ctx, guildID, id)
		if err != nil {
			return nil, fmt.Errorf("replay event: %w", err)
		}
		return replayed{EventID: id.String(), Deliveries: deliveries}, nil
	})
}

// serve finds out whose event is asked for, and answers with what do makes of it.
func (l *eventlog) serve(c *gin.Context, status int, do func(context.Context, string, event.ID) (any, error)) {
	ctx := c.Request.Context()
	key, err := l.keys.apiKey(ctx, c.Request.Header)
	if err != nil {
		l.answers.fail(c.Writer, "", err)
		return
	}
	id, err := event.ParseID(c.Param("id"))
	if err != nil {
		l.answers.fail(c.Writer, "", errNoEvent)
		return
	}
	answer, err := do(ctx, key.GuildID, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = errNoEvent
	}
	if err != nil {
		l.answers.fail(c.Writer, "", err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(status, answer)
}

// replayed is the answer to a replay.
type replayed struct {
	EventID    string `json:"event_id"`
	Deliveries int    `json:"deliveries"`
}

// past is an event as the log shows it. Values that look like secrets are masked.
type past struct {
	EventID        string          `json:"event_id"`
	Type           string          `json:"type"`
	Source         string          `json:"source"`
	ReceivedAt     time.Time       `json:"received_at"`
	IdempotencyKey string          `json:"idempotency_key,omitempty"`
	Body           json.RawMessage `json:"body"`
	Deliveries     []trace         `json:"deliveries"`
}

type trace struct {
	DestinationID string     `json:"destination_id"`
	Kind          string     `json:"kind,omitempty"`
	Name          string     `json:"name,omitempty"`
	ChannelID     string     `json:"channel_id,omitempty"`
	State         string     `json:"state"`
	FinishedAt    *time.Time `json:"finished_at,omitempty"`
	NextAttemptAt *time.Time `json:"next_attempt_at,omitempty"`
	Paused        string     `json:"paused,omitempty"`
	Receipt       string     `json:"receipt,omitempty"`
	Attempts      []attempt  `json:"attempts"`
}

type attempt struct {
	Attempt   int       `json:"attempt"`
	At        time.Time `json:"at"`
	LatencyMS float64   `json:"latency_ms"`
	Status    int       `json:"status,omitempty"`
	Response  string    `json:"response,omitempty"`
	Error     string    `json:"error,omitempty"`
}

func pastOf(h event.History) past {
	shown := past{
		EventID: h.ID.String(), Type: h.Type, Source: h.SourceName, ReceivedAt: h.ReceivedAt,
		IdempotencyKey: h.IdempotencyKey, Body: event.Mask(h.Body), Deliveries: make([]trace, len(h.Deliveries)),
	}
	for i, t := range h.Deliveries {
		_, paused, _ := strings.Cut(t.Paused, ".") // without the table of sentences that it is the key in
		shown.Deliveries[i] = trace{
			DestinationID: t.DestinationID, Kind: t.Kind, Name: t.Name, ChannelID: t.ChannelID, State: t.State,
			FinishedAt: unlessZero(t.At), NextAttemptAt: unlessZero(t.DueAt), Paused: paused, Receipt: t.Receipt,
			Attempts: make([]attempt, len(t.Attempts)),
		}
		for n, a := range t.Attempts {
			shown.Deliveries[i].Attempts[n] = attempt{
				Attempt: a.Number, At: a.At, LatencyMS: float64(a.Latency.Microseconds()) / 1000,
				Status: a.Status, Response: a.Response, Error: a.Error,
			}
		}
	}
	return shown
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
