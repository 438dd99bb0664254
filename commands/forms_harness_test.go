package commands_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What components are of, in Discord's numbers.
const (
	stringSelect  = 3
	textInput     = 4
	channelSelect = 8
	label         = 18
)

// inputs are what a form has to fill in, by custom id.
func (a answer) inputs(t *testing.T) map[string]formInput {
	t.Helper()
	if a.How != "form" {
		t.Fatalf("no form, but %s: %s", a.How, a.Body.Content)
	}
	found := map[string]formInput{}
	for _, r := range a.Body.Components {
		if r.Component == nil || r.Label == "" {
			t.Fatalf("an input without a label: %+v", r)
		}
		found[r.Component.CustomID] = *r.Component
	}
	return found
}

// submitting sends the form as it came, but for the values that somebody has filled in.
func submitting(t *testing.T, form answer, values map[string]string) edit {
	t.Helper()
	all := form.inputs(t)
	components := []any{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		in := all[id]
		value, changed := values[id]
		if !changed {
			value = in.Value
		}
		given := map[string]any{"type": in.Type, "id": 2, "custom_id": id}
		switch {
		case in.Type == textInput:
			given["value"] = value
		case value == "":
			given["values"] = []string{}
		default:
			given["values"] = []string{value}
		}
		components = append(components, map[string]any{"type": label, "id": 1, "component": given})
	}
	for id := range values {
		if _, there := all[id]; !there {
			t.Fatalf("the form has no input %q", id)
		}
	}
	return func(i map[string]any) {
		i["type"] = 5
		i["data"] = map[string]any{"custom_id": form.Body.CustomID, "components": components, "resolved": map[string]any{}}
	}
}

// fill submits the form and returns the one answer.
func (b *bench) fill(form answer, values map[string]string, edits ...edit) answer {
	b.t.Helper()
	return b.answered("button", append([]edit{submitting(b.t, form, values)}, edits...)...)
}

// posted is ask where a message is shown as it would be posted, and what there is to say of it beside.
func (b *bench) posted(file string, edits ...edit) (shown, said answer) {
	b.t.Helper()
	answers := b.ask(file, edits...)
	if len(answers) != 2 {
		b.t.Fatalf("%d answers, want 2: %+v", len(answers), answers)
	}
	for _, a := range answers {
		checkAnswer(b.t, a)
	}
	if diff := cmp.Diff(64, answers[1].Body.Flags); diff != "" && answers[1].How == "follow up" {
		b.t.Errorf("what follows is for everybody: %s", diff)
	}
	return answers[0], answers[1]
}
