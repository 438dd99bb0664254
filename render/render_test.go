package render_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

func TestEmbedWithoutTime(t *testing.T) {
	embed := render.Embed(event.Event{Type: "push", Body: []byte(`{}`)}, "s", locales.For(locales.Default))
	if embed.Timestamp != nil {
		t.Errorf("an event without a time has the timestamp %s", embed.Timestamp)
	}
}

func TestTimestampIsUTC(t *testing.T) {
	e := event.Event{Type: "push", ReceivedAt: received.In(time.FixedZone("", 3600))}
	embed := render.Embed(e, "s", locales.For(locales.Default))
	if diff := cmp.Diff(&received, embed.Timestamp); diff != "" || embed.Timestamp.Location() != time.UTC {
		t.Errorf("timestamp (-want +got):\n%s", diff)
	}
}

// What is longer than an embed can hold is cut, all of it to the same length, and none of it dropped.
func TestEmbedIsCutToTheTotal(t *testing.T) {
	var record strings.Builder
	for i := range 40 {
		fmt.Fprintf(&record, `,"Field%d__c":%q`, i, strings.Repeat("x", 400+i))
	}
	embed := draw("Thing__c.created", `{"record":{"Name":"short"`+record.String()+`}}`)
	check(t, embed)
	if len(embed.Fields) != 24 {
		t.Fatalf("%d fields, want 24", len(embed.Fields))
	}
	for i, field := range embed.Fields {
		if want := fmt.Sprintf("Field%d", i); field.Name != want {
			t.Errorf("field %d is %q, want %q", i, field.Name, want)
		}
		if first := embed.Fields[0].Value; field.Value != first || !strings.HasSuffix(first, "x…") {
			t.Errorf("field %d is cut to %q, the first to %q", i, field.Value, first)
		}
	}
	if total := render.Size(embed); embed.Title != "Thing created: short" || total < 6000-len(embed.Fields) {
		t.Errorf("title %q, total %d: more was cut than needed", embed.Title, total)
	}
}

// A long old value must not push the new one out.
func TestChangeKeepsBothSides(t *testing.T) {
	long := strings.Repeat("a", 2000)
	embed := draw("Opportunity.updated", fmt.Sprintf(`{"record":{"StageName":"%sz"},"old":{"StageName":%q}}`, long, long))
	check(t, embed)
	if value := embed.Fields[0].Value; strings.Count(value, "…") != 2 || !strings.Contains(value, "a… → aaa") {
		t.Errorf("stage = %q", value)
	}
}

// The source's name must not push the type out of the footer.
func TestFooterKeepsTheType(t *testing.T) {
	e := event.Event{Type: "Opportunity.updated", ReceivedAt: received}
	embed := render.Embed(e, strings.Repeat("a", 3000)+"\n", locales.For(locales.Default))
	check(t, embed)
	if !strings.HasSuffix(embed.Footer.Text, "… · Opportunity.updated") {
		t.Errorf("footer = %q", embed.Footer.Text)
	}
}

func FuzzEmbed(f *testing.F) {
	inputs, err := filepath.Glob("testdata/*.in.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range inputs {
		callout := input(f, path)
		f.Add(callout.Type, "source", []byte(callout.Body))
	}
	for _, e := range catalogue(f) {
		f.Add(e.Type, "source", e.body(f))
	}
	f.Add("\x00", "\xff", []byte(`{"record":[]`))
	f.Add(" . ", "\u202e", []byte(`{"record":{"attributes":{"type":"__c"},"__c":"x"," ":1}}`))
	f.Fuzz(func(t *testing.T, eventType, source string, body []byte) {
		e := event.Event{Type: eventType, ReceivedAt: received, Body: body}
		embed := render.Embed(e, source, locales.For(locales.Default))
		check(t, embed)
		checkMarkup(t, embed)
	})
}

// FuzzRecord puts anything into every place of a sound body.
func FuzzRecord(f *testing.F) {
	f.Add("Name", "@everyone", "*", true)
	f.Add("__c", strings.Repeat("\u0301😀", 3000), "[x](y)", false)
	f.Add("CloseDate", "0000-00-00T99:99:99Z", "1e9999", false)
	f.Fuzz(func(t *testing.T, name, value, old string, custom bool) {
		record := map[string]any{"Account": map[string]string{"Name": value}, "Owner": map[string]string{"Name": old}}
		before := map[string]string{}
		for _, look := range render.Looks() {
			for _, field := range look.Reads {
				record[field], before[field] = value, old
			}
		}
		for _, field := range []string{"Name", "CurrencyIsoCode", "Id", "CaseNumber"} {
			record[field], before[field] = value, old
		}
		for i := range 30 {
			record[name+strings.Repeat("_", i)] = value + strings.Repeat("*", i)
		}
		object := "Opportunity"
		if custom {
			object = name
		}
		body, err := json.Marshal(map[string]any{"record": record, "old": before, "instance_url": value})
		if err != nil {
			t.Fatal(err)
		}
		types := []string{object + ".updated", "Case." + name}
		for _, look := range render.Looks() {
			types = append(types, look.Object+".updated")
		}
		for _, eventType := range types {
			embed := draw(eventType, string(body))
			checkMarkup(t, embed)
			if found := problems(embed); found != nil {
				t.Errorf("%s: %q", eventType, found)
			}
		}
	})
}

// ours are the timestamps that we write; nobody else's come through, which FuzzEscape sees to.
var ours = regexp.MustCompile(`^<t:-?\d+:f>$`)

// hashes are the links to commits that we write, and nobody else can.
var hashes = regexp.MustCompile("(?m)^(\\[`[0-9a-fA-F]{7}`\\]\\(https://[^()\\s]+\\)|`[0-9a-fA-F]{7}`)")

// checkMarkup fails the test when a text of the embed means anything to Discord but itself.
func checkMarkup(t *testing.T, embed discord.Embed) {
	t.Helper()
	texts := []string{embed.Title, hashes.ReplaceAllString(embed.Description, "")} // the author's name is shown as it is
	for _, field := range embed.Fields {
		texts = append(texts, field.Name)
		texts = append(texts, strings.Split(field.Value, " → ")...)
	}
	for _, text := range texts {
		if markup := live(text); markup != "" && !ours.MatchString(text) {
			t.Errorf("%q has live markup: %q", text, markup)
		}
	}
}
