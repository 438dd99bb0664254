package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

func TestChanged(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"no old":                {`{"record":{"A":1}}`, nil},
		"in the sender's order": {`{"record":{"A":2,"B":"y"},"old":{"B":"x","A":1}}`, []string{"B", "A"}},
		"the same":              {`{"record":{"A":1,"B":"x","C":true,"D":null},"old":{"A":1,"B":"x","C":true,"D":null}}`, nil},
		"the same number":       {`{"record":{"A":100.0},"old":{"A":100}}`, nil},
		"numbers that a float cannot tell apart only differ in writing": {
			`{"record":{"A":9007199254740993},"old":{"A":9007199254740993}}`, nil,
		},
		"another type":      {`{"record":{"A":"1"},"old":{"A":1}}`, []string{"A"}},
		"cleared":           {`{"record":{"A":null},"old":{"A":"x"}}`, []string{"A"}},
		"set":               {`{"record":{"A":"x"},"old":{"A":null}}`, []string{"A"}},
		"left out":          {`{"record":{},"old":{"A":"x"}}`, []string{"A"}},
		"null and left out": {`{"record":{},"old":{"A":null}}`, nil},
		"an object":         {`{"record":{"A":{"Name":"y"}},"old":{"A":{"Name":"x"}}}`, []string{"A"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := event.Event{Body: []byte(tc.body)}.Payload().Changed()
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
