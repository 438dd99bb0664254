package webhook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"dispatch/event"
)

// create makes an instance. Its token is told now, and never again.
func (c *connectors) create(ctx context.Context, g *gin.Context) (any, error) {
	guildID, err := c.owner(ctx, g.Request.Header)
	if err != nil {
		return nil, err
	}
	asked, err := c.read(g.Request)
	if err != nil {
		return nil, err
	}
	token := randomHex(32)
	i := event.Instance{ID: randomHex(16), GuildID: guildID, TokenHash: sha256.Sum256([]byte(token)), Settings: c.defaults()}
	if err := c.apply(asked, &i, true); err != nil {
		return nil, err
	}
	granted, err := c.exchange(ctx, asked, i)
	if err != nil {
		return nil, err
	}
	if i, err = c.Instances.CreateInstance(ctx, i, event.SigningKey{Secret: []byte(randomHex(32))}); err != nil {
		if granted != nil {
			granted.Drop()
		}
		return nil, fmt.Errorf("create instance: %w", err)
	}
	made := i
	if i, err = c.settle(ctx, i, granted); err != nil {
		return nil, errors.Join(err, c.Orgs.Remove(ctx, made)) // nobody knows its token
	}
	shown := viewOf(i)
	shown.Token = token
	return shown, nil
}

// exchange makes access of the code that was given, if there is one.
func (c *connectors) exchange(ctx context.Context, asked instanceAsked, i event.Instance) (Granted, error) {
	if asked.Provider.Code == "" {
		return nil, nil //nolint:nilnil // nothing was asked for
	}
	granted, err := c.Orgs.Exchange(ctx, i.Settings, asked.Provider.Code)
	if err != nil {
		return nil, fmt.Errorf("exchange code: %w", err)
	}
	return granted, nil
}

// settle keeps what was granted, if anything was, and has the org polled or left alone.
func (c *connectors) settle(ctx context.Context, i event.Instance, granted Granted) (event.Instance, error) {
	if granted != nil {
		if err := granted.Keep(ctx, i.SourceID); err != nil {
			granted.Drop()
			return i, fmt.Errorf("keep access: %w", err)
		}
		var err error
		if i, err = c.Instances.Instance(ctx, i.ID); err != nil {
			return i, fmt.Errorf("find instance: %w", err)
		}
	}
	if err := c.Orgs.Poll(ctx, i); err != nil {
		return i, fmt.Errorf("poll org: %w", err)
	}
	return i, nil
}

func (c *connectors) list(ctx context.Context, g *gin.Context) (any, error) {
	guildID, err := c.owner(ctx, g.Request.Header)
	if err != nil {
		return nil, err
	}
	found, err := c.Instances.Instances(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list instances: %w", err)
	}
	shown := make([]instanceView, len(found))
	for n, i := range found {
		shown[n] = viewOf(i)
	}
	return shown, nil
}

func (c *connectors) show(ctx context.Context, g *gin.Context) (any, error) {
	i, err := c.instance(ctx, g, byToken)
	return viewOf(i), err
}

// change replaces what is given of name, tags and configuration. Who says that events are enabled wants them told again.
func (c *connectors) change(ctx context.Context, g *gin.Context) (any, error) {
	i, err := c.instance(ctx, g, byKey)
	if err != nil {
		return nil, err
	}
	asked, err := c.read(g.Request)
	if err != nil {
		return nil, err
	}
	before := i
	if err := c.apply(asked, &i, false); err != nil {
		return nil, err
	}
	granted, err := c.exchange(ctx, asked, i)
	if err != nil {
		return nil, err
	}
	_, said := asked.Configuration[keyEnabled]
	if i, err = c.Instances.SaveInstance(ctx, i, said && i.Settings.Enabled); err != nil {
		if granted != nil {
			granted.Drop()
		}
		return nil, fmt.Errorf("change instance: %w", err)
	}
	if i, err = c.settle(ctx, i, granted); err != nil {
		_, undone := c.Instances.SaveInstance(ctx, before, false)
		return nil, errors.Join(err, undone)
	}
	return viewOf(i), nil
}

func (c *connectors) remove(ctx context.Context, g *gin.Context) (any, error) {
	i, err := c.instance(ctx, g, byToken)
	if err != nil {
		return nil, err
	}
	if err := c.Orgs.Remove(ctx, i); err != nil {
		return nil, fmt.Errorf("remove instance: %w", err)
	}
	return struct{}{}, nil
}

// oauthURL is where the client's user authorizes the client's app.
func (c *connectors) oauthURL(ctx context.Context, g *gin.Context) (any, error) {
	if _, err := c.owner(ctx, g.Request.Header); err != nil {
		return nil, err
	}
	s := c.defaults()
	s.AppKey, s.CallbackURL = g.Query("apiKey"), g.Query("callbackUrl")
	if s.CallbackURL == "" {
		return nil, refuse(http.StatusBadRequest, "callbackUrl is needed: it is where Salesforce sends people back to.")
	}
	if asked := g.Query("environment"); asked != "" {
		var ok bool
		if s.Environment, ok = environmentOf(asked); !ok {
			return nil, refuse(http.StatusBadRequest, "environment must be production or sandbox.")
		}
	}
	url, err := c.Orgs.CodeURL(s, g.DefaultQuery("state", elementKey))
	if err != nil {
		return nil, fmt.Errorf("make OAuth URL: %w", err)
	}
	return struct {
		Element  string `json:"element"`
		OAuthURL string `json:"oauthUrl"`
	}{elementKey, url}, nil
}

// randomHex is so many bytes that nobody guesses. The id of an instance has to be of 128 bits: who knows it may send events.
func randomHex(bytes int) string {
	random := make([]byte, bytes)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}
