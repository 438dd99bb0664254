package webhook

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/tidwall/gjson"

	"dispatch/event"
)

// changes are the actions of records, in our words.
var changes = map[string]string{"create": "created", "insert": "created", "update": "updated", "delete": "deleted"}

// json is the request's body, which has to be JSON and say so.
func (c *connectors) json(r *http.Request, most int64) ([]byte, error) {
	body, err := readBody(r, most)
	if err != nil {
		return nil, err
	}
	if body, err = content(body, r.Header, unheard); err != nil {
		return nil, err
	}
	return body, checkJSON(body)
}

// take accepts records that an org sends as events of an instance's source. Who sends them shows the instance's id, and no more.
func (c *connectors) take(ctx context.Context, g *gin.Context) (any, error) {
	id := g.GetHeader("Element-Instances")
	if id == "" {
		return nil, refuse(http.StatusBadRequest, "The header Element-Instances is missing: it is the id of an instance.")
	}
	i, err := c.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.State != event.Active {
		return nil, errNoInstance
	}
	body, err := c.json(g.Request, c.maxBody)
	if err != nil {
		return nil, err
	}
	if err := checkHops(g.Request.Header); err != nil {
		return nil, err
	}
	events, err := recordsOf(body, i.InstanceURL)
	if err != nil {
		return nil, err
	}
	now, headers := c.now().UTC(), keepHeaders(g.Request.Header)
	for n := range events {
		events[n].SourceID, events[n].ReceivedAt, events[n].Headers = i.SourceID, now, headers
	}
	ids, err := c.inbox.Accept(ctx, events)
	if err != nil {
		return nil, fmt.Errorf("accept events: %w", err)
	}
	c.metrics.accepted.Add(float64(len(ids)))
	taken := make([]string, len(ids))
	for n := range ids {
		taken[n] = ids[n].String()
	}
	return struct {
		EventIDs []string `json:"event_ids"`
	}{taken}, nil
}

// recordsOf are the events of what an org sends: {"objects":[records],"action":"update"}.
func recordsOf(body []byte, instanceURL string) ([]event.Event, error) {
	root := gjson.ParseBytes(body)
	change, known := changes[root.Get("action").String()]
	records := root.Get("objects")
	list := records.Array()
	switch {
	case !known:
		return nil, refuse(http.StatusBadRequest, "action must be create, update or delete.")
	case !records.IsArray() || len(list) == 0 || len(list) > event.MaxBatch:
		return nil, refuse(http.StatusBadRequest, "objects must be a list of 1 to %d records.", event.MaxBatch)
	}
	events := make([]event.Event, len(list))
	for n, record := range list {
		object := record.Get("attributes.type").String()
		if !record.IsObject() || !apiName.MatchString(object) {
			return nil, refuse(http.StatusBadRequest, "objects[%d] must be a record whose attributes.type names its object.", n)
		}
		typ := object + "." + change
		var made bytes.Buffer
		made.Grow(len(record.Raw) + 128)
		made.Write(gjson.AppendJSONString([]byte(`{"event_type":`), typ))
		if instanceURL != "" {
			made.Write(gjson.AppendJSONString([]byte(`,"instance_url":`), instanceURL))
		}
		made.WriteString(`,"record":` + record.Raw + `}`)
		events[n] = event.Event{Type: typ, Body: made.Bytes()}
	}
	return events, nil
}
