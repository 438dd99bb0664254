package playground_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"dispatch/playground"
)

func TestPageStateSaysWhoAndWhat(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	for i := range 210 {
		l.do(t, "GET", fmt.Sprintf("/channels/%d", i), "")
	}
	var state struct {
		Me       string
		Users    []map[string]any
		Requests []struct {
			At          time.Time
			Path, Route string
			Status      int
		}
		Locales     []string
		Permissions map[string]string
		Mischief    map[string]bool
	}
	if err := json.Unmarshal([]byte(askPage(t, l, "state", nil).raw), &state); err != nil {
		t.Fatal(err)
	}
	if state.Me != l.UserID(playground.Admin) {
		t.Errorf("me: %s", state.Me)
	}
	for _, user := range state.Users {
		if name, told := user["global_name"]; !told || name != nil || user["bot"] != false || user["permissions"] == "" {
			t.Errorf("user: %v", user)
		}
	}
	if n := len(state.Requests); n != 200 || state.Requests[0].Path != "/channels/10" || state.Requests[199].Path != "/channels/209" ||
		state.Requests[0].Route != "/channels/{channel_id}" || state.Requests[0].Status != 404 {
		t.Errorf("%d requests: %+v", n, state.Requests)
	}
	for _, locale := range []string{"en-US", "de", "es-ES", "fr", "ja", "pt-BR", "ko"} {
		if !slices.Contains(state.Locales, locale) {
			t.Errorf("Discord is said not to know %s", locale)
		}
	}
	if state.Permissions["ManageGuild"] != "32" || state.Permissions["SendMessages"] != "2048" {
		t.Errorf("permissions: %v", state.Permissions)
	}
	if on, told := state.Mischief["outage"]; on || !told {
		t.Errorf("mischief: %v", state.Mischief)
	}
}
