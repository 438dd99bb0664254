package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/render"
)

// Looks tells how events are shown.
type Looks interface {
	// LookOf tells what a link does to an event on its way.
	LookOf(ctx context.Context, linkID string) (delivery.Look, error)
	// TemplateFailed notes that a template could not show an event.
	TemplateFailed(ctx context.Context, templateID string, f delivery.Failing) error
}

// studio draws events as their links want them.
type studio struct {
	looks      Looks // nil: all are shown by the built-in embed
	templates  delivery.Editions[*render.Template]
	transforms delivery.Programs
	log        *logrus.Entry
}

// draw is the delivery as its channel shows it. What a template or a transform fails on is shown without it, and says so.
func (s *studio) draw(ctx context.Context, d delivery.Delivery, say locales.Catalog) (render.Message, error) {
	if s.looks == nil {
		return builtIn(d, say), nil
	}
	look, err := s.looks.LookOf(ctx, d.LinkID)
	if err != nil {
		return render.Message{}, fmt.Errorf("find look: %w", err)
	}
	failed := ""
	if t := look.Transform; t != nil {
		reshaped, err := s.transforms.Apply(ctx, t, d.Event.Shown().Body)
		if err == nil {
			d.Event.Body = reshaped
		} else {
			s.note(d, err)
			failed = say.T("embed.transform_failed", "name", t.Name)
		}
	}
	if t := look.Template; t != nil {
		message, err := s.show(t, d, say)
		if err == nil {
			return message, nil
		}
		s.note(d, err)
		failing := delivery.Failing{EventID: d.Event.ID, At: time.Now(), Error: err.Error()}
		if err := s.looks.TemplateFailed(ctx, t.ID, failing); err != nil {
			s.note(d, err)
		}
		failed = say.T("embed.template_failed", "name", t.Name)
	}
	message := builtIn(d, say)
	if failed != "" {
		footer := &discord.EmbedFooter{Text: failed}
		if before := message.Embeds[0].Footer; before != nil {
			footer.Text = before.Text + " · " + failed
		}
		message.Embeds[0].Footer = footer
	}
	return message, nil
}

func builtIn(d delivery.Delivery, say locales.Catalog) render.Message {
	return render.Message{Embeds: []discord.Embed{render.Embed(d.Event, d.SourceName, say)}}
}

func (s *studio) show(t *delivery.Template, d delivery.Delivery, say locales.Catalog) (render.Message, error) {
	ready, err := s.templates.Get(t.ID, t.Version, func() (*render.Template, error) { return render.ParseTemplate(t.Text) })
	if err != nil {
		return render.Message{}, err
	}
	message, _, err := ready.Message(d.Event, d.SourceName, say)
	return message, err
}

func (s *studio) note(d delivery.Delivery, err error) {
	s.log.WithFields(logrus.Fields{keyErr: err, "event_id": d.Event.ID}).Warn("event is shown without its template")
}
