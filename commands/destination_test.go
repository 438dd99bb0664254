package commands_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
)

const (
	resumed   = "<#" + channelID + "> is no longer on hold. I'm sending what waits now; should it fail again, you'll hear of it."
	nothing   = "Nothing is on hold here any more."
	salesHere = `{"id":"` + channelID + `","type":0,"guild_id":"` + guildID + `","name":"sales","permission_overwrites":[]}`
)

func TestResumeByTheButton(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	button := "/resume/" + stop(t, db, s)
	if got := b.press(button, field("guild_id", "100000000000000002")); got.Body.Content != nothing {
		t.Errorf("in another guild: %q", got.Body.Content)
	}
	if paused, err := db.PausedDestinations(t.Context(), guildID); err != nil || len(paused) != 1 {
		t.Fatalf("paused: %v (%v)", paused, err)
	}
	if got := b.press(button); got.How != "create" || got.Body.Content != resumed {
		t.Errorf("%s %q, want %q", got.How, got.Body.Content, resumed)
	}
	if paused, err := db.PausedDestinations(t.Context(), guildID); err != nil || len(paused) != 0 {
		t.Errorf("still paused: %v (%v)", paused, err)
	}
	if got := b.press(button); got.Body.Content != nothing {
		t.Errorf("again: %q", got.Body.Content)
	}
}

func TestResumeByTheCommand(t *testing.T) {
	tests := map[string]struct {
		typed string
		deaf  bool // Discord does not say what channels are called
		want  string
	}{
		"mention":              {"<#" + channelID + ">", true, resumed},
		"id of the channel":    {channelID, true, resumed},
		"name":                 {" Sales ", false, resumed},
		"name with its sign":   {"#sales", false, resumed},
		"name nobody told us":  {"sales", true, "No destination on hold is called **sales**."},
		"another's name":       {"random", false, "No destination on hold is called **random**."},
		"nothing but its sign": {"#", true, `No destination on hold is called **\#**.`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			stop(t, db, connect(t, db, "Acme", event.AuthSecret))
			b.discord.api.channels = map[string]string{channelID: salesHere}
			if tc.deaf {
				b.discord.api.err = errNotThere
			}
			if got := b.slash("destination", "resume", set("name", tc.typed)).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("got %q, want %q…", got, tc.want)
			}
			paused, err := db.PausedDestinations(t.Context(), guildID)
			if err != nil || (len(paused) == 0) != (tc.want == resumed) {
				t.Errorf("paused: %v (%v)", paused, err)
			}
		})
	}
}

func TestResumeWhereNothingIsPaused(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme", event.AuthSecret)
	if got := b.slash("destination", "resume", set("name", "<#"+channelID+">")).Body.Content; got != nothing {
		t.Errorf("got %q", got)
	}
	if got := b.suggested("destination", "resume", "name", ""); got != nil {
		t.Errorf("suggestions: %v", got)
	}
}

func TestResumeSuggestions(t *testing.T) {
	const why = " — I'm not allowed to post here. Give me View Channel, Send Messages and Embed Links here (in a th"
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	b.discord.api.channels = map[string]string{channelID: salesHere}
	id := stop(t, db, s)
	want := "#sales" + why
	want = string([]rune(want)[:99]) + "… = " + id
	for _, typed := range []string{"", "SAL", "not allowed"} {
		if diff := cmp.Diff([]string{want}, b.suggested("destination", "resume", "name", typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
	if got := b.suggested("destination", "resume", "name", "news"); got != nil {
		t.Errorf("suggestions for another: %v", got)
	}
	if got := b.slash("destination", "resume", set("name", id)).Body.Content; got != resumed {
		t.Errorf("what was suggested: %q", got)
	}
	stop(t, db, s)
	b.discord.api.err = errNotThere
	if got := b.suggested("destination", "resume", "name", ""); len(got) != 1 || !strings.HasPrefix(got[0], "#"+channelID+" — ") {
		t.Errorf("when Discord does not say: %v", got)
	}
}
