package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"dispatch/event"
)

// maxPreferences is more bytes than any preferences have that can be taken.
const maxPreferences = 64 << 10

// Preferences are the guilds' for sending SMS by Salesforce.
type Preferences interface {
	// Preferences gives those of the guild, secrets included; the zero value when it has put none.
	Preferences(ctx context.Context, guildID string) (event.PreferencesDocument, error)
	// ChangePreferences has them changed while nobody else does, and gives them as they are then.
	ChangePreferences(ctx context.Context, guildID string, by event.Changer, change func(*event.PreferencesDocument)) (event.PreferencesDocument, error)
}

// settings answers for /salesforce-settings.
type settings struct {
	preferences Preferences
	keys        keyring
	answers     *answers
	maxBody     int64
}

func (s *settings) routes(engine *gin.Engine) {
	if s.preferences == nil {
		return
	}
	engine.GET("/salesforce-settings", s.serve(s.show))
	engine.PUT("/salesforce-settings", s.serve(s.put))
}

// serve finds out whose preferences are asked for, and answers with what do makes of them. No secret leaves.
func (s *settings) serve(do func(*http.Request, event.APIKey) (event.PreferencesDocument, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		key, err := s.keys.apiKey(c.Request.Context(), c.Request.Header)
		if err != nil {
			s.answers.fail(c.Writer, "", err)
			return
		}
		document, err := do(c.Request, key)
		if err != nil {
			s.answers.fail(c.Writer, "", err)
			return
		}
		body, err := document.Masked().MarshalJSON()
		if err != nil {
			s.answers.fail(c.Writer, "", fmt.Errorf("encode preferences: %w", err))
			return
		}
		c.Header("Cache-Control", "no-store")
		c.Writer.Header()["Content-Type"] = contentJSON
		_, _ = c.Writer.Write(body) // a client that has gone cannot be told so
	}
}

func (s *settings) show(r *http.Request, key event.APIKey) (event.PreferencesDocument, error) {
	document, err := s.preferences.Preferences(r.Context(), key.GuildID)
	if err != nil {
		return document, fmt.Errorf("show preferences: %w", err)
	}
	return document, nil
}

// put takes the place of the whole document. A mask in it stands for what is stored.
func (s *settings) put(r *http.Request, key event.APIKey) (event.PreferencesDocument, error) {
	body, err := readBody(r, min(s.maxBody, maxPreferences))
	if err != nil {
		return event.PreferencesDocument{}, err
	}
	if body, err = content(body, r.Header, unheard); err != nil {
		return event.PreferencesDocument{}, err
	}
	wanted, err := event.ParsePreferences(body)
	if wrong := (*event.PreferencesError)(nil); errors.As(err, &wrong) {
		return event.PreferencesDocument{}, refuse(http.StatusBadRequest, "The preferences cannot be taken: %s.", wrong)
	}
	if err != nil {
		return event.PreferencesDocument{}, err
	}
	// What has begun is finished, though the client may be gone.
	ctx := context.WithoutCancel(r.Context())
	kept, err := s.preferences.ChangePreferences(ctx, key.GuildID, event.Changer{Key: key.Name}, func(d *event.PreferencesDocument) {
		*d = wanted.Unmasked(*d)
	})
	if err != nil {
		return event.PreferencesDocument{}, fmt.Errorf("put preferences: %w", err)
	}
	return kept, nil
}
