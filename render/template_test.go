package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/disgoorg/snowflake/v2"
	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// Every template of the test data, and what it makes of the deal.
func TestTemplateGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/templates/*.in.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m, notes := post(t, string(text))
			golden(t, strings.TrimSuffix(path, ".in.json")+".json", outcome{m, spoken(notes)})
		})
	}
}

// starterEvents are the types of the catalogue's events that each starter is made for, and one that it is not.
var starterEvents = map[string][]string{
	"won-deal":       {"Opportunity.updated", "Opportunity.created"},
	"lost-deal":      {"Opportunity.updated", "Opportunity.deleted"},
	"hot-lead":       {"Lead.created", "Lead.updated", "Lead.converted"},
	"escalated-case": {"Case.escalated", "Case.created", "Case.updated"},
	"quote-accepted": {"Quote.accepted", "Quote.created"},
	"generic":        {"Opportunity.updated", "Account.created", "Invoice__c.created", "Task.completed"},
}

func TestStarters(t *testing.T) {
	var names []string
	for _, starter := range render.Starters() {
		names = append(names, starter.Name)
		t.Run(starter.Name, func(t *testing.T) {
			template := parse(t, string(starter.Text))
			if len(starter.Text) > 4000 {
				t.Errorf("%d characters do not fit into a modal", len(starter.Text))
			}
			var all []outcome
			for _, e := range catalogue(t) {
				m, notes, err := template.Message(event.Event{Type: e.Type, ReceivedAt: received, Body: e.body(t)}, "Acme production", locales.For(locales.Default))
				if err != nil {
					t.Fatalf("%s: %v", e.Type, err)
				}
				checkMessage(t, m)
				for _, eventType := range starterEvents[starter.Name] {
					if e.Type == eventType {
						all = append(all, outcome{m, spoken(notes)})
					}
				}
			}
			golden(t, filepath.Join("testdata", "templates", starter.Name+".starter.json"), all)
		})
	}
	if diff := cmp.Diff([]string{"won-deal", "lost-deal", "hot-lead", "escalated-case", "quote-accepted", "generic"}, names); diff != "" {
		t.Errorf("starters (-want +got):\n%s", diff)
	}
}

// A webhook that is not Salesforce's is shown by the generic starter, too.
func TestGenericStarterOnAnyWebhook(t *testing.T) {
	template := parse(t, string(render.Starters()[5].Text))
	e := event.Event{Type: "push", ReceivedAt: received, Body: []byte(`{"ref":"main","secret":"x"}`)}
	m, _, err := template.Message(e, "GitHub", locales.For(locales.Default))
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, m)
	want := "```json\n{\n  \"ref\": \"main\",\n  \"secret\": \"********\"\n}\n```"
	if diff := cmp.Diff(want, m.Embeds[0].Description); diff != "" || m.Embeds[0].Title != "push" {
		t.Errorf("title %q, description (-want +got):\n%s", m.Embeds[0].Title, diff)
	}
}

// Titles, names of fields and texts without markdown have one line; values in them mean nothing to Discord.
func TestTemplatePlaces(t *testing.T) {
	const value = "{{.Record.Lines}} {{.Record.Name}} {{ansiRed .Record.Code}} {{date .Record.CreatedDate}} {{datetime .Record.CreatedDate}} {{link \"a\" \"https://b.example\"}}"
	const escaped = "one two Acme \\*Big\\* \\[Deal\\] a\\_b\\`c March 1, 2026 March 1, 2026, 08:30 UTC a"
	const plain = "one two Acme *Big* [Deal] a_b`c March 1, 2026 March 1, 2026, 08:30 UTC a"
	text := quote(t, value)
	m, _ := post(t, `{"title":`+text+`,"fields":[{"name":`+text+`,"value":"x"}],"author":`+text+`,"footer":`+text+
		`,"buttons":[{"label":"{{.Record.Name}}","url":"https://a.example"}]}`)
	e := m.Embeds[0]
	got := []string{e.Title, e.Fields[0].Name, e.Author.Name, e.Footer.Text, m.Buttons[0].Label}
	if diff := cmp.Diff([]string{escaped, escaped, plain, plain, "Acme *Big* [Deal]"}, got); diff != "" {
		t.Errorf("title, name, author, footer, label (-want +got):\n%s", diff)
	}
}

func TestTemplateAddresses(t *testing.T) {
	tests := map[string]string{
		`https://a.example/x`:                                "https://a.example/x",
		`{{.Record.Website}}`:                                "https://acme.example/a%20b?q=1&r=%C3%A9",
		`HTTP://A.example:8080/{{.Record.StageName}}`:        "http://a.example:8080/Closed%20Won",
		`https://a.example/?q={{.Record.Website}}&x=1`:       "https://a.example/?q=https%3A%2F%2Facme.example%2Fa+b%3Fq%3D1%26r%3D%C3%A9&x=1",
		`https://a.example/?q={{urlquery .Record.Name}}`:     "https://a.example/?q=Acme+%2ABig%2A+%5BDeal%5D",
		`https://bücher.example/{{.Record.Id}}`:              "https://xn--bcher-kva.example/0061x00000D4eF5AAD",
		`https://a.example/{{.Record.Lines}}"<>\\100%{{""}}`: "https://a.example/one%0D%0Atwo%22%3C%3E%5C%5C100%25",
		`{{.Meta.RecordURL}}`:                                "https://example.my.salesforce.com/lightning/r/Opportunity/0061x00000D4eF5AAD/view",
		`{{.Nope}}`:                                          "url empty",
		`{{"javascript:alert(1)"}}`:                          "url left out",
		`javascript:{{.Record.Name}}`:                        "url left out",
		`{{.Record.Name}}`:                                   "url left out",
		`https://{{.Record.Name}}/x`:                         "url left out",
		`https://user:{{.Record.Id}}@a.example/`:             "url left out",
		`https://{{"localhost"}}/`:                           "url left out",
		`https:{{.Record.Id}}`:                               "url left out",
		`https://a.example/{{range split "" .Body.instance_url}}{{$.Body.instance_url}}{{$.Body.instance_url}}{{end}}`: "url left out",
	}
	for text, want := range tests {
		text := strings.ReplaceAll(text, `\\`, `\`)
		want = strings.ReplaceAll(want, `%5C%5C`, `%5C`)
		m, notes := post(t, `{"description":"x","url":`+quote(t, text)+`}`)
		got := m.Embeds[0].URL + strings.Join(spoken(notes), "; ")
		if want = strings.ReplaceAll(want, "é", "%C3%A9"); got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
}

func TestTemplateColours(t *testing.T) {
	tests := map[string]string{
		`5763719`: "57F287", `"5763719"`: "57F287", `"#57f287"`: "57F287", `"#abc"`: "AABBCC", `"0x57F287"`: "57F287", `"Green"`: "57F287",
		`"Dark_Red"`: "992D22", `"{{if .Record.IsWon}}green{{else}}red{{end}}"`: "57F287", "\"#{{printf `%06x` 255}}\"": "0000FF",
		`"{{.Record.Zero}}"`: "000000", `null`: "000000", `""`: "000000", `"{{.Nope}}"`: "000000color empty",
		`"{{.Record.Name}}"`: "000000color left out", `"{{99999999}}"`: "000000color left out", "\"#12345{{`g`}}\"": "000000color left out",
	}
	for text, want := range tests {
		m, notes := post(t, `{"description":"x","color":`+text+`}`)
		if got := fmt.Sprintf("%06X", m.Embeds[0].Color) + strings.Join(spoken(notes), "; "); got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
}

func TestTemplateTimes(t *testing.T) {
	tests := map[string]string{
		`true`: "2026-03-31T09:41:00Z", `false`: "", `null`: "", `"2026-01-02T03:04:05+01:00"`: "2026-01-02T02:04:05Z", `1774949660`: "2026-03-31T09:34:20Z",
		`"{{.Record.CreatedDate}}"`: "2026-03-01T08:30:00Z", `"{{.Record.CloseDate}}"`: "2026-03-31T00:00:00Z", `"{{.Record.Epoch}}"`: "2026-03-31T09:34:20Z",
		`"{{.Nope}}"`: "timestamp empty", `"{{.Record.Name}}"`: "timestamp left out",
	}
	for text, want := range tests {
		m, notes := post(t, `{"description":"x","timestamp":`+text+`}`)
		got := strings.Join(spoken(notes), "; ")
		if at := m.Embeds[0].Timestamp; at != nil {
			got += at.Format("2006-01-02T15:04:05Z07:00")
		}
		if got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
}

func TestTemplateMentions(t *testing.T) {
	tests := map[string]struct {
		text, want string
		roles      []snowflake.ID
	}{
		"listed only":           {`{"title":"x","mentions":["111","222"]}`, "<@&111> <@&222>", []snowflake.ID{111, 222}},
		"placed":                {"{\"content\":\"{{mention `111`}} look\",\"mentions\":[\"111\"]}", "<@&111> look", []snowflake.ID{111}},
		"placed on a condition": {"{\"content\":\"x{{if .Nope}}{{mention `111`}}{{end}}\",\"mentions\":[\"111\"]}", "x", nil},
		"by data":               {`{"content":"x{{mention .Body.record.Zero}}","mentions":["111"]}`, "x", nil},
		"in an embed":           {"{\"title\":\"{{mention `111`}}t\",\"description\":\"{{mention `111`}}\",\"mentions\":[\"111\"]}", "<@&111>", []snowflake.ID{111}},
		"raw of another":        {"{\"content\":\"{{raw `<@&333> @everyone`}}\",\"mentions\":[]}", "<@&333> @everyone", nil},
		"by hand":               {`{"content":"hey <@&111>","mentions":["111","111"]}`, "hey <@&111>", []snowflake.ID{111}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m, _ := post(t, tc.text)
			if diff := cmp.Diff(tc.roles, m.Roles); diff != "" || m.Content != tc.want {
				t.Errorf("content %q, want %q; roles (-want +got):\n%s", m.Content, tc.want, diff)
			}
		})
	}
	if diff := cmp.Diff([]string{"1", "2"}, parse(t, `{"title":"x","mentions":["1","2","1"]}`).Mentions()); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
}

func TestTemplateNotes(t *testing.T) {
	long := strings.Repeat("a", 5000)
	tests := map[string]struct {
		text string
		want []string
	}{
		"nothing to tell": {`{"title":"a","fields":[{"name":"n","value":"{{.Record.Id}}"}]}`, nil},
		"empty": {
			`{"title":"{{.Nope}}","description":"d","author":"{{.Nope}}","footer":{"text":" {{.Nope}} "},"fields":[{"name":"n","value":"{{.Nope}}"},{"name":"{{.Nope}}","value":"v"},{"name":"n","value":""}],
				"image":"{{.Nope}}","content":"{{.Nope}}","buttons":[{"label":"{{.Nope}}","url":"https://a.example"},{"label":"b","url":"{{.Nope}}"}]}`,
			[]string{
				"content empty", "title empty", "author empty", "fields[0].value empty", "fields[1].name empty", "fields[2].value empty",
				"footer.text empty", "image empty", "buttons[0].label empty", "buttons[1].url empty",
			},
		},
		"cut": {
			`{"title":"` + long + `","fields":[{"name":"n","value":"{{printf ` + "`%s`" + ` .Body.instance_url}}` + long + `"}],"content":"` + long + `"}`,
			[]string{"content cut", "title cut", "fields[0].value cut"},
		},
		"conditions": {
			`{"title":"t","if":"true","embeds":[{"if":"false","title":"x"}],"fields":[{"name":"n","value":"v","if":"record.Amount > 1000000"},{"name":"n","value":"v","if":"record.Amount > 1"}],
				"buttons":[{"label":"l","url":"https://a.example","if":"changed('Name')"}]}`,
			[]string{"fields[0] left out", "embeds[0] left out", "buttons[0] left out"},
		},
		"one of two is empty": {
			`{"embeds":[{"title":"{{.Nope}}"},{"title":"x","description":"{{.Nope}}"}]}`,
			[]string{"embeds[0].title empty", "embeds[0] empty", "embeds[1].description empty"},
		},
		"more fields than fit": {
			`{"fields":[` + strings.Repeat(`{"name":"{{.Nope}}n","value":"v"},`, 26) + `{"name":"n","value":"v"}]}`,
			[]string{"fields[25] left out", "fields[26] left out"},
		},
		"too much in all": {
			`{"description":"` + long[:4000] + `","footer":"` + long[:2000] + `","fields":[{"name":"n","value":"` + long[:1000] + `"},{"name":"o","value":"short"}]}`,
			[]string{"description cut"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, notes := post(t, tc.text)
			if diff := cmp.Diff(tc.want, spoken(notes)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// What is cut is cut so that it is still what it was.
func TestTemplateCutsBlocksOfCode(t *testing.T) {
	m, _ := post(t, `{"description":"{{printf `+"`%s`"+` .Record.Id}}","fields":[{"name":"n","value":"`+"```ansi\\n"+strings.Repeat("x", 2000)+"\\n```"+`"}]}`)
	if value := m.Embeds[0].Fields[0].Value; len(value) > 1024+2 || !strings.HasSuffix(value, "x…\n```") {
		t.Errorf("%d bytes, ends in %q", len(value), value[len(value)-10:])
	}
}

func TestTemplateFitsTheTotal(t *testing.T) {
	field := `{"name":"","value":"{{range .Body.commits}}{{$.Record.Name}} {{$.Body.instance_url}}{{end}}"},`
	one := `{"title":"{{.Record.Name}}","description":"` + strings.Repeat("d", 3000) + `","footer":"x","fields":[` +
		strings.TrimSuffix(strings.Repeat(field, 25), ",") + `]},`
	m, _ := post(t, `{"embeds":[`+strings.TrimSuffix(strings.Repeat(one, 10), ",")+`]}`)
	total := 0
	for _, e := range m.Embeds {
		total += render.Size(e)
	}
	if len(m.Embeds) != 10 || total > 6000 || total < 5000 {
		t.Errorf("%d embeds of %d characters", len(m.Embeds), total)
	}
}

func TestTemplateWithNothingToShow(t *testing.T) {
	for _, text := range []string{
		`{"title":"{{.Nope}}","color":1,"timestamp":true}`, `{"content":"{{.Nope}}"}`, `{"fields":[{"name":"n","value":"{{.Nope}}"}]}`,
		`{"title":"x","if":"false"}`, `{"title":"{{.Nope}}","buttons":[{"label":"l","url":"https://a.example"}]}`,
	} {
		if m, _, err := parse(t, text).Message(dealEvent, "s", locales.For(locales.Default)); err == nil || len(m.Embeds) > 0 {
			t.Errorf("%s: no error but %+v", text, m)
		}
	}
}

// Amounts and dates are written as the embeds of the same guild write them.
func TestTemplateSpeaksTheLanguage(t *testing.T) {
	template := parse(t, `{"description":"{{money .Record.Amount}} {{money 5 \"USD\"}} {{date .Record.CloseDate}} {{percent 12.5}}"}`)
	m, _, err := template.Message(dealEvent, "s", locales.For("de").WithCurrency("CHF"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("48.250,50\u00a0€ 5\u00a0$ 31\\. März 2026 12,5\u00a0%", m.Embeds[0].Description); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
}

func TestTemplateAtOnce(t *testing.T) {
	template := parse(t, exampleTemplate)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				m, _, err := template.Message(dealEvent, "s", locales.For(locales.Default))
				if err != nil || len(m.Embeds) != 1 {
					t.Errorf("%+v, %v", m, err)
				}
			}
		})
	}
	group.Wait()
}
