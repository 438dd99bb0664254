package salesforce

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	"dispatch/event"
)

// callLimit bounds a call of a target with all that belongs to it: signing in, discovering the version, one more try. A sender
// waits for it.
const callLimit = 45 * time.Second

// Execute does what an event of the type asks the target's org to do, and gives what came of it.
func (t *Targets) Execute(ctx context.Context, of event.Target, typ string, data []byte) event.Reply {
	answer, err := t.Call(ctx, of, typ, data)
	if err != nil {
		return err.reply()
	}
	reply := event.Reply{Category: event.CategorySuccess, Data: answer.Body, Fate: event.CallDone, Status: answer.Status}
	if len(answer.Body) > 0 {
		reply.ContentType = cmp.Or(answer.Header.Get("Content-Type"), "application/json")
	}
	return reply
}

// Call is Execute for those who act upon the error.
func (t *Targets) Call(ctx context.Context, of event.Target, typ string, data []byte) (Answer, *CallError) {
	if typ != event.APICall {
		return Answer{}, &CallError{Code: CodeEventContext, Description: fmt.Sprintf("event type %q is not supported", cut(typ, maxTold))}
	}
	c, err := ParseCall(data)
	if err != nil {
		return Answer{}, callErrorOf(c, err)
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	found, err := t.target(ctx, of)
	if err != nil { // ours, and not for those who call
		t.log.WithField(keyTarget, of.ID).WithField(keyErr, err).Error("target not called")
		return Answer{}, &CallError{Code: CodeAdapterProcess, Description: "the target cannot be used now", cause: err}
	}
	answer, err := found.do(ctx, c)
	if err != nil {
		return Answer{}, callErrorOf(c, err)
	}
	return answer, nil
}

// do makes the call, once more when its answer gets lost and it only reads.
func (t *target) do(ctx context.Context, c Call) (Answer, error) {
	// The version is discovered first, so that what is lost then is not the call.
	session, err := t.access.Session(ctx)
	if err != nil {
		return Answer{}, err
	}
	if _, err := t.org.version(ctx, session); err != nil {
		return Answer{}, fmt.Errorf("%w: %w", errSignIn, err)
	}
	answer, err := t.org.Do(ctx, c.request())
	if c.repeatable() && isLost(ctx, err) {
		answer, err = t.org.Do(ctx, c.request())
	}
	if err != nil {
		return Answer{}, err
	}
	if isJSON(answer.Header.Get("Content-Type")) && c.Action != http.MethodHead && len(answer.Body) > 0 && !json.Valid(answer.Body) {
		return Answer{}, &CallError{Code: CodeResponseParsing, Description: "the answer is not valid JSON", Lost: !c.repeatable()}
	}
	return answer, nil
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}
