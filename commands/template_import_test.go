package commands_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"dispatch/commands"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// attached gives the subcommand a file.
func attached(name, url string, size int) edit {
	return func(i map[string]any) {
		sub := subcommand(i)
		sub["options"] = append(sub["options"].([]any), map[string]any{"name": "file", "type": 11, "value": "910000000000000001"})
		i["data"].(map[string]any)["resolved"] = map[string]any{"attachments": map[string]any{
			"910000000000000001": map[string]any{"id": "910000000000000001", "filename": name, "size": size, "url": url, "proxy_url": url, "ephemeral": true},
		}}
	}
}

// host serves a text as Discord's files, and makes a bench whose Discord is there.
func host(t *testing.T, serve http.HandlerFunc) (*bench, *storage.DB, string) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	b, db := open(t)
	log := logrus.New()
	log.SetOutput(b.log)
	wake := func(...string) {}
	b.mux = commands.New(commands.Options{PublicURL: publicURL, APIURL: server.URL + "/api/v10", Log: log},
		db, pipeline{delivery.NewInbox(delivery.NewRouter(db, nil), db, wake), db}, delivery.NewReplayer(delivery.NewRouter(db, nil), db, wake))
	return b, db, server.URL
}

func serving(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

func TestTemplateImport(t *testing.T) {
	tests := map[string]struct {
		text, file, name string
		want             string // the template's name
	}{
		"by the file's name": {simple, "won-deal.json", "", "won-deal"},
		"by another":         {simple, "won-deal.json", " Deal ", "Deal"},
		"with a mark":        {"\ufeff" + simple, "deal.JSON", "", "deal"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db, url := host(t, serving(tc.text))
			edits := []edit{as("template", "import"), attached(tc.file, url+"/a.json", len(tc.text))}
			if tc.name != "" {
				edits = append(edits, set("name", tc.name))
			}
			_, said := b.posted("status", edits...)
			if want := "✅ **" + tc.want + "** is saved (version 1)."; !strings.HasPrefix(said.Body.Content, want) {
				t.Errorf("content = %q, want %q…", said.Body.Content, want)
			}
			if got := textOf(t, db, tc.want); got != simple {
				t.Errorf("text = %q", got)
			}
		})
	}
}

func TestTemplateImportReplaces(t *testing.T) {
	b, db, url := host(t, serving(another))
	made := template(t, db, "Deal", simple)
	s := connect(t, db, "Acme", event.AuthSecret)
	if _, err := db.AssignTemplate(t.Context(), guildID, made.ID, s.ID, "", nil); err != nil {
		t.Fatal(err)
	}
	asked := b.slash("template", "import", attached("deal.json", url+"/deal.json", 30))
	if want := "There is a template called **Deal** already (1 route). Shall the file replace it?"; !strings.HasPrefix(asked.Body.Content, want) {
		t.Errorf("content = %q, want %q…", asked.Body.Content, want)
	}
	if diff := cmp.Diff(map[string]string{"Deal-v1.json": simple}, asked.Files); diff != "" || textOf(t, db, "deal") != simple {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	answers := b.ask("button", pressing(asked.button("Replace")))
	if len(answers) != 2 || answers[0].How != "update" || !strings.HasPrefix(answers[0].Body.Content, "✅ **Deal** is saved (version 2).") {
		t.Fatalf("answers = %+v", answers)
	}
	if strings.Contains(answers[0].Body.Content, "Nothing is shown by it yet") || len(answers[1].Body.Embeds) != 1 || answers[1].How != "follow up" {
		t.Errorf("answers = %+v", answers)
	}
	if got := textOf(t, db, "deal"); got != another {
		t.Errorf("text = %q", got)
	}
}

func TestTemplateImportRefuses(t *testing.T) {
	const (
		foreign = "I take files from Discord only."
		large   = "That file is too large: I take at most 64 KB."
		later   = "I can't do that right now."
	)
	elsewhere := httptest.NewServer(serving(simple))
	defer elsewhere.Close()
	tests := map[string]struct {
		serve http.HandlerFunc
		url   string // of another host; "" for the right one
		size  int
		want  string
	}{
		"no template":             {serving(`{"title":"{{."}`), "", 10, "I can't save this template yet: in `title`, line 1"},
		"no JSON":                 {serving("hello"), "", 10, "I can't save this template yet: "},
		"too large":               {serving(simple), "", 64<<10 + 1, large},
		"larger than it says":     {serving(strings.Repeat(" ", 64<<10) + "{"), "", 10, large},
		"of another host":         {serving(simple), elsewhere.URL + "/a.json", 10, foreign},
		"that leads to another":   {http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP, "", 10, later},
		"that is gone":            {http.NotFound, "", 10, later},
		"not by HTTPS":            {serving(simple), "http://cdn.discordapp.com/a.json", 10, foreign},
		"of one like Discord's":   {serving(simple), "https://cdn.discordapp.com.example/a.json", 10, foreign},
		"with a user in front":    {serving(simple), "https://a@cdn.discordapp.com/a.json", 10, foreign},
		"on another port of ours": {serving(simple), "http://127.0.0.1:1/a.json", 10, foreign},
		"no address":              {serving(simple), ":", 10, foreign},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db, url := host(t, tc.serve)
			if tc.url == "" {
				tc.url = url + "/attachments/a.json?hm=secret-of-the-file"
			}
			if got := b.slash("template", "import", attached("deal.json", tc.url, tc.size)).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("content = %q, want %q…", got, tc.want)
			}
			if got := textOf(t, db, "deal"); got != "" {
				t.Errorf("it was saved: %s", got)
			}
			checkMention(t, "log: the address", b.log.String(), "secret-of-the-file", false)
		})
	}
}

func TestTemplateExport(t *testing.T) {
	b, db := open(t)
	template(t, db, "Won deal", simple)
	got := b.slash("template", "export", set("name", "won deal"))
	if diff := cmp.Diff(map[string]string{"Won-deal.json": simple}, got.Files); diff != "" || !strings.HasPrefix(got.Body.Content, "**Won deal**, as it was written.") {
		t.Errorf("content = %q, files (-want +got):\n%s", got.Body.Content, diff)
	}
}
