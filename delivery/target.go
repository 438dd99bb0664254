package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"dispatch/event"
)

// Caller makes the calls that events ask the orgs of targets for.
type Caller interface {
	// Execute does what an event of the type asks the target's org to do, and gives what came of it, in less than a minute.
	Execute(ctx context.Context, of event.Target, typ string, data []byte) event.Reply
}

// CallBooks is what a TargetSender has kept.
type CallBooks interface {
	// TargetByID gives a target.
	TargetByID(ctx context.Context, id string) (event.Target, error)
	// BeginCall writes down that an attempt of a delivery calls an org, and says whether it is the first to: if not, a process
	// has ended in the middle of it.
	BeginCall(ctx context.Context, destinationID string, id event.ID, attempt int) (first bool, err error)
	// EndCall writes down that the org has not done it, so that the attempt may begin once more.
	EndCall(ctx context.Context, destinationID string, id event.ID) error
	// ReplySource gives the id of the source that the target's replies come from, "" while there is none or it is paused.
	ReplySource(ctx context.Context, targetID string) (string, error)
}

// TargetOptions are what a TargetSender is told.
type TargetOptions struct {
	Looks  Looks
	Books  CallBooks
	Caller Caller
	Accept Accept // takes the replies
	Policy Policy // which tries are the last
	Log    *logrus.Logger
}

// TargetSender is the Sender of destinations that are targets: each delivery is a call of the org's API. One that changes
// something is made again only when it is known that the org has not done it, over crashes, too.
type TargetSender struct {
	opts     TargetOptions
	log      *logrus.Entry
	programs Programs
}

var _ Sender = (*TargetSender)(nil)

// NewTargetSender makes a TargetSender.
func NewTargetSender(opts TargetOptions) *TargetSender {
	return &TargetSender{opts: opts, log: opts.Log.WithField("component", "delivery")}
}

var (
	errCircle = errors.New("this was handed on too often: some route leads replies back to where they come from")
	errBroken = errors.New("the process ended in the middle of the call")
)

// Send makes the calls, one after the other. See Sender.
func (s *TargetSender) Send(ctx context.Context, batch Batch) []Outcome {
	outcomes := make([]Outcome, len(batch.Deliveries))
	to, err := s.opts.Books.TargetByID(ctx, batch.Destination.TargetID)
	if err != nil {
		outcomes[0].Err = fmt.Errorf("find target: %w", err)
		return outcomes
	}
	ctx, cancel := context.WithTimeout(ctx, TurnTime)
	defer cancel()
	for i, d := range batch.Deliveries {
		if ctx.Err() != nil {
			break
		}
		outcomes[i] = s.deliver(ctx, calling{to: to, destination: batch.Destination.ID, Delivery: d})
		if v := outcomes[i].Verdict; v != Sent && v != Wrong {
			break
		}
	}
	return outcomes
}

// calling is a delivery on its way to a target.
type calling struct {
	Delivery
	to          event.Target
	destination string // id
	call        []byte // JSON
}

// deliver makes one attempt, which is let finish in its own time, and tells of how it ended.
func (s *TargetSender) deliver(ctx context.Context, c calling) Outcome {
	if hopsOf(c.Delivery) >= event.MaxHops { // a reply is an event, too
		return Outcome{Verdict: Wrong, Err: errCircle}
	}
	began := time.Now()
	reply, err := s.reply(ctx, &c)
	if err != nil {
		return Outcome{Err: err}
	}
	outcome := outcomeOf(reply)
	outcome.Latency = time.Since(began)
	if v := outcome.Verdict; v == Sent || v == Wrong || v == Later && s.opts.Policy.last(c.Delivery) {
		s.tell(context.WithoutCancel(ctx), c, reply)
	}
	return outcome
}

// last says whether a delivery that fails once more is abandoned.
func (p Policy) last(d Delivery) bool { return d.Attempts+1-d.Replayed >= p.Attempts }

// reply is what comes of the delivery. With an error, nothing was tried.
func (s *TargetSender) reply(ctx context.Context, c *calling) (event.Reply, error) {
	look, err := s.opts.Looks.LookOf(ctx, c.LinkID)
	if err != nil {
		return event.Reply{}, fmt.Errorf("find look: %w", err)
	}
	c.call = c.Event.Body
	if t := look.Transform; t != nil {
		c.call, err = s.programs.Apply(ctx, t, c.Event.Body)
		switch {
		case err != nil && ctx.Err() != nil:
			return event.Reply{}, fmt.Errorf("transform: %w", ctx.Err()) // it may be no fault of the program's
		case err != nil:
			return failing("request-parsing", event.CallRefused, fmt.Errorf("transform by %q: %w", t.Name, err)), nil
		}
	}
	lasting := context.WithoutCancel(ctx)
	if isReading(c.call) {
		return s.opts.Caller.Execute(lasting, c.to, event.APICall, c.call), nil
	}
	first, err := s.opts.Books.BeginCall(ctx, c.destination, c.Event.ID, c.Attempts+1)
	switch {
	case err != nil:
		return event.Reply{}, fmt.Errorf("begin call: %w", err)
	case !first:
		return failing("adapter-process", event.CallLost, errBroken), nil
	}
	reply := s.opts.Caller.Execute(lasting, c.to, event.APICall, c.call)
	if reply.Fate == event.CallLater || reply.Fate == event.CallShut {
		if err := s.opts.Books.EndCall(lasting, c.destination, c.Event.ID); err != nil {
			s.log.WithError(err).WithField("destination", c.destination).Error("call not ended") // it will not be made again
		}
	}
	return reply, nil
}

// isReading says whether the call changes nothing, so that it does no harm to make it twice.
func isReading(call []byte) bool {
	var asked struct {
		Action string `json:"action"`
	}
	err := json.Unmarshal(call, &asked)
	return err == nil && (strings.EqualFold(asked.Action, http.MethodGet) || strings.EqualFold(asked.Action, http.MethodHead))
}

// outcomeOf says what a reply means for its delivery and for the destination.
func outcomeOf(r event.Reply) Outcome {
	o := Outcome{Status: r.Status, Response: Clip(string(r.Data), MaxResponse), Err: r.Err}
	switch r.Fate {
	case event.CallDone:
		o.Verdict = Sent
	case event.CallLater:
		o.Verdict, o.After = Later, r.RetryAfter
	case event.CallShut:
		o.Verdict, o.Reason = Pause, "pause.target_shut"
	case event.CallLost:
		o.Verdict = Wrong
		o.Err = fmt.Errorf("%w; nobody knows whether the org has done it, so it is not asked again", r.Err)
	case event.CallRefused:
		o.Verdict = Wrong
	}
	return o
}
