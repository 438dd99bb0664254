package webhook

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// whose says what an instance may be asked for with.
type whose bool

const (
	byKey   whose = false // an API key of its guild
	byToken whose = true  // its token, too
)

// credentials are what an Authorization header has in it: "Bearer dsp_…", or any of "User dsp_…, Organization …,
// Element …". The organization is not looked at: the key says whose it is.
type credentials struct{ key, token string }

func credentialsOf(header http.Header) (credentials, bool) {
	values := header["Authorization"]
	if len(values) != 1 {
		return credentials{}, false
	}
	given := make(map[string]string)
	for part := range strings.SplitSeq(values[0], ",") {
		scheme, text, _ := strings.Cut(strings.TrimSpace(part), " ")
		scheme, text = strings.ToLower(scheme), strings.TrimSpace(text)
		if scheme == "bearer" {
			scheme = "user"
		}
		if _, twice := given[scheme]; twice || text == "" {
			return credentials{}, false
		}
		given[scheme] = text
	}
	if key, shown := given["user"]; shown && !strings.HasPrefix(key, "dsp_") {
		return credentials{}, false
	}
	found := credentials{key: given["user"], token: given["element"]}
	delete(given, "user")
	delete(given, "organization")
	delete(given, "element")
	return found, len(given) == 0
}

// owner is the guild of the API key.
func (c *connectors) owner(ctx context.Context, header http.Header) (guildID string, err error) {
	given, ok := credentialsOf(header)
	if !ok || given.key == "" {
		return "", errNoAccess
	}
	key, err := c.keys.live(ctx, given.key)
	if errors.Is(err, errUnauthorized) {
		return "", errNoAccess
	}
	return key.GuildID, err
}

// instance is the one at the path, for who may ask for it. To those who show no more than a token, what is not theirs is not
// there either.
func (c *connectors) instance(ctx context.Context, g *gin.Context, how whose) (event.Instance, error) {
	given, ok := credentialsOf(g.Request.Header)
	if !ok || given.key == "" && (how == byKey || given.token == "") {
		return event.Instance{}, errNoAccess
	}
	guildID := ""
	if given.key != "" {
		var err error
		if guildID, err = c.owner(ctx, g.Request.Header); err != nil {
			return event.Instance{}, err
		}
	}
	i, err := c.find(ctx, g.Param("id"))
	missing := errors.Is(err, errNoInstance)
	if err != nil && !missing {
		return event.Instance{}, err
	}
	hash := sha256.Sum256([]byte(given.token))
	switch {
	case given.key != "" && (missing || i.GuildID != guildID):
		return event.Instance{}, errNoInstance
	case missing, given.token != "" && subtle.ConstantTimeCompare(hash[:], i.TokenHash[:]) != 1:
		return event.Instance{}, errNoAccess
	case i.State == event.Disconnected:
		return event.Instance{}, errNoInstance
	}
	return i, nil
}

// find gives the instance of the id, gone or not; it fails with errNoInstance.
func (c *connectors) find(ctx context.Context, id string) (event.Instance, error) {
	if !isInstanceID(id) {
		return event.Instance{}, errNoInstance
	}
	i, err := c.Instances.Instance(ctx, id)
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return event.Instance{}, errNoInstance
	case err != nil:
		return event.Instance{}, fmt.Errorf("find instance: %w", err)
	}
	return i, nil
}

func isInstanceID(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}
