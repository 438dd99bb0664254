package playground_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"

	"dispatch/playground"
)

// counter is a bot that asks something, of everybody and of one user.
func counter() *handler.Mux {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.CreateMessage(discord.MessageCreate{Content: "?", Flags: discord.MessageFlagEphemeral, Components: []discord.LayoutComponent{
			discord.NewActionRow(discord.NewDangerButton("Yes", "/yes"), discord.NewSecondaryButton("Off", "/off").AsDisabled()),
			discord.NewActionRow(discord.NewChannelSelectMenu("/where", "")),
		}})
	})
	mux.ButtonComponent("/yes", func(_ discord.ButtonInteractionData, e *handler.ComponentEvent) error {
		return e.UpdateMessage(discord.NewMessageUpdate().WithContent(e.Locale().Code() + " " + e.Member().Permissions.String()).ClearComponents())
	})
	mux.SelectMenuComponent("/where", func(data discord.SelectMenuInteractionData, e *handler.ComponentEvent) error {
		chosen := data.(discord.ChannelSelectMenuInteractionData).Channels()
		return e.CreateMessage(discord.MessageCreate{Content: chosen[0].Name})
	})
	return mux
}

func TestPagePresses(t *testing.T) {
	l := shop(t, counter())
	question := askPage(t, l, "run", by(l, playground.Admin, object{"command": "open", "locale": "fr"})).Reply.Message
	press := func(user, customID string, more object) told {
		o := by(l, user, object{"message": question.ID, "custom_id": customID})
		for key, value := range more {
			o[key] = value
		}
		return askPage(t, l, "press", o)
	}
	for name, got := range map[string]told{
		"another user":    press(playground.Member, "/yes", nil),
		"another channel": press(playground.Admin, "/yes", object{"channel": l.ChannelID("sales")}),
		"disabled":        press(playground.Admin, "/off", nil),
		"missing":         press(playground.Admin, "/none", nil),
		"nothing chosen":  press(playground.Admin, "/where", nil),
		"too much chosen": press(playground.Admin, "/where", object{"values": []string{"sales", "ops"}}),
	} {
		if got.status != 400 || got.Error == "" {
			t.Errorf("%s: answered %d %s", name, got.status, got.raw)
		}
	}
	got := press(playground.Admin, "/where", object{"values": []string{l.ChannelID("sales")}}).Reply
	if got.Message == nil || got.Message.Content != "sales" || got.Updated || got.Ephemeral {
		t.Errorf("chosen: %+v", got)
	}
	f := watch(t, l, "")
	got = press(playground.Admin, "/yes", object{"locale": "ja", "permissions": "32"}).Reply
	if got.Message == nil || got.Message.Content != "ja Manage Server" || !got.Updated || !got.Ephemeral || got.Message.ID != question.ID {
		t.Errorf("pressed: %+v", got)
	}
	if _, data := f.until("whisper_update"); !strings.Contains(data, `"content":"ja Manage Server"`) {
		t.Errorf("the page was told %s", data)
	}
}

// TestPageDoesNotPressWhatItDoesNotSee guesses the id of a message that a program has asked for.
func TestPageDoesNotPressWhatItDoesNotSee(t *testing.T) {
	l := shop(t, counter())
	ours, err := l.Run(soon(t), playground.Command{Path: "open"})
	if err != nil {
		t.Fatal(err)
	}
	got := askPage(t, l, "press", by(l, playground.Admin, object{"message": ours.Message.ID, "custom_id": "/yes"}))
	if got.status != 400 || got.Error != "Ada does not see the message." {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	if _, err := l.Press(soon(t), playground.Admin, ours.Message, "/yes"); err != nil {
		t.Error(err)
	}
}

// form is a bot that wants a form filled in, and says what was in it.
func form() *handler.Mux {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.Modal(discord.NewModalCreate("/form", "Form").
			AddLabel("Name", discord.NewShortTextInput("name").WithMinLength(3).WithRequired(true)).
			AddLabel("Sizes", discord.NewStringSelectMenu("sizes", "", discord.NewStringSelectMenuOption("S", "s"), discord.NewStringSelectMenuOption("L", "l")).
				WithMaxValues(2).WithRequired(false)).
			AddLabel("Files", discord.NewFileUpload("files").WithMaxValues(2).WithRequired(false)))
	})
	mux.Modal("/form", func(e *handler.ModalEvent) error {
		said := []string{e.Locale().Code(), e.Data.Text("name"), strings.Join(e.Data.StringValues("sizes"), "+")}
		for _, file := range e.Data.Attachments("files") {
			res, err := http.Get(file.URL)
			if err != nil {
				return err
			}
			content, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			said = append(said, file.Filename+":"+string(content))
		}
		return e.CreateMessage(discord.MessageCreate{Content: strings.Join(said, " "), Flags: discord.MessageFlagEphemeral})
	})
	return mux
}

func TestPageSubmits(t *testing.T) {
	l := shop(t, form())
	asked := askPage(t, l, "run", by(l, playground.Admin, object{"command": "open", "locale": "de"})).Reply
	if asked.Modal == nil || asked.Modal.ID == "" || asked.Modal.CustomID != "/form" || asked.Modal.Title != "Form" || len(asked.Modal.Components) != 3 || asked.Message != nil {
		t.Fatalf("reply: %+v", asked)
	}
	submit := func(user string, more object) told {
		o := by(l, user, object{"modal": asked.Modal.ID})
		for key, value := range more {
			o[key] = value
		}
		return askPage(t, l, "submit", o)
	}
	file := object{"name": "a.txt", "data": []byte("x")}
	for name, got := range map[string]told{
		"another user":   submit(playground.Member, object{"values": object{"name": "abc"}}),
		"missing":        submit(playground.Admin, nil),
		"too short":      submit(playground.Admin, object{"values": object{"name": "ab"}}),
		"unknown":        submit(playground.Admin, object{"values": object{"name": "abc", "hat": "x"}}),
		"no option":      submit(playground.Admin, object{"values": object{"name": "abc", "sizes": []string{"m"}}}),
		"file as a text": submit(playground.Admin, object{"files": object{"name": file}}),
		"too many files": submit(playground.Admin, object{"values": object{"name": "abc"}, "files": object{"files": []any{file, file, file}}}),
	} {
		if got.status != 400 || got.Error == "" {
			t.Errorf("%s: answered %d %s", name, got.status, got.raw)
		}
	}
	filled := object{
		"values": object{"name": "abc", "sizes": []string{"s", "l"}}, "files": object{"files": []any{file, file}}, "locale": "fr",
	}
	if got := submit(playground.Admin, filled); got.Reply.Message == nil || got.Reply.Message.Content != "fr abc s+l a.txt:x a.txt:x" || !got.Reply.Ephemeral {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	if got := submit(playground.Admin, filled); got.status != 404 {
		t.Errorf("submitted twice: %d %s", got.status, got.raw)
	}
}

func TestPageModalsExpire(t *testing.T) {
	clock := newClock()
	l := shopWith(t, playground.Options{Unlimited: true, Now: clock.now}, form())
	open := func() string {
		return askPage(t, l, "run", by(l, playground.Admin, object{"command": "open"})).Reply.Modal.ID
	}
	submit := func(modal string) told {
		return askPage(t, l, "submit", by(l, playground.Admin, object{"modal": modal, "values": object{"name": "abc"}}))
	}
	first, second := open(), open()
	clock.add(15 * time.Minute)
	if got := submit(first); got.status != 200 || got.Reply.Message == nil {
		t.Errorf("in time: %d %s", got.status, got.raw)
	}
	clock.add(time.Second)
	if got := submit(second); got.status != 404 {
		t.Errorf("too late: %d %s", got.status, got.raw)
	}
}

// TestPageDoesNotSubmitWhatItWasNotGiven guesses the id of a form that a program was given.
func TestPageDoesNotSubmitWhatItWasNotGiven(t *testing.T) {
	l := shop(t, form())
	ids := make(chan string, 1)
	l.Observe(func(r playground.Request) {
		if parts := strings.Split(r.Path, "/"); parts[1] == "interactions" {
			ids <- parts[2]
		}
	})
	if _, err := l.Run(soon(t), playground.Command{Path: "open"}); err != nil {
		t.Fatal(err)
	}
	got := askPage(t, l, "submit", by(l, playground.Admin, object{"modal": <-ids, "values": object{"name": "abc"}}))
	if got.status != 404 {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
}
