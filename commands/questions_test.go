package commands_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/fault"
)

func fmtUnix(t time.Time) string { return fmt.Sprint(t.Unix()) }

const (
	questionGone   = "This question was answered already, or it is too old. If it is still due, please run the command again."
	questionOthers = "Somebody else was asked this. Please run the command yourself."
	disconnected   = "**Acme Production** is disconnected. Its URL answers 404 from now on.\n" +
		"Now remove the package from Salesforce, or switch off the Flow or the Outbound Message, so that nothing calls here any more."
)

func TestQuestions(t *testing.T) {
	tests := map[string]struct {
		later time.Duration
		edits []edit
		want  string
		done  bool
	}{
		"by the asker":     {0, nil, disconnected, true},
		"in the last hour": {15 * time.Minute, nil, disconnected, true},
		"too late":         {15*time.Minute + time.Second, nil, questionGone, false},
		"by another":       {0, []edit{user("400000000000000002")}, questionOthers, false},
		"in another guild": {0, []edit{field("guild_id", "100000000000000002")}, questionOthers, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme Production", event.AuthSecret)
			yes := b.answered("disconnect").button("Disconnect")
			b.now = b.now.Add(tc.later)
			if got := b.press(yes, tc.edits...); got.Body.Content != tc.want {
				t.Errorf("content = %q, want %q", got.Body.Content, tc.want)
			}
			if s := sourceOf(t, db, "Acme Production"); (s.State == event.Disconnected) != tc.done {
				t.Errorf("state = %s", s.State)
			}
		})
	}
}

func TestQuestionIsAnsweredOnce(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme Production", event.AuthSecret)
	_, old := shown(t, b.answered("generate_url"))
	yes := b.answered("generate_url").button("Replace the secret")
	var presses sync.WaitGroup
	for range 4 {
		presses.Go(func() { b.ask("button", pressing(yes)) })
	}
	presses.Wait()
	secrets, gone := 0, 0
	for _, a := range b.discord.answers[2:] {
		switch {
		case a.Body.Content == questionGone:
			gone++
		case len(a.Files) > 0:
			secrets++
		}
	}
	if secrets != 1 || gone != 3 {
		t.Errorf("%d secrets and %d times nothing, want 1 and 3", secrets, gone)
	}
	if _, ok := secretsOf(sourceOf(t, db, "Acme Production"))[old]; ok {
		t.Error("the old secret is still good")
	}
}

// A question by somebody else in between changes nothing, and one whose answer failed can be answered again.
func TestQuestionStaysOpen(t *testing.T) {
	store := &flaky{stub: stub{source: event.Source{ID: "1", Name: "Acme Production", Kind: event.SourceSalesforce, State: event.Active}}}
	b := sit(t, store, nil)
	yes := b.answered("disconnect").button("Disconnect")
	if got := b.press(yes, user("400000000000000002")); got.Body.Content != questionOthers {
		t.Errorf("by another: %q", got.Body.Content)
	}
	store.err = fault.New(fault.Unavailable, "")
	if got := b.press(yes); got.How != "create" || !strings.HasPrefix(got.Body.Content, "I can't do that right now") {
		t.Errorf("when it fails: %s %q", got.How, got.Body.Content)
	}
	store.err = nil
	if got := b.press(yes); got.How != "update" || got.Body.Content != disconnected {
		t.Errorf("when it works again: %s %q", got.How, got.Body.Content)
	}
}

// flaky is a store whose mood changes.
type flaky struct{ stub }

// Questions that nobody answers do not pile up: the oldest make room.
func TestQuestionsAreBounded(t *testing.T) {
	b := sit(t, stub{source: event.Source{ID: "1", Name: "Acme Production", Kind: event.SourceSalesforce, State: event.Active}}, nil)
	b.discord.contract = nil // a thousand answers are alike
	first := b.answered("disconnect").button("Disconnect")
	b.now = b.now.Add(time.Second)
	second := b.answered("disconnect").button("Disconnect")
	b.now = b.now.Add(time.Second)
	for range 999 {
		b.ask("disconnect")
	}
	if got := b.press(first); got.Body.Content != questionGone {
		t.Errorf("the oldest of 1001: %q", got.Body.Content)
	}
	if got := b.press(second); got.Body.Content != disconnected {
		t.Errorf("the second oldest: %q", got.Body.Content)
	}
}
