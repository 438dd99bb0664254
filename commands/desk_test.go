package commands_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/rest"
	"github.com/google/go-cmp/cmp"

	"dispatch/commands"
	"dispatch/event"
	"dispatch/fault"
)

// stub is a store with one source, which answers after a while and as it is told.
type stub struct {
	commands.Store // what is not stubbed is not called
	source         event.Source
	wait           time.Duration
	err            error
	panics         bool
}

func (s stub) Sources(ctx context.Context, _ string) ([]event.Source, error) {
	return []event.Source{s.source}, s.answer(ctx)
}

func (s stub) Source(ctx context.Context, _, _ string) (event.Source, error) {
	return s.source, s.answer(ctx)
}

func (s stub) SourceByID(ctx context.Context, _, _ string) (event.Source, error) {
	return s.source, s.answer(ctx)
}

func (s stub) Disconnect(ctx context.Context, _, _ string, _ time.Time) error { return s.answer(ctx) }

func (s stub) answer(ctx context.Context) error {
	if s.panics {
		panic("the cause")
	}
	select {
	case <-time.After(s.wait):
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

const theCause = "the cause: secret-of-the-house"

func TestErrorsInWords(t *testing.T) {
	cause := errors.New(theCause)
	tests := map[string]struct {
		err       error
		want      string
		logged    bool
		reference bool
	}{
		"invalid":      {fault.New(fault.Invalid, "parse: %w", cause), "That doesn't look right", false, false},
		"unauthorized": {fault.New(fault.Unauthorized, "sign: %w", cause), "I couldn't tell who is asking", false, false},
		"forbidden":    {fault.New(fault.Forbidden, "look: %w", cause), "You aren't allowed", false, false},
		"not found":    {fmt.Errorf("find: %w", fault.New(fault.NotFound, "find: %w", cause)), "There is no Salesforce source called", false, false},
		"exists":       {fault.New(fault.Exists, "make: %w", cause), "There is already one", false, false},
		"too many":     {fault.New(fault.TooMany, "make: %w", cause), "That is more than I can take", false, false},
		"unavailable":  {fault.New(fault.Unavailable, "open: %w", cause), "I can't do that right now", false, false},
		"with a key":   {fault.Say(fault.Invalid, "reply.name_characters"), "That name has characters nobody can see", false, false},
		"internal":     {fault.New(fault.Internal, "open: %w", cause), "Something went wrong on our side", true, true},
		"unclassified": {cause, "Something went wrong on our side", true, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b := sit(t, stub{err: tc.err}, nil)
			got := b.answered("disconnect")
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
			const id = "900000000000000001"
			checkMention(t, "content: the reference", got.Body.Content, id, tc.reference)
			checkMention(t, "content: the cause", got.Body.Content, theCause, false)
			checkMention(t, "log: the reference", b.log.String(), "reference="+id, tc.logged)
			checkMention(t, "log: the cause", b.log.String(), theCause, tc.logged)
		})
	}
}

func checkMention(t *testing.T, what, text, part string, want bool) {
	t.Helper()
	if strings.Contains(text, part) != want {
		t.Errorf("%s in it: %v, want %v: %s", what, !want, want, text)
	}
}

func TestPanicIsAnswered(t *testing.T) {
	b := sit(t, stub{panics: true}, nil)
	got := b.answered("disconnect")
	if !strings.HasPrefix(got.Body.Content, "Something went wrong on our side") || strings.Contains(got.Body.Content, "cause") {
		t.Errorf("content = %q", got.Body.Content)
	}
	if log := b.log.String(); !strings.Contains(log, "the cause") || !strings.Contains(log, "desk_test.go") {
		t.Errorf("the log has no cause or no stack: %s", log)
	}
	if got := b.answered("autocomplete"); len(got.Body.Choices) != 0 {
		t.Errorf("suggestions = %v", got.Body.Choices)
	}
}

// An answer that takes long is deferred within the three seconds that Discord grants, and given later.
func TestSlowAnswers(t *testing.T) {
	connected := event.Source{ID: "1", Name: "Acme", Kind: event.SourceSalesforce, State: event.Active}
	tests := map[string]struct {
		store   stub
		file    string
		how     []string
		content string
		within  time.Duration
	}{
		"just in time":    {stub{source: connected, wait: time.Second}, "disconnect", []string{"create"}, "Disconnect **Acme**?", time.Second},
		"slow":            {stub{source: connected, wait: 5 * time.Second}, "disconnect", []string{"defer", "edit"}, "Disconnect **Acme**?", 5 * time.Second},
		"slow to fail":    {stub{wait: 5 * time.Second, err: fault.New(fault.Unavailable, "")}, "disconnect", []string{"defer", "edit"}, "I can't do that right now", 5 * time.Second},
		"never":           {stub{wait: time.Hour}, "disconnect", []string{"defer", "edit"}, "Something went wrong", 30 * time.Second},
		"slow suggestion": {stub{wait: time.Hour}, "autocomplete", []string{"choices"}, "", 2 * time.Second},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, started := sit(t, tc.store, nil), time.Now()
				answers := b.ask(tc.file)
				if took := time.Since(started); took != tc.within {
					t.Errorf("took %v, want %v", took, tc.within)
				}
				checkAnswers(t, answers, tc.how, tc.content)
			})
		})
	}
}

// slowToDisconnect answers at once until it is to change something.
type slowToDisconnect struct {
	stub
	slow stub
}

func (s slowToDisconnect) Disconnect(ctx context.Context, guild, id string, at time.Time) error {
	return s.slow.Disconnect(ctx, guild, id, at)
}

// The answer to a choice takes the place of the question; a failure leaves it, so that one can choose again.
func TestSlowChoices(t *testing.T) {
	quick := stub{source: event.Source{ID: "1", Name: "Acme", Kind: event.SourceSalesforce, State: event.Active}}
	unavailable := fault.New(fault.Unavailable, "")
	tests := map[string]struct {
		slow    stub
		how     []string
		content string
	}{
		"quick":         {stub{}, []string{"update"}, "**Acme** is disconnected."},
		"quick to fail": {stub{err: unavailable}, []string{"create"}, "I can't do that right now"},
		"slow":          {stub{wait: 5 * time.Second}, []string{"defer update", "edit"}, "**Acme** is disconnected."},
		"slow to fail":  {stub{wait: 5 * time.Second, err: unavailable}, []string{"defer update", "follow up"}, "I can't do that right now"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := sit(t, slowToDisconnect{stub: quick, slow: tc.slow}, nil)
				yes := b.answered("disconnect").button("Disconnect")
				checkAnswers(t, b.ask("button", pressing(yes)), tc.how, tc.content)
			})
		})
	}
}

func checkAnswers(t *testing.T, answers []answer, how []string, content string) {
	t.Helper()
	var got []string
	for _, a := range answers {
		got = append(got, a.How)
	}
	if diff := cmp.Diff(how, got); diff != "" {
		t.Fatalf("answers (-want +got):\n%s", diff)
	}
	if last := answers[len(answers)-1].Body; !strings.HasPrefix(last.Content, content) {
		t.Errorf("content = %q, want %q…", last.Content, content)
	}
	if first := answers[0]; first.How == "defer" && first.Body.Flags != 64 {
		t.Errorf("deferred for everybody: flags %d", first.Body.Flags)
	}
}

// A reply that Discord does not take is no reason to leave the asker without any.
func TestRefusedAnswers(t *testing.T) {
	lost := &url.Error{Op: "Post", URL: "https://discord.com/api/v10/interactions/1/interaction-token-0123456789/callback", Err: errors.New("connection reset")}
	invalid := &rest.Error{Code: rest.JSONErrorCodeInvalidFormBody, Message: "Invalid Form Body", Response: &http.Response{StatusCode: http.StatusBadRequest}}
	tests := map[string]struct {
		refuse int
		err    error
		how    []string
		logged string
	}{
		"once":  {1, invalid, []string{"create"}, "Invalid Form Body"},
		"lost":  {1, fmt.Errorf("do request: %w", lost), []string{"create"}, "connection reset"},
		"twice": {2, lost, nil, "interaction went unanswered"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, _ := open(t)
			b.discord.refuse, b.discord.err = tc.refuse, tc.err
			answers := b.ask("list")
			if len(answers) > 0 {
				checkAnswers(t, answers, tc.how, "Something went wrong on our side")
			} else if tc.how != nil {
				t.Error("nothing was answered")
			}
			checkMention(t, "log: what happened", b.log.String(), tc.logged, true)
			checkMention(t, "log: the token", b.log.String(), "interaction-token", false)
		})
	}
}
