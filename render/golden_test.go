package render_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/locales"
	"dispatch/render"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var received = time.Date(2026, time.March, 31, 9, 41, 0, 0, time.UTC)

// draw renders a body as it would come from the source "Acme production".
func draw(eventType, body string) discord.Embed {
	e := event.Event{Type: eventType, ReceivedAt: received, Body: []byte(body)}
	return render.Embed(e, "Acme production", locales.For(locales.Default))
}

func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*.in.json")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, path := range inputs {
		name := strings.TrimSuffix(filepath.Base(path), ".in.json")
		t.Run(name, func(t *testing.T) {
			callout := input(t, path)
			embed := draw(callout.Type, string(callout.Body))
			check(t, embed)
			checkMarkup(t, embed)
			golden(t, filepath.Join("testdata", name+".json"), embed)
		})
	}
}

type callout struct {
	Type string
	Body json.RawMessage
}

func input(tb testing.TB, path string) callout {
	tb.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var c callout
	if err := json.Unmarshal(source, &c); err != nil {
		tb.Fatal(err)
	}
	return c
}

// golden compares what is shown with the file, in which what cannot be seen is spelled out.
func golden(t *testing.T, path string, shown any) {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(shown); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(out.String(), "\u200b", `\u200b`)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
