package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
)

func snowflakeOf(id int) snowflake.ID { return snowflake.ID(id) }

// prints are bot.Fingerprints in memory.
type prints struct {
	mu     sync.Mutex
	values map[string]string
	err    error
}

func (p *prints) Fingerprint(_ context.Context, name string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.values[name], p.err
}

func (p *prints) SetFingerprint(_ context.Context, name, value string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.values == nil {
		p.values = map[string]string{}
	}
	p.values[name] = value
	return nil
}

// api is a rest.Client that notes what it is asked to do, and fails where told.
type api struct {
	rest.Client
	fails map[string]int // by path: how often yet
	calls []string
	body  string
}

func (a *api) Do(endpoint *rest.CompiledEndpoint, body, _ any, _ ...rest.RequestOpt) error {
	a.calls = append(a.calls, endpoint.Endpoint.Method+" "+endpoint.URL)
	if a.fails[endpoint.URL] > 0 {
		a.fails[endpoint.URL]--
		return errors.New("connection reset")
	}
	text, err := json.Marshal(body)
	a.body = string(text)
	return err
}

func command(name, description string) discord.ApplicationCommandCreate {
	return discord.SlashCommandCreate{
		Name: name, Description: description,
		DescriptionLocalizations: map[discord.Locale]string{discord.LocaleGerman: "d", discord.LocaleFrench: "f", discord.LocaleJapanese: "j"},
	}
}

func TestCommandsAreRegisteredWhenTheyChanged(t *testing.T) {
	const everywhere, one, two = "PUT /applications/1/commands", "PUT /applications/1/guilds/11/commands", "PUT /applications/1/guilds/22/commands"
	type start struct {
		scopes   []string
		commands []discord.ApplicationCommandCreate
	}
	first := []discord.ApplicationCommandCreate{command("salesforce", "Salesforce"), command("route", "Routes")}
	turned := []discord.ApplicationCommandCreate{first[1], first[0]}
	changed := []discord.ApplicationCommandCreate{first[0], command("route", "Your routes")}
	fewer := first[:1]
	tests := map[string]struct {
		starts []start
		want   []string
	}{
		"once":             {[]start{{[]string{""}, first}}, []string{everywhere}},
		"twice":            {[]start{{[]string{""}, first}, {[]string{""}, first}}, []string{everywhere}},
		"in another order": {[]start{{[]string{""}, first}, {[]string{""}, turned}}, []string{everywhere}},
		"changed":          {[]start{{[]string{""}, first}, {[]string{""}, changed}}, []string{everywhere, everywhere}},
		"fewer":            {[]start{{[]string{""}, first}, {[]string{""}, fewer}}, []string{everywhere, everywhere}},
		"and back":         {[]start{{[]string{""}, first}, {[]string{""}, fewer}, {[]string{""}, first}}, []string{everywhere, everywhere, everywhere}},
		"by guild":         {[]start{{[]string{"11"}, first}, {[]string{"11", "22"}, first}}, []string{one, two}},
		"then everywhere":  {[]start{{[]string{"11"}, first}, {[]string{""}, first}}, []string{one, everywhere}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			client, remembered := &api{}, &prints{}
			log, _ := newLog()
			for _, s := range tc.starts {
				bot.Register(t.Context(), client, s.scopes, s.commands, remembered, log)
			}
			if diff := cmp.Diff(tc.want, client.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// A scope that fails is tried again, later and later, and does not hold up the others.
func TestRegisteringGoesOnUntilItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, remembered := &api{fails: map[string]int{"/applications/1/guilds/11/commands": 3}}, &prints{}
		log, out := newLog()
		began := time.Now()
		bot.Register(t.Context(), client, []string{"11", "22"}, []discord.ApplicationCommandCreate{command("a", "b")}, remembered, log)
		want := []string{
			"PUT /applications/1/guilds/11/commands", "PUT /applications/1/guilds/22/commands",
			"PUT /applications/1/guilds/11/commands", "PUT /applications/1/guilds/11/commands", "PUT /applications/1/guilds/11/commands",
		}
		if diff := cmp.Diff(want, client.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		if took := time.Since(began); took < 35*time.Second || took > 45*time.Second {
			t.Errorf("three more tries took %v, want 5s, 10s and 20s or a little more", took)
		}
		if n := strings.Count(out.String(), "commands not registered"); n != 3 {
			t.Errorf("failure is logged %d times, want 3", n)
		}
		if len(remembered.values) != 2 {
			t.Errorf("remembered %v, want both scopes", remembered.values)
		}
	})
}

func TestRegisteringEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		log, _ := newLog()
		client := &api{}
		bot.Register(ctx, client, []string{""}, []discord.ApplicationCommandCreate{command("a", "b")}, &prints{err: errors.New("disk is full")}, log)
		if len(client.calls) != 0 {
			t.Errorf("registered without knowing what is: %v", client.calls)
		}
	})
}
