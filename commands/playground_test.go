//go:build !race

// disgo's gateway races with itself when it is closed, which the race detector would report as ours.

package commands_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo"
	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/disgo/rest"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
	"dispatch/playground"
	"dispatch/storage"
)

// town is a whole Discord with a real client in it.
type town struct {
	*playground.Discord
	t   *testing.T
	ctx context.Context
	url string
}

// settle opens a town where the commands are registered. around may change the store they work on.
func settle(t *testing.T, around func(*storage.DB) commands.Store) (*town, *storage.DB) {
	t.Helper()
	db := database(t)
	log := logrus.New()
	log.SetOutput(io.Discard)
	discord := playground.New(playground.Options{Unlimited: true})
	server := httptest.NewServer(discord.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = discord.Close() })
	opts := commands.Options{PublicURL: publicURL, APIURL: server.URL + "/api/v10", Log: log}
	wake := func(...string) {}
	mux := commands.New(opts, around(db), pipeline{delivery.NewInbox(delivery.NewRouter(db, nil), db, wake), db}, delivery.NewReplayer(delivery.NewRouter(db, nil), db, wake))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	client, err := disgo.New(discord.Token(),
		disgobot.WithLogger(slog.New(slog.DiscardHandler)),
		disgobot.WithRestClientConfigOpts(rest.WithURL(server.URL+"/api/v10"), rest.WithRateLimiter(rest.NewNoopRateLimiter())),
		disgobot.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentGuilds)),
		disgobot.WithEventManagerConfigOpts(disgobot.WithAsyncEventsEnabled()),
		disgobot.WithEventListeners(mux))
	if err != nil {
		t.Fatal(err)
	}
	if err := handler.SyncCommands(client, commands.Definitions(), nil); err != nil {
		t.Fatal(err)
	}
	if err := client.OpenGateway(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Gateway.Close(context.Background()) })
	if err := discord.WaitCommand(ctx, "salesforce connect"); err != nil {
		t.Fatal(err)
	}
	return &town{discord, t, ctx, server.URL}, db
}

func asItIs(db *storage.DB) commands.Store { return db }

// run has an admin run a command of /salesforce in #general, and checks what holds of every reply.
func (d *town) run(command string, options map[string]any) *playground.Reply {
	d.t.Helper()
	return d.slash("salesforce "+command, options)
}

// slash is run for any command.
func (d *town) slash(path string, options map[string]any) *playground.Reply {
	d.t.Helper()
	got, err := d.Run(d.ctx, playground.Command{Channel: "general", Path: path, Options: options})
	if err != nil {
		d.t.Fatal(err)
	}
	if !got.Ephemeral || got.Took > 3*time.Second {
		d.t.Errorf("ephemeral: %v, after %v", got.Ephemeral, got.Took)
	}
	return got
}

func (d *town) press(r *playground.Reply, label string) *playground.Reply {
	d.t.Helper()
	for _, row := range r.Message.Components {
		for _, c := range row.Components {
			if c.Label == label {
				got, err := d.Press(d.ctx, playground.Admin, r.Message, c.CustomID)
				if err != nil {
					d.t.Fatal(err)
				}
				return got
			}
		}
	}
	d.t.Fatalf("no button %q under %q", label, r.Message.Content)
	return nil
}

func TestFromConnectToDisconnect(t *testing.T) {
	d, db := settle(t, asItIs)
	connected := d.run("connect", map[string]any{"name": "Acme", "channel": "news", "environment": "sandbox"})
	generated := d.press(connected, "Generate URL")
	if generated.Updated || len(generated.Message.Attachments) != 1 {
		t.Fatalf("updated: %v, attachments: %v", generated.Updated, generated.Message.Attachments)
	}
	pack := packageOf(t, answer{Files: map[string]string{"dispatch-acme-production.zip": d.download(generated.Message.Attachments[0].URL)}})
	source, err := db.Source(t.Context(), d.GuildID(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if secret := string(source.Keys[0].Secret); !strings.Contains(pack, secret) || !strings.Contains(generated.Message.Content, "`"+secret+"`") {
		t.Errorf("the secret is not in the reply and its attachment: %s", generated.Message.Content)
	}

	asked := d.run("generate-url", map[string]any{"source": "Acme", "keep_old": 24})
	replaced := d.press(asked, "Replace the secret")
	if !replaced.Updated || replaced.Message.ID != asked.Message.ID || len(replaced.Message.Components) != 0 || len(replaced.Message.Attachments) != 1 {
		t.Errorf("the question stands: %+v", replaced.Message)
	}

	if status := d.run("status", nil); len(status.Message.Embeds) != 1 || status.Message.Embeds[0].Title != "Acme" {
		t.Errorf("status = %+v", status.Message)
	}
	ended := d.press(d.run("disconnect", map[string]any{"source": "Acme"}), "Disconnect")
	if want := "**Acme** is disconnected."; !strings.HasPrefix(ended.Message.Content, want) {
		t.Errorf("content = %q, want %q…", ended.Message.Content, want)
	}
	if n := len(d.Messages("general")) + len(d.Messages("news")); n != 0 {
		t.Errorf("%d messages that everybody sees", n)
	}
}

func (d *town) download(url string) string {
	d.t.Helper()
	if strings.HasPrefix(url, "/") {
		url = d.url + url
	}
	request, err := http.NewRequestWithContext(d.ctx, http.MethodGet, url, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		d.t.Fatalf("download %s: %s, %v", url, answer.Status, err)
	}
	return string(content)
}

// What we lack in a channel is asked of Discord, and told by name.
func TestConnectWherePermissionsLack(t *testing.T) {
	d, db := settle(t, asItIs)
	want := map[string]any{"name": "Acme", "channel": "sales"}
	for lacking, denied := range map[string]playground.Permissions{
		"**Embed Links**":                playground.EmbedLinks,
		"**Send Messages, Embed Links**": playground.SendMessages | playground.EmbedLinks,
		"**View Channel**":               playground.ViewChannel,
	} {
		d.SetPermissions("sales", 0, denied)
		if got := d.run("connect", want); !strings.Contains(got.Message.Content, lacking) {
			t.Errorf("content = %q, want %s", got.Message.Content, lacking)
		}
	}
	d.SetPermissions("sales", 0, 0)
	if got := d.run("connect", want); !strings.Contains(got.Message.Content, "is connected") {
		t.Errorf("content = %q", got.Message.Content)
	}
	if sources, err := db.Sources(t.Context(), d.GuildID()); err != nil || len(sources) != 1 {
		t.Errorf("sources = %v, %v", sources, err)
	}
}

func TestSuggestionsInDiscord(t *testing.T) {
	d, _ := settle(t, asItIs)
	d.run("connect", map[string]any{"name": "Acme QA", "channel": "sales"})
	typed := playground.Command{Channel: "general", Path: "salesforce test", Options: map[string]any{"source": "qa"}}
	offered, err := d.Autocomplete(d.ctx, typed, "source")
	if err != nil || len(offered) != 1 || offered[0].Name != "Acme QA" {
		t.Errorf("suggestions = %v, %v", offered, err)
	}
}

// slow is a store that takes its time to change things, and may not manage to.
type slow struct {
	*storage.DB
	err error
}

func (s slow) AddKey(ctx context.Context, guild, id string, secret []byte, oldUntil time.Time) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	return s.DB.AddKey(ctx, guild, id, secret, oldUntil)
}

func (s slow) Disconnect(ctx context.Context, guild, id string, at time.Time) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	return s.DB.Disconnect(ctx, guild, id, at)
}

func (s slow) take(ctx context.Context) error {
	select {
	case <-time.After(1700 * time.Millisecond): // a little more than the desk waits
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestDeferredInDiscord(t *testing.T) {
	d, _ := settle(t, func(db *storage.DB) commands.Store { return slow{DB: db} })
	d.run("connect", map[string]any{"name": "Acme", "channel": "sales"})
	generated := d.run("generate-url", map[string]any{"source": "Acme"})
	if !generated.Deferred || len(generated.Message.Attachments) != 1 || !strings.Contains(generated.Message.Content, "Secret: `") {
		t.Errorf("deferred: %v, %+v", generated.Deferred, generated.Message)
	}
	ended := d.press(d.run("disconnect", map[string]any{"source": "Acme"}), "Disconnect")
	if !ended.Deferred || !ended.Updated || len(ended.Message.Components) != 0 {
		t.Errorf("deferred: %v, updated: %v, %+v", ended.Deferred, ended.Updated, ended.Message)
	}
}

func TestDeferredFailureInDiscord(t *testing.T) {
	unavailable := fault.New(fault.Unavailable, "no")
	d, db := settle(t, func(db *storage.DB) commands.Store { return slow{DB: db, err: unavailable} })
	d.run("connect", map[string]any{"name": "Acme", "channel": "sales"})
	asked := d.run("disconnect", map[string]any{"source": "Acme"})
	failed := d.press(asked, "Disconnect")
	told := slices.ContainsFunc(d.Followups(failed), func(m playground.Message) bool {
		return strings.HasPrefix(m.Content, "I can't do that right now") && m.Ephemeral()
	})
	if !told || len(failed.Message.Components) == 0 {
		t.Errorf("told of the failure: %v, the question: %+v", told, failed.Message)
	}
	if s, err := db.Source(t.Context(), d.GuildID(), "Acme"); err != nil || s.State != event.Active {
		t.Errorf("source = %v, %v", s, err)
	}
}
