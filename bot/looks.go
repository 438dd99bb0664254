package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/render"
	"dispatch/transform"
)

// Looks tells how events are shown.
type Looks interface {
	// LookOf tells what a link does to an event on its way.
	LookOf(ctx context.Context, linkID string) (delivery.Look, error)
	// TemplateFailed notes that a template could not show an event.
	TemplateFailed(ctx context.Context, templateID string, f delivery.Failing) error
}

// maxReady is how many templates, and how many transforms, are kept ready to run.
const maxReady = 1000

// shelf keeps what was read from a text until the text changes.
type shelf[T any] struct {
	mu    sync.Mutex
	ready map[string]edition[T] // by id
}

type edition[T any] struct {
	version int
	value   T
	err     error
}

// get reads the text unless this version was read before.
func (s *shelf[T]) get(id string, version int, read func() (T, error)) (T, error) {
	s.mu.Lock()
	known, ok := s.ready[id]
	s.mu.Unlock()
	if ok && known.version == version {
		return known.value, known.err
	}
	value, err := read()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready == nil || len(s.ready) >= maxReady {
		s.ready = make(map[string]edition[T])
	}
	s.ready[id] = edition[T]{version, value, err}
	return value, err
}

// studio draws events as their links want them.
type studio struct {
	looks      Looks // nil: all are shown by the built-in embed
	templates  shelf[*render.Template]
	transforms shelf[*transform.Transform]
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
		if d.Event.Body, err = s.reshape(ctx, t, d.Event.Body); err != nil {
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

// reshape gives the body as it is when the transform fails.
func (s *studio) reshape(ctx context.Context, t *delivery.Transform, body []byte) ([]byte, error) {
	ready, err := s.transforms.get(t.ID, t.Version, func() (*transform.Transform, error) { return transform.Parse(t.Program) })
	if err != nil {
		return body, err
	}
	reshaped, err := ready.Apply(ctx, body)
	if err != nil {
		return body, err
	}
	return reshaped, nil
}

func (s *studio) show(t *delivery.Template, d delivery.Delivery, say locales.Catalog) (render.Message, error) {
	ready, err := s.templates.get(t.ID, t.Version, func() (*render.Template, error) { return render.ParseTemplate(t.Text) })
	if err != nil {
		return render.Message{}, err
	}
	message, _, err := ready.Message(d.Event, d.SourceName, say)
	return message, err
}

func (s *studio) note(d delivery.Delivery, err error) {
	s.log.WithFields(logrus.Fields{keyErr: err, "event_id": d.Event.ID}).Warn("event is shown without its template")
}
