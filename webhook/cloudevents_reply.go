package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudevents/sdk-go/v2/binding"
	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"dispatch/event"
)

// replies are what a target gives for a request, in its order.
type replies []event.Reply

// maxReplies is how many bytes of data are enough for one answer: each of a hundred calls might fetch the largest there is.
const maxReplies = 16 << 20

// noRoom is the reply to an event behind so much data.
var noRoom = event.Reply{
	Category: event.CategoryError, ContentType: "application/json", Fate: event.CallLater,
	Data: []byte(`{"Code":"adapter-process","Description":"the answers to the calls before this one are too large together; it was not made","Details":null}`),
}

func (r replies) size() (bytes int) {
	for i := range r {
		bytes += len(r[i].Data)
	}
	return bytes
}

// write answers with the replies: one in the binary mode, those of a batch in the batched one, 202 when there are none.
func (r replies) write(w gin.ResponseWriter, target event.Target, batch bool, now time.Time) error {
	if len(r) == 0 {
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeaderNow()
		return nil
	}
	var wait time.Duration
	events := make([]cloudevents.Event, len(r))
	for i, reply := range r {
		wait = max(wait, reply.RetryAfter)
		var err error
		if events[i], err = replyEvent(reply, target, now); err != nil {
			return err
		}
	}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff") // the data is the org's
	if batch {
		body, err := json.Marshal(events)
		if err != nil {
			return fmt.Errorf("write replies: %w", err)
		}
		w.Header().Set("Content-Type", cloudevents.ApplicationCloudEventsBatchJSON)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body) // a sender that has gone needs no answer
		return nil
	}
	_ = cehttp.WriteResponseWriter(context.Background(), (*binding.EventMessage)(&events[0]), http.StatusOK, w)
	return nil
}

// replyEvent is the reply as a CloudEvent.
func replyEvent(reply event.Reply, target event.Target, now time.Time) (cloudevents.Event, error) {
	e := cloudevents.New()
	e.SetID(uuid.NewString())
	e.SetSource("/targets/" + target.ID)
	e.SetType(event.APICallResponse)
	e.SetTime(now)
	e.SetExtension("category", string(reply.Category))
	if len(reply.Data) > 0 {
		contentType := reply.ContentType
		if _, _, err := mime.ParseMediaType(contentType); err != nil {
			contentType = "application/octet-stream" // the org has done it, whatever it calls its answer
		}
		if err := e.SetData(contentType, reply.Data); err != nil {
			return e, fmt.Errorf("write reply: %w", err)
		}
		e.DataBase64 = !isJSON(contentType) || !json.Valid(reply.Data)
	}
	if err := e.Validate(); err != nil {
		return e, fmt.Errorf("write reply: %w", err)
	}
	return e, nil
}
