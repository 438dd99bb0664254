package commands_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/rest"
	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/render"
	"dispatch/storage"
)

// acceptBody appends an event of the source and gives its id.
func acceptBody(t *testing.T, db *storage.DB, s event.Source, eventType, body string) event.ID {
	t.Helper()
	e := event.Event{SourceID: s.ID, Type: eventType, ReceivedAt: time.Now().UTC(), Body: []byte(body)}
	ids, err := db.Append(t.Context(), []delivery.Entry{{Event: e}})
	if err != nil {
		t.Fatal(err)
	}
	return ids[0]
}

// previewing runs the command and returns the title of what would be posted, and what is said of it.
func (b *bench) previewing(edits ...edit) (title, said string) {
	b.t.Helper()
	shown, beside := b.posted("status", append([]edit{as("template", "preview")}, edits...)...)
	if shown.Body.Content != "" || len(shown.Body.Components) != 0 || len(shown.Body.Embeds) != 1 {
		b.t.Fatalf("not as it would be posted: %+v", shown.Body)
	}
	return shown.Body.Embeds[0].Title, beside.Body.Content
}

func TestTemplatePreview(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", `{"title":"{{.Record.Name}} by {{.Meta.Source}}","description":"{{.Record.Nothing}}","footer":"`+strings.Repeat("a", 3000)+`"}`)
	s := connect(t, db, "Acme", event.AuthSecret)
	id := acceptBody(t, db, s, "Opportunity.created", `{"record":{"Name":"Rocket"}}`)
	short := b.slash("event", "list").Body.Embeds[0].Description
	short = short[strings.Index(short, "`")+1 : len(short)-1]
	notes := "\nEmpty, so left out: `description`\nCut to the length that Discord takes: `footer`"
	tests := map[string]struct {
		event string
		title string
		said  string
	}{
		"a stored event":       {id.String(), "Rocket by Acme", fmt.Sprintf("**deal**, shown with **Opportunity.created** of **Acme**, <t:%d:R> · `%s`", id.Time().Unix(), short) + notes},
		"by its short id":      {short, "Rocket by Acme", fmt.Sprintf("**deal**, shown with **Opportunity.created** of **Acme**, <t:%d:R> · `%s`", id.Time().Unix(), short) + notes},
		"a sample by its type": {"invoice__c.UPDATED", "INV-000471 by Acme", "**deal**, shown with a sample of **invoice\\_\\_c.UPDATED**." + notes},
		"a sample by its name": {"case-escalated", "by Acme", "**deal**, shown with a sample of **Case.escalated**." + notes},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b.t = t
			title, said := b.previewing(set("name", "Deal"), set("event", tc.event))
			if title != tc.title {
				t.Errorf("title = %q, want %q", title, tc.title)
			}
			if diff := cmp.Diff(tc.said, said); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTemplatePreviewRefuses(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", simple)
	tests := map[string]struct{ name, event, want string }{
		"an unknown template": {"nobody", "Case.created", "There is no template called **nobody**."},
		"no event":            {"deal", "that one!", "**that one!** is no event here, and no type that I have a sample of."},
		"an event of another": {"deal", stamp(0).String(), "There is no event `" + stamp(0).String() + "` here;"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b.t = t
			if got := b.slash("template", "preview", set("name", tc.name), set("event", tc.event)).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("content = %q, want %q…", got, tc.want)
			}
		})
	}
}

// Without a word, it is the newest event that the template is really used for, else a sample that fits.
func TestTemplatePreviewPicksTheEvent(t *testing.T) {
	b, db := open(t)
	made := template(t, db, "case", `{"title":"{{.Record.CaseNumber}}"}`)
	s := connect(t, db, "Acme", event.AuthSecret)
	acceptBody(t, db, s, "Case.created", `{"record":{"CaseNumber":"1"}}`)
	acceptBody(t, db, s, "Opportunity.created", `{"record":{"Name":"Rocket"}}`)
	if _, said := b.previewing(set("name", "case")); !strings.HasPrefix(said, "**case**, shown with a sample of **Case.") || !strings.HasSuffix(said, "Nothing is empty, and nothing was cut.") {
		t.Errorf("a sample: %q", said)
	}
	if _, err := db.AssignTemplate(t.Context(), guildID, made.ID, s.ID, "", []string{"Case.*"}); err != nil {
		t.Fatal(err)
	}
	if title, said := b.previewing(set("name", "case")); title != "1" || !strings.HasPrefix(said, "**case**, shown with **Case.created** of **Acme**") {
		t.Errorf("what it is used for: %q, %q", title, said)
	}
	shown, said := b.posted("button", pressing("/template/preview/"+made.ID))
	if shown.Body.Embeds[0].Title != "1" || said.button("Edit") != "/template/edit/"+made.ID {
		t.Errorf("by the button: %+v, %+v", shown.Body, said.Body)
	}
}

const failsOnText = `{"title":"{{index .Record.Name 1}}"}`

func TestTemplatePreviewOfOneThatFails(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", failsOnText)
	title, said := b.previewing(set("name", "deal"), set("event", "Account.created"))
	if !strings.Contains(title, "Account") {
		t.Errorf("the built-in embed is called %q", title)
	}
	const want = "**deal**, shown with a sample of **Account.created**.\n⚠️ The template fails on this event, so the built-in embed is posted in its place: `"
	if !strings.HasPrefix(said, want) || strings.HasSuffix(said, ": ``") {
		t.Errorf("said = %q", said)
	}
}

// What Discord would refuse to post, it refuses to show: that is told, and what else there is to say is said.
func TestTemplateThatDiscordRefuses(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", simple)
	b.discord.refuse = 1
	b.discord.err = fmt.Errorf("send: %w", &rest.Error{
		Code: rest.JSONErrorCodeInvalidFormBody, Message: "Invalid Form Body", Response: &http.Response{StatusCode: http.StatusBadRequest},
	})
	shown, said := b.posted("status", as("template", "preview"), set("name", "deal"), set("event", "Account.created"))
	if got := shown.Body.Content; shown.How != "create" || !strings.HasPrefix(got, "⚠️ Discord doesn't take this message, so it would not be posted: 50035: Invalid Form Body") {
		t.Errorf("%s: %q", shown.How, got)
	}
	if got := said.Body.Content; said.How != "follow up" || !strings.HasPrefix(got, "**deal**, shown with") {
		t.Errorf("%s: %q", said.How, got)
	}
}

// Messages are in the language of the server, what is said of them in that of the asker.
func TestTemplatePreviewSpeaksTwoLanguages(t *testing.T) {
	b, db := open(t)
	template(t, db, "deal", `{"title":"{{date .Record.CloseDate}}"}`)
	id := acceptBody(t, db, connect(t, db, "Acme", event.AuthSecret), "Opportunity.created", `{"record":{"CloseDate":"2026-03-01"}}`)
	title, said := b.previewing(set("name", "deal"), set("event", id.String()), field("guild_locale", "de"), field("locale", "fr"))
	if !strings.Contains(title, "März") || !strings.Contains(said, "affiché avec") {
		t.Errorf("title = %q, said = %q", title, said)
	}
}

func TestPreviewSuggestions(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	var types []string
	for i := range 14 {
		types = append(types, fmt.Sprint("Ping.n", i))
	}
	ids := accept(t, db, s, types...)
	all := b.suggested("template", "preview", "event", "")
	if len(all) != 25 || !strings.HasPrefix(all[0], "Ping.n13 · just now · ") || !strings.HasSuffix(all[0], " = "+ids[13].String()) {
		t.Errorf("all: %q", all)
	}
	if want := "Sample: Opportunity.updated (opportunity-won) = opportunity-won"; all[12] != want {
		t.Errorf("behind the stored ones: %q, want %q", all[12], want)
	}
	if got := b.suggested("template", "preview", "event", "ping"); len(got) != 14 {
		t.Errorf("stored ones: %q", got)
	}
	want := []string{"Sample: Case.escalated (case-escalated) = case-escalated"}
	if diff := cmp.Diff(want, b.suggested("template", "preview", "event", "ESCAL")); diff != "" {
		t.Errorf("a named sample (-want +got):\n%s", diff)
	}
	want = []string{"Sample: User.created = User.created", "Sample: User.updated = User.updated", "Sample: User.deleted = User.deleted"}
	if diff := cmp.Diff(want, b.suggested("template", "preview", "event", "user.")); diff != "" {
		t.Errorf("a type (-want +got):\n%s", diff)
	}
}

// Every starter is shown with something that suits it.
func TestTemplateStartersHaveASample(t *testing.T) {
	want := map[string]string{
		"won-deal": "Opportunity", "lost-deal": "Opportunity", "hot-lead": "Lead",
		"escalated-case": "Case", "quote-accepted": "Quote", "generic": "Opportunity",
	}
	got := map[string]string{}
	b, db := open(t)
	for _, s := range render.Starters() {
		template(t, db, s.Name, string(s.Text))
		_, said := b.posted("status", as("template", "preview"), set("name", s.Name))
		_, got[s.Name], _ = strings.Cut(said.Body.Content, "shown with a sample of **")
		got[s.Name], _, _ = strings.Cut(got[s.Name], ".")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}
