package render_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

// What a template may take of the machine, whatever is in it and in the event, the event's own size aside.
const (
	maxMemory = 32 << 20 // bytes that are allocated in all, not at once
	maxWait   = 2 * time.Second
	tooLong   = "takes too long"
)

// hostileBody has large things of every kind.
func hostileBody() []byte {
	items := strings.TrimSuffix(strings.Repeat(`{"a":1,"s":"xxxxxxxx"},`, 20_000), ",")
	object := &strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(object, `"k%d":%d,`, i, i)
	}
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	record, old := &strings.Builder{}, &strings.Builder{}
	for i := range 3000 {
		fmt.Fprintf(record, `"F%d":%d,`, i, i)
		fmt.Fprintf(old, `"F%d":"was",`, 2999-i)
	}
	big := strings.Repeat("_*a", 500_000)
	return fmt.Appendf(nil, `{"l":[%s],"o":{%s"z":1},"deep":%s,"big":%q,"big2":%q,"f":"%%1000000000d","n":2000000000,"digits":%s,"tick":"%s","record":{%s"Id":"x"},"old":{%s"Id":"x"}}`,
		items, object, deep, big, big+"b", strings.Repeat("9", 100_000), "```", record, old)
}

func TestHostileTemplates(t *testing.T) {
	loop := func(inside string) string { return `{{range .Body.l}}` + inside + `{{end}}` }
	manyConditions := `{"fields":[` + strings.TrimSuffix(strings.Repeat(
		`{"name":"a","value":"{{.Nope}}","if":"any(body.l, any(body.l, # == 1))"},`, 500), ",") + `]}`
	tests := map[string]struct {
		text  string // of a description, or a template
		fails string // what the error says, on a machine that is not too slow; "" when it does not fail
	}{
		"endless range":              {`{{range .Body.n}}x{{end}}`, "only a list or an object"},
		"endless range of a text":    {`{{range .Body.big}}x{{end}}`, "only a list or an object"},
		"nested ranges":              {loop(loop2), tooLong},
		"nested ranges that write":   {loop(`{{range $.Body.l}}xxxxxxxx{{end}}`), "more than 65536 characters"},
		"100 MB of output":           {loop(loop2x), "more than 65536 characters"},
		"one long value, often":      {loop(`{{$.Body.big}}`), "more than 65536 characters"},
		"one long value, raw, often": {loop(`{{raw $.Body.big}}`), "more than 65536 characters"},
		"one long value, raw":        {`{{raw .Body.big}}`, ""},
		"recursion":                  {`{{define "f"}}{{template "f" .}}{{end}}{{template "f" .}}`, "call one another"},
		"mutual recursion":           {`{{define "f"}}{{template "g" .}}{{end}}{{define "g"}}{{template "f" .}}{{end}}{{template "f"}}`, "call one another"},
		"calls that multiply":        {multiplied(), tooLong},
		"printf by data":             {`{{printf .Body.f 1}}`, "too wide"},
		"wide formats":               {loop("{{$x := printf `%-200s` 1}}"), "KB of text"},
		"many wide formats":          {`{{printf "` + strings.Repeat("%200d", 2000) + `"` + strings.Repeat(" 1", 49) + `}}`, ""},
		"doubling":                   {`{{$x := "aaaaaaaa"}}` + loop(`{{$x = print $x $x}}`), "KB of text"},
		"doubling nothing":           {`{{$x := ""}}` + loop(`{{$x = print $x $x}}`), ""},
		"doubling by printf":         {`{{$x := "aaaaaaaa"}}` + loop(`{{$x = printf "%s%s" $x $x}}`), "KB of text"},
		"doubling by replace":        {`{{$x := "aaaaaaaa"}}` + loop(`{{$x = replace "a" "aa" $x}}`), "KB of text"},
		"replace of nothing":         {`{{replace "" .Body.big .Body.big}}`, "KB of text"},
		"join by much":               {`{{join .Body.big .Body.l}}`, "KB of text"},
		"join of much":               {`{{join "" .Body.l}}`, "KB of text"},
		"split of everything":        {loop(`{{$x := split "" $.Body.big}}`), "KB of text"},
		"json that nests":            {`{{json .Body.deep}}`, ""},
		"json of everything":         {`{{json .Body}}`, "KB of text"},
		"everything":                 {`{{.Body}}`, "KB of text"},
		"a list of everything":       {`{{.Body.l}}`, ""},
		"upper, often":               {loop(`{{$x := upper $.Body.big}}`), "KB of text"},
		"colours in colours":         {`{{$x := "a"}}` + loop(`{{$x = ansiRed $x}}`), "KB of text"},
		"links in links":             {`{{$x := "a"}}` + loop(`{{$x = link $x "https://a.example"}}`), "KB of text"},
		"look-ups in what is large":  {loop(`{{$.Body.o.z}}`), tooLong},
		"index in what is large":     {loop(`{{index $.Body.l 19999}}`), tooLong},
		"length of what is large":    {loop(`{{$x := len $.Body.o}}`), tooLong},
		"length of a long text":      {loop(`{{$x := len $.Body.big}}`), tooLong},
		"comparing what is long":     {loop(`{{$x := eq $.Body.big $.Body.big2}}`), tooLong},
		"comparing long numbers":     {loop(`{{$x := lt $.Body.digits $.Body.digits}}`), tooLong},
		"what changed":               {loop(`{{$x := changed "nothing"}}`), tooLong},
		"all that changed":           {loop(`{{$x := .Changed}}{{$x := $.Changed}}{{if $.Record}}{{end}}{{$x = $.Meta.RecordURL}}`), ""},
		"ranging over the record":    {loop(`{{range $.Record}}{{break}}{{end}}{{range $.Old}}{{break}}{{end}}`), ""},
		"conditions":                 {manyConditions, "too much work"},
		"code that never ends":       {"{{raw .Body.tick}}{{ansiRed .Body.tick}}{{raw .Body.tick}}{{raw `x`}}{{raw .Body.tick}}", ""},
		"colours in code that never": {"`{{ansiRed .Body.n}}{{raw .Body.tick}}", ""},
		"parentheses":                {`{{` + strings.Repeat("(", 9000) + `1` + strings.Repeat(")", 9000) + `}}`, "stand in one another"},
		"branches":                   {strings.Repeat(`{{if 1}}`, 4000) + strings.Repeat(`{{end}}`, 4000), "stand in one another"},
		"a long chain":               {`{{if .Nope}}` + strings.Repeat(`{{else if .Nope}}`, 3000) + `{{else}}x{{end}}`, ""},
	}
	body := hostileBody()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			text := tc.text
			if !strings.HasPrefix(text, `{"`) {
				text = `{"footer":"f","description":` + quote(t, text) + `}`
			}
			err := bounded(t, func() error {
				template, err := render.ParseTemplate([]byte(text))
				if err != nil {
					return err
				}
				e := event.Event{Type: "a.updated", ReceivedAt: received, Body: body, Headers: []byte(`{}`)}
				m, _, err := template.Message(e, "s", locales.For(locales.Default))
				if err == nil {
					checkMessage(t, m)
				}
				return err
			})
			var told *render.TemplateError
			switch {
			case tc.fails == "" && err != nil && !strings.Contains(err.Error(), tooLong):
				t.Errorf("fails: %v", err)
			case tc.fails != "" && (!errors.As(err, &told) || !strings.Contains(told.Problem, tc.fails) && !strings.Contains(told.Problem, tooLong)):
				t.Errorf("error %.300v, want one that says %q", err, tc.fails)
			}
		})
	}
}

const (
	loop2  = `{{range $.Body.l}}{{end}}`
	loop2x = `{{range $.Body.l}}{{range $.Body.l}}xxxxxxxx{{end}}{{end}}`
)

// multiplied are templates that call the next one ten times each.
func multiplied() string {
	var b strings.Builder
	for i := range 14 {
		fmt.Fprintf(&b, `{{define "t%d"}}%s{{end}}`, i, strings.Repeat(fmt.Sprintf(`{{template "t%d"}}`, i+1), 10))
	}
	return b.String() + `{{define "t14"}}{{end}}{{template "t0"}}`
}

// bounded fails the test when running takes too much.
func bounded(t *testing.T, run func() error) error {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	err := run()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > maxMemory {
		t.Errorf("%d MB are allocated", allocated>>20)
	}
	if took > maxWait {
		t.Errorf("it takes %s", took)
	}
	t.Logf("%s, %d KB, %.200v", took, (after.TotalAlloc-before.TotalAlloc)>>10, err)
	return err
}

// Nothing that Go could call can be reached.
func TestTemplatesReachNoMethods(t *testing.T) {
	text := `-{{.Meta.ReceivedAt.Unix}}{{.Meta.EventID.String}}{{.Record.Get}}{{.Record.Account.Raw}}{{.Body.ForEach}}{{.Changed.Len}}{{.event}}{{.Meta.kind}}` +
		`{{.Headers.String}}{{(index .Changed 0).String}}{{$.Scope}}{{printf "%s" .Meta.MarshalJSON}}{{index .Meta "EventID" "UUID"}}-`
	m, _ := post(t, `{"description":`+quote(t, text)+`}`)
	if got := m.Embeds[0].Description; got != "--" {
		t.Errorf("%q, want nothing between the dashes", got)
	}
	for _, text := range []string{`{{call .Record.Get}}`, `{{.Record.Get "Name"}}`, `{{.Body.ForEach .Record}}`, `{{.Meta.EventID.String 1}}`} {
		if _, err := render.ParseTemplate([]byte(`{"description":` + quote(t, text) + `}`)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// FuzzTemplate runs any template, as it is and as the text of every place, on any event.
func FuzzTemplate(f *testing.F) {
	for _, starter := range render.Starters() {
		f.Add(string(starter.Text), "Opportunity.updated", []byte(dealBody))
	}
	paths, err := filepath.Glob("testdata/templates/*.in.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "push", []byte(dealBody))
	}
	for _, text := range []string{
		"{{range $i, $x := .Body}}{{$i}}{{json $x}}{{else}}{{end}}", "{{with .Record}}{{.Name | ansiRed | printf `%-9q`}}{{end}}", "```{{raw .Body}}`{{.Changed}}",
		"{{define `a`}}{{template `a` .}}{{end}}{{template `a`}}", "{{slice (split `` .Body.x) 1 2 | join `]`}}", "{{link .Record.Name .Body.instance_url}}(x)",
		"{{date 1e9}}{{money `€` .Record.Amount}}{{truncate 3 `\\\\\\\\`}}", "{{if and (not .A) (or .B 1) (eq .C nil) (lt 1 `x`)}}{{mention `1`}}{{end}}",
	} {
		f.Add(text, "a.b", []byte(`{"record":{"Name":"@everyone <@1> \u202e","x":"`+"`"+`"},"old":{"Name":null}}`))
	}
	f.Fuzz(func(t *testing.T, text, eventType string, body []byte) {
		e := event.Event{Type: eventType, ReceivedAt: received, Body: body, Headers: body}
		places := fmt.Sprintf(`{"title":%[1]s,"url":%[1]s,"description":%[1]s,"color":"{{%[2]s}}","author":%[1]s,"footer":%[1]s,"timestamp":"{{%[2]s}}",`+
			`"fields":[{"name":%[1]s,"value":%[1]s,"if":%[1]s}],"content":%[1]s,"mentions":["1"],"buttons":[{"label":%[1]s,"url":%[1]s}]}`, quote(t, text), `.Record.x`)
		onlyTexts := strings.Replace(places, `,"if":`+quote(t, text), "", 1)
		for _, written := range []string{text, places, onlyTexts} {
			template, err := render.ParseTemplate([]byte(written))
			var told *render.TemplateError
			if err != nil {
				if !errors.As(err, &told) || told.Line < 1 || told.Column < 1 || told.Problem == "" {
					t.Errorf("the error tells no place: %#v", err)
				}
				continue
			}
			m, _, err := template.Message(e, "source", locales.For(locales.Default))
			if err != nil {
				if strings.HasPrefix(err.Error(), "run template") {
					t.Errorf("panics: %v", err)
				}
				continue
			}
			for _, problem := range messageProblems(m) {
				t.Error(problem)
			}
		}
	})
}
