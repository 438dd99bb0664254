package event_test

import (
	"testing"

	"dispatch/event"
)

func TestBuiltInSources(t *testing.T) {
	tests := map[string]struct {
		slug    string
		builtIn bool
		replies string
	}{
		"a slug of a path": {"lqh4vk727s44igo4tro7g7thsj", false, ""},
		"settings":         {event.BuiltInSlug + "7", true, ""},
		"replies":          {event.RepliesSlug + "7", true, "7"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := event.Source{Slug: tc.slug}
			if s.BuiltIn() != tc.builtIn || s.RepliesOf() != tc.replies {
				t.Errorf("built in: %v, replies of %q", s.BuiltIn(), s.RepliesOf())
			}
		})
	}
}

func TestReplyPolicyGives(t *testing.T) {
	tests := map[string]struct {
		known          bool
		success, error bool
	}{
		"always": {true, true, true}, "error": {true, false, true}, "errors": {true, false, true}, "never": {true, false, false},
		"Always": {false, false, false}, "": {false, false, false},
	}
	for typed, tc := range tests {
		t.Run(typed, func(t *testing.T) {
			p, known := event.ParseReplyPolicy(typed)
			if known != tc.known || p.Gives(event.CategorySuccess) != tc.success || p.Gives(event.CategoryError) != tc.error {
				t.Errorf("%q is %q, known %v", typed, p, known)
			}
		})
	}
}
