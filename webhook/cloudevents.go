package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// Targets are the Salesforce orgs that CloudEvents act on.
type Targets interface {
	// TargetBySlug gives the target at the slug, fault.NotFound when there is none.
	TargetBySlug(ctx context.Context, slug string) (event.Target, error)
	// Execute does what an event of the type asks the target to do, and gives what came of it, in less than a minute.
	Execute(ctx context.Context, of event.Target, typ string, data []byte) event.Reply
}

// batchLimit bounds how long the calls of one request take, so that there is time left to write the answer.
const batchLimit = 50 * time.Second

// cloudEvents answers POST /cloudevents/{slug}: a source takes the events, a target does what they ask for.
type cloudEvents struct {
	hooks   *hooks
	targets Targets // nil: there are none
}

func (e *cloudEvents) receive(c *gin.Context) {
	ctx := context.WithoutCancel(c.Request.Context()) // as for hooks
	slug := c.Param("slug")
	source, err := e.hooks.source(ctx, slug)
	if err == nil {
		e.accept(ctx, source, c)
		return
	}
	if !errors.Is(err, errNoSource) {
		e.hooks.answers.fail(c.Writer, "", err)
		return
	}
	target, err := e.target(ctx, slug)
	if err == nil {
		err = e.execute(ctx, target, c)
	}
	if err != nil {
		e.hooks.answers.fail(c.Writer, target.ID, err)
	}
}

func (e *cloudEvents) target(ctx context.Context, slug string) (event.Target, error) {
	if e.targets == nil || !isSlug(slug) {
		return event.Target{}, errNoSource
	}
	target, err := e.targets.TargetBySlug(ctx, slug)
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return event.Target{}, fmt.Errorf("find target: %w", err)
	case err != nil:
		return event.Target{}, errNoSource
	}
	return target, nil
}

// accept has the source take the events, with the checks of hooks in their order.
func (e *cloudEvents) accept(ctx context.Context, source event.Source, c *gin.Context) {
	began := time.Now()
	accepted, err := e.take(ctx, source, c.Request)
	if err != nil {
		e.hooks.answers.fail(c.Writer, source.ID, err)
		return
	}
	accepted.write(c.Writer)
	e.hooks.metrics.accepted.Add(float64(accepted.events()))
	e.hooks.metrics.taken.Observe(time.Since(began).Seconds())
}

func (e *cloudEvents) take(ctx context.Context, source event.Source, r *http.Request) (answer, error) {
	body, err := readBody(r, e.hooks.maxBody)
	if err != nil {
		return nil, err
	}
	now := e.hooks.now().UTC()
	if err := e.hooks.keys.authenticate(ctx, source, r.Header, body, now); err != nil {
		return nil, err
	}
	told, err := readCloudEvents(r.Header, body)
	if err != nil {
		return nil, err
	}
	return e.hooks.acceptCloudEvents(ctx, source, r.Header, told, now)
}

// execute has the target do what the events ask for. A target is never open.
func (e *cloudEvents) execute(ctx context.Context, target event.Target, c *gin.Context) error {
	body, err := readBody(c.Request, e.hooks.maxBody)
	if err != nil {
		return err
	}
	if err := e.hooks.keys.checkAPIKey(ctx, target.GuildID, c.Request.Header); err != nil {
		return err
	}
	told, err := readCloudEvents(c.Request.Header, body)
	if err != nil {
		return err
	}
	if err := checkHops(c.Request.Header); err != nil {
		return err
	}
	// What was slow to come must not cost the time for the answer: the calls will have been made.
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(usual.write)) // not everything that is written to has one
	ctx, cancel := context.WithTimeout(ctx, batchLimit)
	defer cancel()
	var given replies
	for _, one := range told.events { // one after the other: a call may need what the one before it has done
		reply := noRoom
		if given.size() < maxReplies {
			reply = e.targets.Execute(ctx, target, one.Type(), one.Data())
		}
		if target.ReplyPolicy.Gives(reply.Category) {
			given = append(given, reply)
		}
	}
	return given.write(c.Writer, target, told.batch, e.hooks.now().UTC())
}
