package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

const (
	elements   = "/elements/api-v2"
	elementKey = "sfdc"
	mask       = "********"
	keyRequest = "request"
)

var (
	errNoAccess   = refuse(http.StatusUnauthorized, "The Authorization header is missing, malformed or wrong.")
	errNoInstance = refuse(http.StatusNotFound, "There is no such instance.")
)

// instancesByKind is what a failure behind us is to a client.
var instancesByKind = map[fault.Kind]*refusal{
	fault.NotFound:    errNoInstance,
	fault.TooMany:     refuse(http.StatusConflict, "The server has as many instances, destinations or routes as it can have."),
	fault.Unavailable: {status: http.StatusServiceUnavailable, detail: "This is not possible now; later it may be.", retryAfter: retryStore},
}

// serve answers with what do makes of the request, in JSON. What has begun is finished, though the client may be gone.
func (c *connectors) serve(do func(context.Context, *gin.Context) (any, error)) gin.HandlerFunc {
	return func(g *gin.Context) {
		made, err := do(context.WithoutCancel(g.Request.Context()), g)
		if err != nil {
			c.fail(g, err)
			return
		}
		body, err := json.Marshal(made)
		if err != nil {
			c.fail(g, fmt.Errorf("encode answer: %w", err))
			return
		}
		g.Header("Cache-Control", "no-store")
		g.Writer.Header()["Content-Type"] = contentJSON
		_, _ = g.Writer.Write(body) // a client that has gone cannot be told so
	}
}

func (c *connectors) fail(g *gin.Context, err error) {
	var (
		mistake InstanceError
		refused *refusal
	)
	switch {
	case errors.As(err, &refused):
	case errors.As(err, &mistake):
		err = fmt.Errorf("%w: %w", refuse(http.StatusBadRequest, "%s", string(mistake)), err)
	case instancesByKind[fault.KindOf(err)] != nil:
		err = fmt.Errorf("%w: %w", instancesByKind[fault.KindOf(err)], err)
	}
	c.answers.fail(g.Writer, "", err)
}

// elementsWriter is that of a request to the Open Connectors API, whose errors have a shape of their own.
type elementsWriter struct {
	gin.ResponseWriter
	id string // of the request, to be found in our log
}

// shapeErrors has all errors below the path of the API be told in its own shape.
func shapeErrors(g *gin.Context) {
	if strings.HasPrefix(g.Request.URL.Path, elements+"/") {
		g.Writer = &elementsWriter{g.Writer, randomHex(16)}
	}
}

// complaint is the refusal in that shape.
type complaint struct {
	RequestID string `json:"requestId"`
	Message   string `json:"message"`
}

func (w *elementsWriter) complaint(r *refusal) complaint { return complaint{w.id, r.detail} }

// instanceView is an instance as its owner sees it.
type instanceView struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Token         string         `json:"token,omitempty"` // only when it was just made
	Source        string         `json:"source"`          // as admins know it
	Element       elementView    `json:"element"`
	Tags          []string       `json:"tags"`
	Configuration map[string]any `json:"configuration"`
	EventsEnabled bool           `json:"eventsEnabled"` // somebody is told of events, or the org is polled
	Disabled      bool           `json:"disabled"`      // the callback has failed for good, or was paused
	Authorized    bool           `json:"authorized"`    // the org lets us in
	Polling       bool           `json:"polling"`
	Objects       []string       `json:"objects"`
	Package       string         `json:"package,omitempty"` // where the Apex is that sends events
	CreatedDate   time.Time      `json:"createdDate"`
	UpdatedDate   time.Time      `json:"updatedDate"`
}

type elementView struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

func viewOf(i event.Instance) instanceView {
	s := i.Settings
	shown := instanceView{
		ID: i.ID, Name: i.Name, Source: i.SourceName, Element: elementView{elementKey, "Salesforce Sales Cloud"}, Tags: i.Tags,
		EventsEnabled: s.Enabled && !i.Stopped, Disabled: i.Stopped, Authorized: i.Authorized, Polling: s.Polls() && i.Authorized,
		Objects: s.All(), CreatedDate: i.CreatedAt, UpdatedDate: i.UpdatedAt,
		Configuration: map[string]any{
			keyAppKey: s.AppKey, keyAppSecret: masked(s.AppSecret), keyCallback: s.CallbackURL, keyEnvironment: s.Environment,
			keyEnabled: s.Enabled, keyVendor: s.Vendor, keyNotify: s.NotifyURL, keySignature: masked(s.SignatureKey),
			keyObjects: strings.Join(s.Objects, ","), keyPoller: s.Poller, keyInterval: minutesOf(s.Every), keyNulls: !s.KeepNulls,
		},
	}
	if shown.Tags == nil {
		shown.Tags = []string{}
	}
	if s.Vendor == event.VendorWebhooks {
		shown.Package = elements + "/instances/" + i.ID + "/package"
	}
	return shown
}

func masked(secret string) string {
	if secret == "" {
		return ""
	}
	return mask
}

// minutesOf is how an interval is written: as a text, like all that a client has typed.
func minutesOf(d time.Duration) string { return strconv.FormatFloat(d.Minutes(), 'f', -1, 64) }
