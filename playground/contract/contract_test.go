package contract_test

import (
	"errors"
	"testing"

	"dispatch/playground/contract"
)

func TestCheck(t *testing.T) {
	c, err := contract.Load()
	if errors.Is(err, contract.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	long := make([]byte, 0, 400)
	for range 300 {
		long = append(long, 'a')
	}
	tests := map[string]struct {
		method, path, body string
		good               bool
	}{
		"message":              {"POST", "/channels/123456789012345678/messages", `{"content":"hi","embeds":[{"title":"won","color":5763719}]}`, true},
		"embed title too long": {"POST", "/channels/123456789012345678/messages", `{"embeds":[{"title":"` + string(long) + `"}]}`, false},
		"commands":             {"PUT", "/applications/123456789012345678/commands", `[{"name":"a","description":"b","default_member_permissions":"32"}]`, true},
		"command without name": {"PUT", "/applications/123456789012345678/commands", `[{"description":"b"}]`, false},
		"no such route":        {"POST", "/channels/1/telegrams", `{}`, false},
		"no body":              {"GET", "/gateway/bot", ``, true},
		"body where none goes": {"GET", "/gateway/bot", `{}`, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if err := c.Check(tc.method, tc.path, []byte(tc.body)); (err == nil) != tc.good {
				t.Errorf("%s %s: %v", tc.method, tc.path, err)
			}
		})
	}
}
