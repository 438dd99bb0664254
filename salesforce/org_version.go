package salesforce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
)

// errNoVersion is for a list of versions that has none.
var errNoVersion = errors.New("the org names no version of its API")

var versionShape = regexp.MustCompile(`^[0-9]{1,3}\.[0-9]$`)

// discovered remembers the version of the API that an instance has. An org that moves to another is asked again.
type discovered struct {
	mu                sync.Mutex
	instance, version string
}

// version is the one to call: what was set, else the highest that the org has.
func (o *Org) version(ctx context.Context, session Session) (string, error) {
	if o.opts.Version != "" {
		return o.opts.Version, nil
	}
	d := &o.versions
	d.mu.Lock()
	known := d.version
	if d.instance != session.InstanceURL {
		known = ""
	}
	d.mu.Unlock()
	if known != "" {
		return known, nil
	}
	found, err := o.client.highestVersion(ctx, session.InstanceURL)
	if err != nil {
		return "", fmt.Errorf("discover version: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.instance, d.version = session.InstanceURL, found
	return found, nil
}

// highestVersion asks which versions there are. Nobody has to be let in for that.
func (c *Client) highestVersion(ctx context.Context, instance string) (string, error) {
	answer, err := c.get(ctx, instance+apiRoot[:len(apiRoot)-1], "")
	if err != nil {
		return "", err
	}
	if answer.Status != http.StatusOK {
		return "", apiErrorOf(answer)
	}
	var all []struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(answer.Body, &all); err != nil {
		return "", errNoVersion
	}
	var versions []string
	for _, v := range all {
		if versionShape.MatchString(v.Version) {
			versions = append(versions, v.Version)
		}
	}
	if len(versions) == 0 {
		return "", errNoVersion
	}
	return slices.MaxFunc(versions, func(a, b string) int { return cmp.Compare(number(a), number(b)) }), nil
}

func number(version string) float64 {
	n, _ := strconv.ParseFloat(version, 64) // it has the shape of one
	return n
}
