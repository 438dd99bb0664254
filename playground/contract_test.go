package playground_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"testing"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/events"

	"dispatch/playground"
	"dispatch/playground/contract"
)

// description returns Discord's own description of its API.
func description(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load()
	if errors.Is(err, contract.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mutants returns a value with, one at a time, each of its parts replaced by what may be wrong there.
func mutants(value any) []any {
	all := []any{
		true, "", "x", -1.0, 1.5, 1e18, []any{}, map[string]any{}, []any{"x"}, nil,
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			without := maps.Clone(v)
			delete(without, key)
			all = append(all, without)
			for _, mutant := range mutants(v[key]) {
				with := maps.Clone(v)
				with[key] = mutant
				all = append(all, with)
			}
		}
	case []any:
		for i := range v {
			for _, mutant := range mutants(v[i]) {
				with := slices.Clone(v)
				with[i] = mutant
				all = append(all, with)
			}
		}
		for _, n := range []int{2, 6, 11, 26, 41} {
			if len(v) > 0 {
				all = append(all, slices.Repeat(v[:1], n))
			}
		}
	case string:
		for _, n := range []int{26, 33, 46, 81, 101, 151, 257, 513, 1025, 2001, 2049, 4001, 4097} {
			all = append(all, x(n))
		}
	case float64:
		for _, n := range []float64{0, 3, 11, 26, 4001, 6001, 0x1000000} {
			all = append(all, n)
		}
	}
	return all
}

// bodies returns the mutants of a body.
func bodies(t *testing.T, body string) [][]byte {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("read %s: %v", body, err)
	}
	var all [][]byte
	for _, mutant := range append(mutants(value), value) {
		raw, err := json.Marshal(mutant)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

// stricter fails when a body was accepted that Discord's description refuses.
func stricter(t *testing.T, c *contract.Contract, method, path string, body []byte, status int) {
	t.Helper()
	if status == http.StatusInternalServerError {
		t.Errorf("%s %s cannot take %.300s", method, path, body)
	}
	if status >= 300 {
		return
	}
	if err := c.Check(method, path, body); err != nil {
		t.Errorf("%s %s accepted %.300s, though %.1000v", method, path, body, err)
	}
}

const (
	wholeMessage = `{"content":"c","tts":false,"nonce":"n","allowed_mentions":{"parse":["roles"],"users":["1"],"replied_user":false},
		"flags":4096,"embeds":[{"type":"rich","title":"t","description":"d","url":"https://example.com","timestamp":"2026-03-01T12:00:00Z",
		"color":1,"footer":{"text":"f","icon_url":"https://example.com"},"image":{"url":"https://example.com","width":1},
		"thumbnail":{"url":"https://example.com"},"author":{"name":"a","url":"https://example.com"},"provider":{"name":"p"},
		"fields":[{"name":"n","value":"v","inline":true}]}],
		"components":[{"type":1,"id":1,"components":[{"type":2,"style":1,"label":"l","custom_id":"a","emoji":{"name":"x"},"disabled":true},
		{"type":2,"style":5,"label":"l","url":"https://example.com"}]},
		{"type":1,"components":[{"type":3,"custom_id":"b","placeholder":"p","min_values":0,"max_values":1,
		"options":[{"label":"l","value":"v","description":"d","default":true}]}]},
		{"type":1,"components":[{"type":8,"custom_id":"c","channel_types":[0],"default_values":[{"id":"1","type":"channel"}]}]}]}`

	wholeDisplay = `{"flags":32768,"components":[{"type":17,"accent_color":1,"spoiler":false,"components":[{"type":10,"content":"c"},
		{"type":9,"components":[{"type":10,"content":"c"}],"accessory":{"type":11,"media":{"url":"https://example.com"},"description":"d"}},
		{"type":12,"items":[{"media":{"url":"https://example.com"},"description":"d"}]},{"type":14,"divider":true,"spacing":1}]}]}`

	wholeCommand = `{"name":"c","description":"d","type":1,"name_localizations":{"de":"x"},"contexts":[0],"integration_types":[0],"nsfw":false,
		"options":[{"type":2,"name":"g","description":"d","options":[{"type":1,"name":"s","description":"d","options":[
		{"type":3,"name":"a","description":"d","required":true,"min_length":1,"max_length":2,"choices":[{"name":"n","value":"v"}]},
		{"type":4,"name":"b","description":"d","min_value":1,"max_value":2,"autocomplete":true},
		{"type":10,"name":"e","description":"d","choices":[{"name":"n","value":1.5}]},
		{"type":7,"name":"f","description":"d","channel_types":[0]}]}]}]}`

	wholeModal = `{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"l","description":"d",
		"component":{"type":4,"custom_id":"a","style":1,"value":"v","placeholder":"p","min_length":1,"max_length":2,"required":true}},
		{"type":18,"label":"l","component":{"type":3,"custom_id":"b","options":[{"label":"l","value":"v"}],"required":true}},
		{"type":1,"components":[{"type":4,"custom_id":"c","style":2,"label":"l"}]},{"type":10,"content":"c"},
		{"type":18,"label":"l","component":{"type":19,"custom_id":"d","min_values":0,"max_values":2}}]}}`

	wholeChoices = `{"type":8,"data":{"choices":[{"name":"n","value":"v","name_localizations":{"de":"x"}}]}}`

	wholePost = `{"name":"n","auto_archive_duration":60,"rate_limit_per_user":1,"applied_tags":[],"message":{"content":"c","flags":4096}}`
)

// TestContract holds what is accepted here against Discord's own description, on a large number of bodies
// that are wrong in one place each: whatever that refuses has to be refused.
func TestContract(t *testing.T) {
	c := description(t)
	l := start(t, playground.Options{Unlimited: true})
	mark := l.SetTags("ideas", false, playground.Tag{Name: "deal"})[0].ID
	sales, commands := "/channels/"+l.ChannelID("sales"), "/applications/"+l.ApplicationID()+"/commands"
	for name, tc := range map[string]struct{ method, path, body string }{
		"message":     {"POST", sales + "/messages", wholeMessage},
		"display":     {"POST", sales + "/messages", wholeDisplay},
		"command":     {"POST", commands, wholeCommand},
		"post":        {"POST", "/channels/" + l.ChannelID("ideas") + "/threads", wholePost},
		"thread":      {"POST", sales + "/threads", `{"name":"n","type":11,"invitable":true}`},
		"marked":      {"POST", "/channels/" + l.ChannelID("ideas") + "/threads", `{"name":"n","applied_tags":["` + mark + `"],"message":{"content":"c"}}`},
		"direct line": {"POST", "/users/@me/channels", `{"recipient_id":"` + l.UserID(playground.Admin) + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var last answer
			for _, body := range bodies(t, tc.body) {
				last = l.do(t, tc.method, tc.path, string(body))
				stricter(t, c, tc.method, tc.path, body, last.status)
			}
			if last.status >= 300 {
				t.Errorf("the body itself was refused: %s", last.body)
			}
		})
	}
}

// TestContractOfAnswers does the same for the answers to interactions, each of which needs one of its own.
func TestContractOfAnswers(t *testing.T) {
	c := description(t)
	l := start(t, playground.Options{Unlimited: true})
	var body []byte
	answered := make(chan int)
	client := serve(t, l, disgobot.NewListenerFunc(func(e *events.InteractionCreate) {
		path := "/interactions/" + e.ID().String() + "/" + e.Token() + "/callback"
		status := l.do(t, http.MethodPost, path, string(body)).status
		stricter(t, c, http.MethodPost, path, body, status)
		if status >= 300 {
			l.do(t, http.MethodPost, path, map[bool]string{true: `{"type":4,"data":{"content":"c"}}`, false: `{"type":8,"data":{"choices":[]}}`}[e.Type() == 2])
		}
		answered <- status
	}))
	if _, err := client.Rest.SetGlobalCommands(client.ApplicationID, catalogue()); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		body string
		ask  func() error
	}{
		"modal": {wholeModal, func() error { _, err := l.Run(soon(t), playground.Command{Path: "open"}); return err }},
		"choices": {wholeChoices, func() error {
			_, err := l.Autocomplete(soon(t), playground.Command{Path: "shop buy"}, "what")
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			status := 0
			for _, body = range bodies(t, tc.body) {
				asked := make(chan error, 1)
				go func() { asked <- tc.ask() }()
				status = <-answered
				if err := <-asked; err != nil {
					t.Fatal(err)
				}
			}
			if status >= 300 {
				t.Error("the answer itself was refused")
			}
		})
	}
}
