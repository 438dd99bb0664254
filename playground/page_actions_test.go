package playground_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

func TestPageRuns(t *testing.T) {
	mux := handler.New()
	got := make(chan string, 1)
	mux.SlashCommand("/shop/buy", func(data discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		res, err := http.Get(data.Attachment("list").URL)
		if err != nil {
			return err
		}
		list, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
		got <- strings.Join([]string{
			data.String("what"), data.Channel("where").Name, data.User("whom").Username, data.Role("team").Name, string(list),
			e.Locale().Code(), e.User().Username, strconv.FormatInt(int64(e.Member().Permissions), 10),
		}, " | ")
		if data.Int("count") != 3 || data.Float("tip") != 1.5 || !data.Bool("wrap") {
			t.Errorf("options: %+v", data.Options)
		}
		return e.CreateMessage(discord.MessageCreate{Content: "sold"})
	})
	l := shop(t, mux)
	f := watch(t, l, "")
	reply := askPage(t, l, "run", by(l, playground.Admin, object{
		"command": "shop buy", "locale": "de", "permissions": "2147483680",
		"options": object{
			"what": "tea", "count": 3, "tip": 1.5, "wrap": true, "where": l.ChannelID("sales"), "whom": l.UserID(playground.Member),
			"team": "On call", "size": nil,
		},
		"files": object{"list": object{"name": "a.txt", "data": []byte("milk")}},
	})).Reply
	if diff := cmp.Diff("tea | sales | max | On call | milk | de | ada | 2147483680", <-got); diff != "" {
		t.Errorf("the bot (-want +got):\n%s", diff)
	}
	if reply.Message == nil || reply.Message.Content != "sold" || reply.Ephemeral || reply.Deferred || reply.Updated ||
		reply.Modal != nil || reply.Took == nil || reply.Followups == nil {
		t.Errorf("reply: %+v", reply)
	}
	if _, data := f.until("message_create"); !strings.Contains(data, reply.Message.ID) {
		t.Errorf("everybody was shown %s", data)
	}
}

func TestPageRefuses(t *testing.T) {
	l := shop(t, handler.New())
	buy := func(more object) object {
		o := object{"command": "shop buy", "options": object{"what": "tea"}}
		for key, value := range more {
			o[key] = value
		}
		return by(l, playground.Admin, o)
	}
	tests := map[string]struct {
		path string
		in   object
		want string
	}{
		"unknown command":       {"run", buy(object{"command": "sell"}), "No command /sell."},
		"option missing":        {"run", buy(object{"options": object{}}), `Run /shop buy: option "what" is required.`},
		"text for a number":     {"run", buy(object{"options": object{"what": "tea", "count": "3"}}), `Run /shop buy: option "count": 3 is no number.`},
		"too large":             {"run", buy(object{"options": object{"what": "tea", "count": 10}}), `Run /shop buy: option "count": 10 is too small or too large.`},
		"file for a text":       {"run", buy(object{"files": object{"what": object{"name": "a"}}}), "is no text."},
		"nobody":                {"run", buy(object{"user": "1"}), `No user "1".`},
		"the bot":               {"run", buy(object{"user": l.ApplicationID()}), "No user"},
		"nowhere":               {"run", buy(object{"channel": "1"}), `No channel "1".`},
		"unknown language":      {"run", buy(object{"locale": "tlh"}), "Discord does not know this language."},
		"no permissions":        {"run", buy(object{"permissions": "all"}), "Permissions are a number."},
		"not for members":       {"run", buy(object{"user": l.UserID(playground.Member)}), "/shop is not for max."},
		"not with these":        {"run", buy(object{"permissions": "2147483648"}), "/shop is not for ada."},
		"completing nothing":    {"autocomplete", buy(nil), "It takes an option to complete."},
		"completing a choice":   {"autocomplete", buy(object{"focused": "size"}), "does not autocomplete."},
		"pressing nothing":      {"press", buy(object{"message": "1", "custom_id": "a"}), "The message has been deleted."},
		"submitting nothing":    {"submit", buy(object{"modal": "1"}), "This form is no longer open."},
		"submitting a language": {"submit", buy(object{"modal": "1", "locale": "tlh"}), "Discord does not know this language."},
		"pressing a language":   {"press", buy(object{"locale": "tlh"}), "Discord does not know this language."},
		"completing a language": {"autocomplete", buy(object{"locale": "tlh"}), "Discord does not know this language."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := askPage(t, l, tc.path, tc.in)
			if got.status < 400 || got.status > 499 || !strings.HasSuffix(got.Error, tc.want) && !strings.HasPrefix(got.Error, tc.want) {
				t.Errorf("answered %d %s, want %q", got.status, got.raw, tc.want)
			}
		})
	}
}

func TestPageCommands(t *testing.T) {
	l := shop(t, handler.New())
	f := watch(t, l, "")
	path := "/applications/" + l.ApplicationID() + "/commands"
	if got := l.do(t, "POST", path, `{"name":"here","description":"Here.","name_localizations":{"de":"hier"},"contexts":[0]}`); got.status != 201 {
		t.Fatalf("registered: %s", got.body)
	}
	f.until("commands_update")
	l.do(t, "POST", path, `{"name":"there","description":"In direct messages only.","contexts":[1]}`)
	l.do(t, "POST", path, `{"name":"On a message","type":3}`)
	tests := map[string]struct {
		query string
		want  []string
	}{
		"admin":               {"user=" + l.UserID(playground.Admin), []string{"shop", "open", "here"}},
		"member":              {"user=" + l.UserID(playground.Member), []string{"open", "here"}},
		"admin without":       {"user=" + l.UserID(playground.Admin) + "&permissions=2147483648", []string{"open", "here"}},
		"member with":         {"user=" + l.UserID(playground.Member) + "&permissions=2147483680&locale=de", []string{"shop", "open", "here"}},
		"without any at all":  {"user=" + l.UserID(playground.Admin) + "&permissions=0", []string{}},
		"in another channel":  {"user=" + l.UserID(playground.Owner) + "&channel=" + l.ChannelID("ops"), []string{"shop", "open", "here"}},
		"looking at a forum":  {"user=" + l.UserID(playground.Owner) + "&channel=" + l.ChannelID("ideas"), []string{"shop", "open", "here"}},
		"nobody":              {"user=1", nil},
		"in no language":      {"locale=tlh", nil},
		"in no channel":       {"channel=1", nil},
		"with no permissions": {"permissions=x", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := askPage(t, l, "commands?"+tc.query, nil)
			var names []string
			if got.Commands != nil {
				names = []string{}
			}
			for _, c := range got.Commands {
				names = append(names, c.Name)
				if c.Name == "here" && c.NameLocalizations["de"] != "hier" {
					t.Errorf("the command has lost its languages: %+v", c)
				}
			}
			if diff := cmp.Diff(tc.want, names); diff != "" || (tc.want == nil) != (got.status == 400) {
				t.Errorf("answered %d, offered (-want +got):\n%s", got.status, diff)
			}
		})
	}
}

func TestPageAutocompletes(t *testing.T) {
	mux := handler.New()
	mux.Autocomplete("/shop/buy", func(e *handler.AutocompleteEvent) error {
		if e.Data.String("what") == "" {
			return e.AutocompleteResult([]discord.AutocompleteChoice{})
		}
		return e.AutocompleteResult([]discord.AutocompleteChoice{discord.AutocompleteChoiceString{
			Name: e.Locale().Code(), Value: e.Data.String("what") + "a", NameLocalizations: map[discord.Locale]string{"de": "Tee"},
		}})
	})
	l := shop(t, mux)
	for typed, want := range map[string][]playground.Choice{
		"te": {{Name: "fr", Value: "tea", NameLocalizations: map[string]string{"de": "Tee"}}}, "": {},
	} {
		got := askPage(t, l, "autocomplete", by(l, playground.Admin, object{
			"command": "shop buy", "options": object{"what": typed}, "focused": "what", "locale": "fr",
		}))
		if diff := cmp.Diff(want, got.Choices); diff != "" {
			t.Errorf("%q: choices (-want +got):\n%s", typed, diff)
		}
	}
}

func TestPageShowsThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	mux := handler.New()
	mux.SlashCommand("/open", func(discord.SlashCommandInteractionData, *handler.CommandEvent) error { return nil })
	silent, offline := shop(t, mux), start(t, playground.Options{Unlimited: true})
	if _, err := offline.rest().SetGlobalCommands(id(t, offline.ApplicationID()), catalogue()); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]*local{"silent": silent, "offline": offline} {
		got := askPage(t, l, "run", by(l, playground.Admin, object{"command": "open"}))
		if got.status != 200 || got.Error != "The application did not respond" {
			t.Errorf("%s: answered %d %s", name, got.status, got.raw)
		}
	}
}

func TestPageIsToldWhatOnlyItsUserSees(t *testing.T) {
	mux := handler.New()
	finish := make(chan struct{})
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		if err := e.DeferCreateMessage(true); err != nil {
			return err
		}
		<-finish
		if _, err := e.UpdateInteractionResponse(discord.NewMessageUpdate().WithContent("done")); err != nil {
			return err
		}
		more, err := e.CreateFollowupMessage(discord.MessageCreate{Content: "and more", Flags: discord.MessageFlagEphemeral})
		if err != nil {
			return err
		}
		return e.DeleteFollowupMessage(more.ID)
	})
	l := shop(t, mux)
	f := watch(t, l, "")
	answers := make(chan told, 1)
	go func() { answers <- askPage(t, l, "run", by(l, playground.Member, object{"command": "open"})) }()
	user := `"user":"` + l.UserID(playground.Member) + `"`
	if _, data := f.until("whisper_create"); !strings.Contains(data, user) || !strings.Contains(data, `"flags":192`) {
		t.Errorf("thinking: %s", data)
	}
	close(finish)
	if _, data := f.until("whisper_update"); !strings.Contains(data, user) || !strings.Contains(data, `"content":"done"`) {
		t.Errorf("done: %s", data)
	}
	if _, data := f.until("whisper_create"); !strings.Contains(data, `"content":"and more"`) {
		t.Errorf("more: %s", data)
	}
	if _, data := f.until("whisper_delete"); !strings.Contains(data, user) || !strings.Contains(data, `"channel_id":"`+l.ChannelID("general")+`"`) {
		t.Errorf("gone: %s", data)
	}
	got := (<-answers).Reply
	if !got.Ephemeral || !got.Deferred || got.Message == nil || got.Message.Content != "done" {
		t.Errorf("reply: %+v", got)
	}
	if state := askPage(t, l, "state", nil); strings.Contains(state.raw, `"done"`) {
		t.Error("the state holds what only one user sees")
	}
}

func TestPageGivesUpOnADeferredAnswer(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.DeferCreateMessage(false)
	})
	l := shop(t, mux)
	l.SetPageWait(50 * time.Millisecond)
	got := askPage(t, l, "run", by(l, playground.Admin, object{"command": "open"}))
	if got.status != 200 || !got.Reply.Deferred || got.Reply.Message == nil || got.Reply.Message.Flags != 128 {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
}
