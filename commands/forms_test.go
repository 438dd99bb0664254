package commands_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/fault"
)

// tardy is a store that takes its time to find templates.
type tardy struct {
	commands.Store // what is not stubbed is not called
	wait           time.Duration
}

func (s tardy) Template(ctx context.Context, _, _ string) (delivery.Template, error) {
	select {
	case <-time.After(s.wait):
		return delivery.Template{}, fault.New(fault.NotFound, "find template")
	case <-ctx.Done():
		return delivery.Template{}, ctx.Err()
	}
}

// A form opens at once or not at all: Discord takes none in place of an answer that was deferred.
func TestSlowForms(t *testing.T) {
	tests := map[string]struct {
		wait   time.Duration
		how    string
		within time.Duration
	}{
		"in time":      {1900 * time.Millisecond, "form", 1900 * time.Millisecond},
		"not any more": {time.Hour, "create", 2 * time.Second},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, started := sit(t, tardy{wait: tc.wait}, nil), time.Now()
				got := b.slash("template", "create", set("name", "deal"))
				if took := time.Since(started); took != tc.within || got.How != tc.how {
					t.Errorf("%s after %v, want %s after %v", got.How, took, tc.how, tc.within)
				}
				if got.How == "create" && !strings.HasPrefix(got.Body.Content, "I can't do that right now.") {
					t.Errorf("content = %q", got.Body.Content)
				}
			})
		})
	}
}

func TestFormsThatWereGivenBack(t *testing.T) {
	const gone = "I don't have what you typed any more. If it was attached to the message, it's still there"
	tests := map[string]struct {
		later time.Duration
		edits []edit
		want  string // "" for the form
	}{
		"soon":             {15 * time.Minute, nil, ""},
		"too late":         {15*time.Minute + time.Second, nil, gone},
		"by another":       {0, []edit{user("400000000000000002")}, questionOthers},
		"in another guild": {0, []edit{field("guild_id", "100000000000000002")}, questionOthers},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, _ := open(t)
			form := b.slash("template", "create", set("name", "deal"))
			again := b.fill(form, map[string]string{"text": "no"}).button("Edit again")
			b.now = b.now.Add(tc.later)
			got := b.press(again, tc.edits...)
			if (got.How == "form") != (tc.want == "") || !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("%s: %q, want %q", got.How, got.Body.Content, tc.want)
			}
		})
	}
}

func TestFormsAreForAdmins(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "deal", simple)
	form := b.slash("template", "edit", set("name", "deal"))
	const want = "You need the Manage Server permission for this."
	if got := b.fill(form, map[string]string{"text": another}, permissions("3072")).Body.Content; !strings.HasPrefix(got, want) {
		t.Errorf("a form: %q", got)
	}
	for _, sub := range []string{"create", "edit", "show", "list", "delete", "preview", "assign", "unassign", "import", "export"} {
		if got := b.slash("template", sub, permissions("3072")).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("/template %s: %q", sub, got)
		}
	}
	for _, id := range []string{"/template/edit/", "/template/assign/", "/template/preview/"} {
		if got := b.press(id+made.ID, permissions("3072")).Body.Content; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
	if got := textOf(t, db, "deal"); got != simple {
		t.Errorf("text = %q", got)
	}
}
