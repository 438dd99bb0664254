package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// dealBody has some of everything that a record can have.
const dealBody = `{"event_type":"Opportunity.updated","instance_url":"https://example.my.salesforce.com","record":{
	"attributes":{"type":"Opportunity"},"Id":"0061x00000D4eF5AAD","Name":"Acme *Big* [Deal]","StageName":"Closed Won",
	"Amount":48250.50,"Serial":12345678901234567890,"Probability":100,"Zero":0,"CurrencyIsoCode":"EUR","IsWon":true,"IsClosed":"true",
	"CloseDate":"2026-03-31","CreatedDate":"2026-03-01T08:30:00.000+0000","Epoch":1774949660,"EpochText":"1774949660000",
	"Nothing":null,"Blank":"","Code":"a_b` + "`" + `c","Lines":"one\r\ntwo","Paren":"(https://evil.example)","Account":{"Name":"Acme","Owner":{"Name":"Jo"}},
	"Tags":["red","*green*",3,{"Name":"x"}],"None":[],"Empty":{},"Website":"https://acme.example/a b?q=1&r=é","Quantity":"12.50","Star":"*x"},
	"old":{"StageName":"Negotiation/Review","Probability":90,"Account":{"Name":"Initech"}},"token":"hunter2",
	"commits":[{"id":"a1","message":"first"},{"id":"b2","message":"second"}]}`

var dealEvent = event.Event{
	ID: event.FirstID(received), Type: "Opportunity.updated", ReceivedAt: received, Body: []byte(dealBody),
	Headers: []byte(`{"x-github-event":"push","content-type":"application/json"}`),
}

// parse compiles a template that has to be right.
func parse(tb testing.TB, text string) *render.Template {
	tb.Helper()
	template, err := render.ParseTemplate([]byte(text))
	if err != nil {
		tb.Fatalf("%.500s\n%v", text, err)
	}
	return template
}

// quote is the text as a JSON string.
func quote(tb testing.TB, text string) string {
	tb.Helper()
	written, err := json.Marshal(text)
	if err != nil {
		tb.Fatal(err)
	}
	return string(written)
}

// post is the deal as the template shows it.
func post(t *testing.T, text string) (render.Message, []render.Note) {
	t.Helper()
	m, notes, err := parse(t, text).Message(dealEvent, "Acme production", locales.For(locales.Default))
	if err != nil {
		t.Fatalf("%.500s\n%v", text, err)
	}
	checkMessage(t, m)
	return m, notes
}

// A description shows values in markdown.
func TestTemplateValues(t *testing.T) {
	tests := map[string]map[string]string{
		"data": {
			`{{.Meta.EventType}} {{.Meta.Source}} {{.Meta.Object}} {{.Meta.Action}}`: "Opportunity.updated Acme production Opportunity updated",
			`{{.Meta.EventID}} {{.Meta.ReceivedAt}}`:                                 event.FirstID(received).String() + " 2026-03-31T09:41:00Z",
			`{{.Meta.InstanceURL}} {{.Meta.RecordURL}}`: "https://example.my.salesforce.com " +
				"https://example.my.salesforce.com/lightning/r/Opportunity/0061x00000D4eF5AAD/view",
			`{{.Record.Account.Owner.Name}} {{.Body.record.Account.Name}} {{.Old.StageName}}`: "Jo Acme Negotiation/Review",
			`{{.Changed}}; {{len .Changed}}`:                                               "StageName, Probability, Account; 3",
			`{{index .Headers "X-GitHub-Event"}}`:                                          "push",
			`{{.Record.Amount}} {{.Record.Serial}} {{.Record.IsWon}} {{.Record.Quantity}}`: "48250.50 12345678901234567890 true 12.50",
			`{{.Record.Tags}}`:                    `red, \*green\*, 3, x`,
			`{{.Record.Account}}`:                 `Acme`,
			`{{.Record.Empty}} {{.Body.commits}}`: `{} {"id":"a1","message":"first"}, {"id":"b2","message":"second"}`,
			`{{.Record.Lines}}`:                   "one\ntwo",
			`{{$.Record.Account.Name}}{{with .Record.Account}}{{.Owner.Name}}{{$.Meta.Action}}{{end}}`: "AcmeJoupdated",
			`{{(index .Body.commits 1).message}} {{(was "Account").Name}}`:                             "second Initech",
		},
		"what is missing is empty": {
			`-{{.Nope}}{{.Nope.At.Any.Depth}}{{.Record.Nope}}{{.Record.Name.Nope}}{{.Meta.Nope}}{{.Record.Nothing}}{{.Headers.Nope}}{{.Old.Nope.X}}-`:                                                                "--",
			`-{{index .Record "Nope" "x"}}{{index .Record.Tags 99}}{{index .Record.Tags -1}}{{index .Nope 3}}{{slice .Nope 1}}{{(was "x").y}}-`:                                                                      "--",
			`-{{upper .Nope}}{{money .Nope}}{{number .Nope}}{{percent .Nope}}{{date .Nope}}{{datetime .Nope}}{{relative .Nope}}{{title .Nope}}-`:                                                                     "--",
			`-{{trim .Nope}}{{truncate 5 .Nope}}{{join ", " .Nope}}{{split "," .Nope}}{{replace "a" "b" .Nope}}{{raw .Nope}}{{escape .Nope}}-`:                                                                       "--",
			`-{{link .Nope .Nope}}{{was "Nope"}}{{ansiRed .Nope}}{{print .Nope}}{{printf "%s%v%d%.2f" .Nope .Nope .Nope .Nope}}{{urlquery .Nope}}-`:                                                                  "--",
			`{{range .Record.Blank}}x{{end}}{{range .Record.Nothing}}x{{end}}{{range .Nope}}x{{else}}none{{end}}{{with .Nope}}x{{else}}.{{end}}{{if .Nope}}x{{end}}{{len .Nope}}{{default "d" .Nope}}{{json .Nope}}`: "none.0dnull",
		},
		"escaping": {
			`{{.Record.Name}}`:             `Acme \*Big\* \[Deal\]`,
			`**{{.Record.Account.Name}}**`: `**Acme**`,
			`{{raw .Record.Name}}`:         `Acme *Big* [Deal]`,
			`{{"*own*"}} {{escape "*own*"}} {{print "*" .Record.Name "*"}}`:               `*own* \*own\* *Acme \*Big\* \[Deal\]*`,
			`{{printf "**%s** %s" .Record.Name "_x_"}}`:                                   `**Acme \*Big\* \[Deal\]** _x_`,
			`{{$n := printf "%s!" .Record.Name}}{{eq $n "Acme *Big* [Deal]!"}}{{$n}}`:     `trueAcme \*Big\* \[Deal\]!`,
			`{{default "*none*" .Nope}} {{default "*none*" .Record.Name}}`:                `*none* Acme \*Big\* \[Deal\]`,
			`{{join " **|** " .Record.Tags}}`:                                             `red **|** \*green\* **|** 3 **|** x`,
			`{{upper .Record.Name}} {{upper "*x*"}}`:                                      `ACME \*BIG\* \[DEAL\] *X*`,
			`C:\{{raw "x"}}\{{.Record.Star}}`:                                             "C:\\x\\\u200b\\*x",
			`[x]{{.Record.Paren}}`:                                                        `[x]\(https://evil.example)`,
			"`{{.Record.Code}}` {{.Record.Code}}":                                         "`a_bˋc` a\\_b\\`c",
			"```\n{{.Record.Name}} {{.Record.Code}}\n```{{.Record.Name}}":                 "```\nAcme *Big* [Deal] a_bˋc\n```Acme \\*Big\\* \\[Deal\\]",
			"it`s {{.Record.Name}}":                                                       "it`s Acme \\*Big\\* \\[Deal\\]",
			"```\n{{.Record.Name}}":                                                       "```\nAcme \\*Big\\* \\[Deal\\]",
			"\\` {{.Record.Name}} `x`":                                                    "\\` Acme \\*Big\\* \\[Deal\\] `x`",
			`{{"<@&1> "}}{{print "<" "@&1>"}}{{.Record.Tags | join "@everyone" | upper}}`: "<@&1> <@&1>RED@\u200bEVERYONE\\*GREEN\\*@\u200bEVERYONE3@\u200bEVERYONEX",
		},
		"formats": {
			`{{money .Record.Amount}} {{money .Record.Amount "GBP"}} {{.Record.Amount | money "USD"}}`:               "€48,250.50 £48,250.50 $48,250.50",
			`{{number .Record.Serial}} {{number "x"}} {{percent .Record.Probability}}`:                               "12,345,678,901,234,567,890 x 100%",
			`{{date .Record.CloseDate}} {{datetime .Record.CloseDate}} {{relative .Record.CloseDate}}`:               "March 31, 2026 March 31, 2026 <t:1774915200:R>",
			`{{date .Record.CreatedDate}} {{datetime .Record.CreatedDate}} {{relative .Meta.ReceivedAt}}`:            "<t:1772353800:D> <t:1772353800:f> <t:1774950060:R>",
			`{{datetime .Record.Epoch}} {{datetime .Record.EpochText}} {{date .Record.Name}} {{date 5}}`:             "<t:1774949660:f> <t:1774949660:f> Acme \\*Big\\* \\[Deal\\] 5",
			`{{upper "ümlaut"}} {{lower "ÄB"}} {{title "closed won, it's 2nd"}} {{trim "  x "}}.`:                    "ÜMLAUT äb Closed Won, It's 2nd x.",
			`{{truncate 5 .Record.StageName}} {{truncate .Record.StageName 5}} {{.Record.StageName | truncate 100}}`: "Clos… Clos… Closed Won",
			`{{join "-" (split "," "a,b,c")}} {{join .Changed "+"}} {{replace "won" "lost" "won won"}}`:              "a-b-c StageName+Probability+Account lost lost",
			`{{json .Record.Account}}`:                                                                             "{\n  \"Name\": \"Acme\",\n  \"Owner\": {\n    \"Name\": \"Jo\"\n  }\n}",
			`{{json .Changed}} {{json "a\"b"}} {{json 5}} {{json true}}`:                                           "\\[\n  \"StageName\",\n  \"Probability\",\n  \"Account\"\n\\] \"a\\\\\"b\" 5 true",
			`{{len .Record.Name}} {{len "äöü"}} {{len .Record.Tags}} {{len .Record.Account}}`:                      "17 3 4 2",
			`{{index .Record.Tags 0}} {{index .Record "Account" "Owner" "Name"}} {{index .Body.commits 1 "id"}}`:   "red Jo b2",
			`{{slice .Record.StageName 0 6}} {{slice "äöü" 1}} {{slice .Record.Tags 0 1}} {{slice .Changed 1 99}}`: "Closed öü red Probability, Account",
			`{{printf "%5.1f|%-6s|%03d|%d|%x|%q|%t|%%|%v" .Record.Amount "a" 7 .Record.Amount 255 "q" true "v"}}`:  `48250.5|a     |007|48251|ff|"q"|true|%|v`,
			`{{printf "%d" .Record.Serial}} {{printf "%.2f" .Record.Name}} {{printf "%s"}} {{printf "a" "b"}}.`:    `12345678901234567890 Acme \*Big\* \[Deal\]  a.`,
			`{{print 1 2 "a" 3}}{{println "x" 1}}.`:                                                                "1 2a3x 1\n.",
			`{{link "Open *it*" .Meta.RecordURL}} {{link .Record.Name .Record.Website}} {{link "No" "javascript:x"}}`: "[Open *it*](https://example.my.salesforce.com/lightning/r/Opportunity/0061x00000D4eF5AAD/view) " +
				`[Acme \*Big\* \[Deal\]](https://acme.example/a%20b?q=1&r=%C3%A9) No`,
			`{{link "a" "https://x.example/(b)"}} {{link "" "https://x.example/c_d"}}`:                                               "[a](https://x.example/%28b%29) [https://x.example/c_d](https://x.example/c_d)",
			`{{changed "StageName"}} {{changed "Name" "Probability"}} {{changed "Name"}} {{was "StageName"}} {{was "Account.Name"}}`: "true true false Negotiation/Review Initech",
			"```ansi\n{{ansiGreen .Record.Code}} {{ansiBold (ansiRed \"x\")}}\n```":                                                  "```ansi\n\x1b[32ma_bˋc\x1b[0m \x1b[1m\x1b[31mx\x1b[0m\x1b[0m\n```",
			`{{ansiGreen "WON"}}`:  "```ansi\n\x1b[32mWON\x1b[0m\n```",
			`{{urlquery "a b&c"}}`: "a+b%26c",
		},
		"secrets": {
			`{{range $k, $v := .Body}}{{if eq $k "token"}}{{json $v}}{{end}}{{end}}`:                                             `"hunter2"`, // asked for by its name
			`{{len (split "hunter2" (json .Body))}} {{len (split "hunter2" (print .Body))}} {{len (split "****" (json .Body))}}`: "1 1 3",
		},
		"conditions": {
			`{{gt .Record.Amount 1000}} {{ge 5 5.0}} {{lt .Record.Amount 1000}} {{le "a" "b"}} {{gt .Record.Quantity 12}}`:                             "true true false true true",
			`{{gt .Nope 1}} {{lt .Nope 1}} {{gt .Record.Name 1}} {{lt .Record.Account 1}}`:                                                             "false false false false",
			`{{eq .Record.StageName "Open" "Closed Won"}} {{eq .Record.Probability 100.0}} {{eq .Record.IsWon true}} {{eq .Record.IsClosed true}}`:     "true true true true",
			`{{eq .Record.Serial 12345678901234567891}} {{eq 9007199254740993 9007199254740992}} {{eq .Nope ""}} {{eq .Nope nil}} {{eq .Nope 0}}`:      "true false true true false",
			`{{ne .Record.StageName "Open"}} {{not .Record.IsWon}} {{and .Record.IsWon .Record.Zero}} {{or .Record.Blank "b" "c"}}`:                    "true false 0 b",
			`{{and 1 "" (index "x" 0)}}{{or "" .Nope}}{{.Record.IsWon | and 1}}{{.Nope | or 0}}`:                                                       "true",
			`{{if .Record.Zero}}x{{else if .Record.None}}x{{else if .Record.Empty}}x{{else if .Record.Blank}}x{{else if .Record.IsWon}}won{{end}}`:     "won",
			`{{with .Record.Nope}}x{{else with .Record.StageName}}{{.}}{{end}}`:                                                                        "Closed Won",
			`{{if .Record}}r{{end}}{{if .Old}}o{{end}}{{if .Body.nope}}x{{end}}{{if .Meta}}m{{end}}{{if and .Record.Tags (not .Record.None)}}t{{end}}`: "romt",
			`{{default "d" .Record.Zero}} {{default "d" .Record.Blank}} {{default "d" .Record.None}}`:                                                  "0 d d",
		},
		"loops, variables and templates": {
			`{{range .Body.commits}}{{.id}}={{.message}};{{end}}`:                                                             "a1=first;b2=second;",
			`{{range $i, $c := .Body.commits}}{{$i}}{{$c.id}}{{end}}`:                                                         "0a11b2",
			`{{range $k, $v := .Record.Account}}{{$k}}{{if eq $k "Name"}}={{$v}} {{end}}{{end}}`:                              "Name=Acme Owner",
			`{{range .Changed}}{{.}}: {{was .}} {{end}}`:                                                                      `StageName: Negotiation/Review Probability: 90 Account: Initech`,
			`{{range .Record.Tags}}{{if eq . 3}}{{break}}{{end}}{{if eq . "red"}}{{continue}}{{end}}{{.}}{{end}}`:             `\*green\*`,
			`{{$x := 1}}{{range .Body.commits}}{{$x = .id}}{{end}}{{$x}}`:                                                     "b2",
			`{{$x := "a"}}{{if true}}{{$x := "b"}}{{$x}}{{end}}{{$x}}`:                                                        "ba",
			`{{if $x := .Record.IsWon}}{{$x}}{{else}}{{$x}}{{end}}`:                                                           "true",
			`{{define "c"}}<{{.id}}{{$.message}}>{{end}}{{range .Body.commits}}{{template "c" .}}{{end}}`:                     "<a1first><b2second>",
			`{{block "b" .Record}}{{.Zero}}{{end}}{{template "b" .Record.Account}}`:                                           "0",
			`{{define "down"}}{{if .}}{{index . 0}}{{template "down" (slice . 1)}}{{end}}{{end}}{{template "down" .Changed}}`: "StageNameProbabilityAccount",
			"a {{- /* gone */ -}} b{{/* gone */}}":                                                                            "ab",
			`{{range slice .Changed 0 1}}{{.}}{{end}}{{range split "," "x,y"}}[{{.}}]{{end}}`:                                 "StageName[x][y]",
		},
	}
	for name, texts := range tests {
		t.Run(name, func(t *testing.T) {
			for text, want := range texts {
				m, _, err := parse(t, `{"footer":"f","description":`+quote(t, text)+`}`).Message(dealEvent, "Acme production", locales.For(locales.Default))
				if err != nil {
					t.Errorf("%s: %v", text, err)
					continue
				}
				if diff := cmp.Diff(strings.TrimSpace(want), m.Embeds[0].Description); diff != "" {
					t.Errorf("%s (-want +got):\n%s", text, diff)
				}
			}
		})
	}
}
