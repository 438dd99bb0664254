package commands

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/fault"
)

const (
	questionLife = 15 * time.Minute // as long as Discord lets its message be edited
	maxQuestions = 1000
)

// questions are what we asked before we do something that cannot be undone: each waits for its asker to
// press a button, once. They live in memory; one that a restart has swept away is asked again.
type questions struct {
	now  func() time.Time
	mu   sync.Mutex
	open map[string]question
}

type question struct {
	guild, user string
	until       time.Time
	yes         func(context.Context) (reply, error)
}

func newQuestions(now func() time.Time) *questions {
	return &questions{now: now, open: make(map[string]question)}
}

// ask makes the reply that asks. The label is that of the button which has yes done.
func (q *questions) ask(by asker, r reply, label text, yes func(context.Context) (reply, error)) reply {
	id := q.hold(by, yes)
	r.buttons = append(r.buttons,
		button{label: label, style: discord.ButtonStyleDanger, id: "/confirm/" + id},
		button{label: say("button.cancel"), style: discord.ButtonStyleSecondary, id: "/cancel/" + id})
	return r
}

// hold keeps what is done when the asker presses a button, and gives the id that it goes by.
func (q *questions) hold(by asker, yes func(context.Context) (reply, error)) string {
	id := rand.Text()
	q.keep(id, question{guild: by.guild, user: by.user, until: q.now().Add(questionLife), yes: yes})
	return id
}

// confirm does what the question was about. When that fails, the question stays open.
func (q *questions) confirm(ctx context.Context, by asker, id string) (reply, error) {
	asked, err := q.take(by, id)
	if err != nil {
		return reply{}, err
	}
	r, err := asked.yes(ctx)
	if err != nil {
		q.keep(id, asked)
	}
	return r, err
}

func (q *questions) cancel(_ context.Context, by asker, id string) (reply, error) {
	if _, err := q.take(by, id); err != nil {
		return reply{}, err
	}
	return tell(say("reply.cancelled")), nil
}

// take hands the question out to one press only.
func (q *questions) take(by asker, id string) (question, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	asked, ok := q.open[id]
	if !ok || q.now().After(asked.until) {
		return question{}, fault.Say(fault.NotFound, "reply.question_gone")
	}
	if asked.guild != by.guild || asked.user != by.user {
		return question{}, fault.Say(fault.Forbidden, "reply.question_of_another")
	}
	delete(q.open, id)
	return asked, nil
}

// keep makes room first: the dead go, and if that is not enough, the oldest.
func (q *questions) keep(id string, asked question) {
	q.mu.Lock()
	defer q.mu.Unlock()
	oldest := id
	for other, o := range q.open {
		if q.now().After(o.until) {
			delete(q.open, other)
		} else if oldest == id || o.until.Before(q.open[oldest].until) {
			oldest = other
		}
	}
	if len(q.open) >= maxQuestions {
		delete(q.open, oldest)
	}
	q.open[id] = asked
}
