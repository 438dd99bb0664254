package commands_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground/contract"
	"dispatch/storage"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Who and where, in the interactions of testdata.
const (
	guildID   = "100000000000000001"
	channelID = "200000000000000001"
	elsewhere = "200000000000000002"
	publicURL = "https://dispatch.example"
)

// answer is what Discord was told, once.
type answer struct {
	How   string            `json:"how"` // create, update, defer, defer update, choices, form; later edit or follow up
	Body  message           `json:"body"`
	Files map[string]string `json:"files,omitempty"`
}

// message is as much of Discord's message, or form, as the replies use.
type message struct {
	CustomID        string              `json:"custom_id,omitempty"`
	Title           string              `json:"title,omitempty"`
	Content         string              `json:"content,omitempty"`
	Embeds          []discord.Embed     `json:"embeds,omitempty"`
	Components      []row               `json:"components,omitempty"`
	Flags           int                 `json:"flags,omitempty"`
	AllowedMentions map[string]any      `json:"allowed_mentions,omitempty"`
	Choices         []map[string]string `json:"choices,omitempty"`
}

// row is a row of buttons, or the label of an input.
type row struct {
	Components  []component `json:"components"`
	Label       string      `json:"label,omitempty"`
	Description string      `json:"description,omitempty"`
	Component   *formInput  `json:"component,omitempty"`
}

type component struct {
	CustomID string `json:"custom_id"`
	Label    string `json:"label"`
	Style    int    `json:"style"`
	Disabled bool   `json:"disabled,omitempty"`
	URL      string `json:"url,omitempty"`
}

// formInput is what a form has to fill in.
type formInput struct {
	Type      int                 `json:"type"`
	CustomID  string              `json:"custom_id"`
	Value     string              `json:"value,omitempty"`
	MaxLength int                 `json:"max_length,omitempty"`
	Required  bool                `json:"required,omitempty"`
	Options   []map[string]any    `json:"options,omitempty"`
	Default   []map[string]string `json:"default_values,omitempty"`
	Channels  []int               `json:"channel_types,omitempty"`
}

// button is the custom id of the button with the label, "" when there is none.
func (a answer) button(label string) string {
	for _, r := range a.Body.Components {
		for _, c := range r.Components {
			if c.Label == label {
				return c.CustomID
			}
		}
	}
	return ""
}

// recorder is Discord as far as answers go: it writes down what it is told, and holds it against the
// official description where that is there.
type recorder struct {
	rest.Rest // what is not recorded is not called
	t         *testing.T
	contract  *contract.Contract
	mu        sync.Mutex
	answers   []answer
	refuse    int // how many answers to refuse
	err       error
	api       api
}

var kinds = map[discord.InteractionResponseType]string{
	discord.InteractionResponseTypeCreateMessage:         "create",
	discord.InteractionResponseTypeUpdateMessage:         "update",
	discord.InteractionResponseTypeDeferredCreateMessage: "defer",
	discord.InteractionResponseTypeDeferredUpdateMessage: "defer update",
	discord.InteractionResponseTypeAutocompleteResult:    "choices",
	discord.InteractionResponseTypeModal:                 "form",
}

func (r *recorder) respond(kind discord.InteractionResponseType, data discord.InteractionResponseData, _ ...rest.RequestOpt) error {
	body, err := json.Marshal(discord.InteractionResponse{Type: kind, Data: data})
	if err != nil {
		return err
	}
	r.check("POST", "/interactions/1/token/callback", body)
	return r.record(kinds[kind], data)
}

func (r *recorder) UpdateInteractionResponse(
	_ snowflake.ID, _ string, m discord.MessageUpdate, _ ...rest.RequestOpt,
) (*discord.Message, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	r.check("PATCH", "/webhooks/1/token/messages/@original", body)
	return nil, r.record("edit", m)
}

func (r *recorder) CreateFollowupMessage(
	_ snowflake.ID, _ string, m discord.MessageCreate, _ ...rest.RequestOpt,
) (*discord.Message, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	r.check("POST", "/webhooks/1/token", body)
	return nil, r.record("follow up", m)
}

func (r *recorder) check(method, path string, body []byte) {
	if r.contract == nil {
		return
	}
	if err := r.contract.Check(method, path, body); err != nil {
		r.t.Errorf("Discord would refuse this: %v\n%s", err, body)
	}
}

func (r *recorder) record(how string, data any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refuse > 0 {
		r.refuse--
		return r.err
	}
	a := answer{How: how, Files: map[string]string{}}
	body, err := json.Marshal(data)
	if err == nil {
		err = json.Unmarshal(body, &a.Body)
	}
	if err != nil {
		return err
	}
	var files []*discord.File
	switch m := data.(type) {
	case discord.MessageCreate:
		files = m.Files
	case discord.MessageUpdate:
		files = m.Files
	}
	for _, f := range files {
		content, err := io.ReadAll(f.Reader)
		if err != nil {
			return err
		}
		a.Files[f.Name] = string(content)
	}
	r.answers = append(r.answers, a)
	return nil
}

// bench is the router between a recorder and a store.
type bench struct {
	t       *testing.T
	now     time.Time
	mux     *handler.Mux
	discord *recorder
	log     *bytes.Buffer
	ping    func(delivery.Destination) delivery.Outcome // what a test of a destination comes to
}

// sit makes a bench over any store.
func sit(t *testing.T, store commands.Store, tester commands.Tester) *bench {
	t.Helper()
	return sitBy(t, store, tester, nil)
}

// sitBy is sit with somebody who replays.
func sitBy(t *testing.T, store commands.Store, tester commands.Tester, replayer commands.Replayer) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Now().Truncate(time.Second), log: &bytes.Buffer{}, discord: &recorder{t: t, contract: described(t)}}
	log := logrus.New()
	log.SetOutput(b.log)
	opts := commands.Options{PublicURL: publicURL, Now: func() time.Time { return b.now }, Log: log}
	opts.Ping = func(_ context.Context, to delivery.Destination) delivery.Outcome { return b.ping(to) }
	if kept, ok := store.(delivery.PreferenceStore); ok && tester != nil {
		opts.Preferences = delivery.NewAnnouncer(kept, tester.Accept, true, opts.Now)
	}
	b.mux = commands.New(opts, store, tester, replayer)
	return b
}

// described is Discord's own description, nil where it is not there: then the limits that we know ourselves
// are all that is checked.
var described = func() func(t *testing.T) *contract.Contract {
	load := sync.OnceValues(contract.Load)
	return func(t *testing.T) *contract.Contract {
		t.Helper()
		c, err := load()
		if err != nil {
			t.Logf("answers are not held against Discord's description: %v", err)
		}
		return c
	}
}()

// pipeline is what main puts together for /salesforce test.
type pipeline struct {
	*delivery.Inbox
	*storage.DB
}

// open makes a bench over a real database.
func open(t *testing.T) (*bench, *storage.DB) {
	t.Helper()
	db := database(t)
	wake := func(...string) {}
	return sitBy(t, db, pipeline{Inbox: delivery.NewInbox(delivery.NewRouter(db, nil), db, wake), DB: db}, delivery.NewReplayer(delivery.NewRouter(db, nil), db, wake)), db
}

func database(t *testing.T) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.JoinGuild(t.Context(), guildID, "Acme", "en-US", time.Now()); err != nil {
		t.Fatal(err)
	}
	return db
}

// connect makes a source without a command.
func connect(t *testing.T, db *storage.DB, name string, auth event.Auth) event.Source {
	t.Helper()
	s, err := db.Connect(t.Context(), event.Source{
		GuildID: guildID, Name: name, Kind: event.SourceSalesforce, Environment: event.Production, Auth: auth,
	}, channelID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// edit changes an interaction before it is sent.
type edit func(interaction map[string]any)

// set gives the subcommand an option, or takes it away when the value is nil.
func set(name string, value any) edit {
	return func(i map[string]any) {
		sub := i["data"].(map[string]any)["options"].([]any)[0].(map[string]any)
		kept := []any{}
		for _, o := range sub["options"].([]any) {
			if o.(map[string]any)["name"] != name {
				kept = append(kept, o)
			}
		}
		kind := 3
		switch value.(type) {
		case int:
			kind = 4
		case bool:
			kind = 5
		}
		if value != nil {
			kept = append(kept, map[string]any{"name": name, "type": kind, "value": value})
		}
		sub["options"] = kept
	}
}

// field sets a field of the interaction itself; nil takes it away.
func field(name string, value any) edit {
	return func(i map[string]any) {
		if value == nil {
			delete(i, name)
			return
		}
		i[name] = value
	}
}

func permissions(bits string) edit {
	return func(i map[string]any) { i["member"].(map[string]any)["permissions"] = bits }
}

func user(id string) edit {
	return func(i map[string]any) { i["member"].(map[string]any)["user"].(map[string]any)["id"] = id }
}

func inDM(i map[string]any) {
	i["user"] = i["member"].(map[string]any)["user"]
	i["context"] = 1
	i["channel"] = map[string]any{"id": channelID, "type": 1, "recipients": []any{}, "permissions": "0"}
	for _, name := range []string{"member", "guild", "guild_id", "guild_locale"} {
		delete(i, name)
	}
}

// ask sends the interaction of the file and returns all that Discord was answered.
func (b *bench) ask(file string, edits ...edit) []answer {
	b.t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "interactions", file+".json"))
	if err != nil {
		b.t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		b.t.Fatal(err)
	}
	for _, e := range edits {
		e(fields)
	}
	if raw, err = json.Marshal(fields); err != nil {
		b.t.Fatal(err)
	}
	interaction, err := discord.UnmarshalInteraction(raw)
	if err != nil {
		b.t.Fatal(err)
	}
	b.discord.mu.Lock()
	before := len(b.discord.answers)
	b.discord.mu.Unlock()
	b.mux.OnEvent(&events.InteractionCreate{
		GenericEvent: events.NewGenericEvent(&disgobot.Client{Rest: b.discord}, 0, 0),
		Interaction:  interaction,
		Respond:      b.discord.respond,
	})
	b.discord.mu.Lock()
	defer b.discord.mu.Unlock()
	return b.discord.answers[before:]
}

// answered is ask where one answer is due: at once, for the asker alone, mentioning nobody.
func (b *bench) answered(file string, edits ...edit) answer {
	b.t.Helper()
	answers := b.ask(file, edits...)
	if len(answers) != 1 {
		b.t.Fatalf("%d answers, want 1: %v", len(answers), answers)
	}
	a := answers[0]
	checkAnswer(b.t, a)
	return a
}

// checkAnswer checks what holds of all answers: they are for the asker alone, mention nobody, and Discord takes them.
func checkAnswer(t *testing.T, a answer) {
	t.Helper()
	if a.How == "create" && a.Body.Flags != int(discord.MessageFlagEphemeral) {
		t.Errorf("the answer is for everybody: flags %d", a.Body.Flags)
	}
	nobody := map[string]any{"parse": []any{}, "roles": []any{}, "users": []any{}, "replied_user": false}
	if diff := cmp.Diff(nobody, a.Body.AllowedMentions); diff != "" && a.How != "choices" && a.How != "form" {
		t.Errorf("allowed mentions (-want +got):\n%s", diff)
	}
	checkLimits(t, a)
}

func (b *bench) press(customID string, edits ...edit) answer {
	b.t.Helper()
	return b.answered("button", append(edits, pressing(customID))...)
}

func pressing(customID string) edit {
	return func(i map[string]any) { i["data"].(map[string]any)["custom_id"] = customID }
}

// gap is what a sentence has where nobody filled it in.
var gap = regexp.MustCompile(`(?:^|[^{])\{[a-z0-9_]+\}`)

// checkLimits knows the limits that Discord's description does not.
func checkLimits(t *testing.T, a answer) {
	t.Helper()
	if a.How == "choices" || a.How == "form" {
		return
	}
	if n := len([]rune(a.Body.Content)); n > 2000 || n == 0 && len(a.Body.Embeds) == 0 {
		t.Errorf("content has %d characters", n)
	}
	total := 0
	for _, e := range a.Body.Embeds {
		total += len([]rune(e.Title + e.Description))
		for _, f := range e.Fields {
			if f.Name == "" || f.Value == "" {
				t.Errorf("empty field %q: %q", f.Name, f.Value)
			}
			total += len([]rune(f.Name + f.Value))
		}
	}
	if total > 6000 {
		t.Errorf("embeds have %d characters", total)
	}
	if gap.MatchString(a.Body.Content) {
		t.Errorf("a gap was not filled: %s", a.Body.Content)
	}
}

// golden compares with testdata/golden/<name>.json, in which what differs from run to run has the names that
// random gives it.
func golden(t *testing.T, name string, got answer, random ...string) {
	t.Helper()
	for file, content := range got.Files {
		got.Files[file], _, _ = strings.Cut(content, "\n") // the rest is salesforce's to test
		if filepath.Ext(file) == ".zip" {
			got.Files[file] = "an archive"
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	got.Body.AllowedMentions = nil // the same for all, see answered
	if err := encoder.Encode(got); err != nil {
		t.Fatal(err)
	}
	text := clean(out.String(), random)
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func clean(text string, random []string) string { return strings.NewReplacer(random...).Replace(text) }
