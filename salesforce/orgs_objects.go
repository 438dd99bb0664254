package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// objectsLive is how long a list of objects is taken for what the org has: suggestions need it at each key that is pressed.
const objectsLive = 10 * time.Minute

// objectList is what an org can have triggers on, and how long we believe that.
type objectList struct {
	names []string
	until time.Time
}

// Objects are the API names of what the source's org can have triggers on: first those that everybody asks for, then the
// org's own. The org is asked but once in a while, and by one at a time; who cannot wait leaves the answer to the next.
func (o *Orgs) Objects(ctx context.Context, sourceID string) ([]string, error) {
	o.mu.Lock()
	known := o.objects[sourceID]
	o.mu.Unlock()
	if o.opts.Now().Before(known.until) {
		return known.names, nil
	}
	results := o.listings.DoChan(sourceID, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
		defer cancel()
		return o.listObjects(ctx, sourceID)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-results:
		names, _ := result.Val.([]string)
		return names, result.Err
	}
}

func (o *Orgs) listObjects(ctx context.Context, sourceID string) ([]string, error) {
	org := o.Org(sourceID)
	names, err := org.triggerable(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known[sourceID] == org { // else it was authorized anew meanwhile
		o.objects[sourceID] = objectList{names: names, until: o.opts.Now().Add(objectsLive)}
	}
	return names, nil
}

// triggerable asks which objects there are, which is one call.
func (o *Org) triggerable(ctx context.Context) ([]string, error) {
	answer, err := o.Do(ctx, Request{Method: http.MethodGet, Path: "sobjects"})
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	var told struct {
		Objects []struct {
			Name        string `json:"name"`
			Triggerable bool   `json:"triggerable"`
			Retired     bool   `json:"deprecatedAndHidden"`
			Setting     bool   `json:"customSetting"`
		} `json:"sobjects"`
	}
	if err := json.Unmarshal(answer.Body, &told); err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	var names []string
	for _, object := range told.Objects {
		if object.Triggerable && !object.Retired && !object.Setting && problemOf(object.Name) == "" {
			names = append(names, object.Name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return eagerness(a) - eagerness(b) })
	return names, nil
}

// eagerness is where in a list people look for an object: an org has hundreds that nobody has heard of.
func eagerness(name string) int {
	for i, known := range objects {
		if known.name == name {
			return i
		}
	}
	if strings.HasSuffix(name, "__c") {
		return len(objects)
	}
	return len(objects) + 1
}
