package playground_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"
	"github.com/google/go-cmp/cmp"

	"dispatch/playground"
)

// catalogue is a command with everything that a command can have.
func catalogue() []discord.ApplicationCommandCreate {
	short, low, high := 2, 1, 9
	manage := discord.PermissionManageGuild
	return []discord.ApplicationCommandCreate{
		discord.SlashCommandCreate{
			Name: "shop", Description: "Sells.", DefaultMemberPermissions: omit.New(&manage),
			Contexts: []discord.InteractionContextType{discord.InteractionContextTypeGuild},
			Options: []discord.ApplicationCommandOption{
				discord.ApplicationCommandOptionSubCommand{Name: "buy", Description: "Buys.", Options: []discord.ApplicationCommandOption{
					discord.ApplicationCommandOptionString{Name: "what", Description: "What.", Required: true, MinLength: &short, Autocomplete: true},
					discord.ApplicationCommandOptionInt{Name: "count", Description: "How many.", MinValue: &low, MaxValue: &high},
					discord.ApplicationCommandOptionString{Name: "size", Description: "Which.", Choices: []discord.ApplicationCommandOptionChoiceString{
						{Name: "Small", Value: "s"}, {Name: "Large", Value: "l"},
					}},
					discord.ApplicationCommandOptionChannel{Name: "where", Description: "Where.", ChannelTypes: []discord.ChannelType{discord.ChannelTypeGuildText}},
					discord.ApplicationCommandOptionUser{Name: "whom", Description: "For whom."},
					discord.ApplicationCommandOptionRole{Name: "team", Description: "For which team."},
					discord.ApplicationCommandOptionBool{Name: "wrap", Description: "Wrapped."},
					discord.ApplicationCommandOptionFloat{Name: "tip", Description: "Tip."},
					discord.ApplicationCommandOptionAttachment{Name: "list", Description: "List."},
				}},
			},
		},
		discord.SlashCommandCreate{Name: "open", Description: "For all."},
	}
}

// shop returns a Discord with a bot that knows the catalogue.
func shop(t *testing.T, mux *handler.Mux) *local {
	t.Helper()
	return shopWith(t, playground.Options{Unlimited: true}, mux)
}

func shopWith(t *testing.T, opts playground.Options, mux *handler.Mux) *local {
	t.Helper()
	l := start(t, opts)
	client := serve(t, l, mux)
	if _, err := client.Rest.SetGlobalCommands(client.ApplicationID, catalogue()); err != nil {
		t.Fatal(err)
	}
	if err := l.WaitCommand(soon(t), "shop buy"); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRunPassesOptions(t *testing.T) {
	mux := handler.New()
	got := make(chan string, 1)
	mux.SlashCommand("/shop/buy", func(data discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		list := data.Attachment("list")
		res, err := http.Get(list.URL)
		if err != nil {
			return err
		}
		content, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
		got <- strings.Join([]string{
			data.String("what"), data.Channel("where").Name, data.User("whom").Username, data.Role("team").Name, string(content),
			e.Locale().Code(), e.Member().User.Username,
		}, " ")
		if data.Int("count") != 3 || data.Float("tip") != 1.5 || !data.Bool("wrap") {
			t.Errorf("options: %+v", data.Options)
		}
		return e.CreateMessage(discord.MessageCreate{Content: "sold"})
	})
	l := shop(t, mux)
	reply, err := l.Run(soon(t), playground.Command{Path: "shop buy", Locale: "de", Options: map[string]any{
		"what": "tea", "count": 3, "tip": 1.5, "wrap": true, "where": "sales", "whom": playground.Member, "team": "On call",
		"list": playground.File{Name: "a b.txt", Data: []byte("milk")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "tea sales max On call milk de ada"; <-got != want {
		t.Errorf("the bot did not get %q", want)
	}
	if reply.Ephemeral || reply.Deferred || reply.Message.Content != "sold" || reply.Message.Interaction.Name != "shop buy" {
		t.Errorf("reply: %+v", reply)
	}
	if all := l.Messages("general"); len(all) != 1 || all[0].ID != reply.Message.ID {
		t.Errorf("members see %+v", all)
	}
}

func TestRunRefuses(t *testing.T) {
	l := shop(t, handler.New())
	options := func(name string, value any) map[string]any { return map[string]any{"what": "tea", name: value} }
	tests := map[string]struct {
		cmd  playground.Command
		want string
	}{
		"unknown command":    {playground.Command{Path: "sell"}, "no command"},
		"unknown subcommand": {playground.Command{Path: "shop rob"}, "no command"},
		"incomplete command": {playground.Command{Path: "shop"}, "not complete"},
		"unknown option":     {playground.Command{Path: "shop buy", Options: options("hat", "x")}, "no option"},
		"option missing":     {playground.Command{Path: "shop buy"}, "required"},
		"too short":          {playground.Command{Path: "shop buy", Options: options("what", "x")}, "too short"},
		"empty":              {playground.Command{Path: "shop buy", Options: options("what", "")}, "empty"},
		"too large":          {playground.Command{Path: "shop buy", Options: options("count", 10)}, "too large"},
		"not whole":          {playground.Command{Path: "shop buy", Options: options("count", 1.5)}, "no number"},
		"no choice":          {playground.Command{Path: "shop buy", Options: options("size", "Small")}, "none of the choices"},
		"not a bool":         {playground.Command{Path: "shop buy", Options: options("wrap", "yes")}, "neither"},
		"channel type":       {playground.Command{Path: "shop buy", Options: options("where", "news")}, "type"},
		"channel unknown":    {playground.Command{Path: "shop buy", Options: options("where", "nowhere")}, "no channel"},
		"user unknown":       {playground.Command{Path: "shop buy", Options: options("whom", "nobody")}, "there is no"},
		"permissions":        {playground.Command{Path: "shop buy", User: playground.Member, Options: options("size", "s")}, "not for max"},
		"direct message":     {playground.Command{Path: "shop buy", DM: true, Options: options("size", "s")}, "cannot be run here"},
		"no such user":       {playground.Command{Path: "open", User: "eve"}, "no user"},
		"no such channel":    {playground.Command{Path: "open", Channel: "attic"}, "no channel"},
		"in a forum":         {playground.Command{Path: "open", Channel: "ideas"}, "nothing but posts"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := l.Run(soon(t), tc.cmd)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}

func TestRunClaimsPermissions(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/shop/buy", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		if e.Member().Permissions.Has(discord.PermissionManageGuild) {
			t.Error("the member has Manage Server")
		}
		return e.CreateMessage(discord.MessageCreate{Content: "no"})
	})
	l := shop(t, mux)
	_, err := l.Run(soon(t), playground.Command{
		Path: "shop buy", User: playground.Member, Permissions: playground.ViewChannel, Options: map[string]any{"what": "tea"},
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRunInDirectMessage(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		if e.GuildID() != nil || e.Member() != nil || e.User().Username != playground.Admin {
			t.Errorf("guild %v, user %v", e.GuildID(), e.User())
		}
		return e.CreateMessage(discord.MessageCreate{Content: "hi"})
	})
	l := shop(t, mux)
	if _, err := l.Run(soon(t), playground.Command{Path: "open", DM: true}); err != nil {
		t.Error(err)
	}
}

func TestAutocomplete(t *testing.T) {
	mux := handler.New()
	mux.Autocomplete("/shop/buy", func(e *handler.AutocompleteEvent) error {
		return e.AutocompleteResult([]discord.AutocompleteChoice{
			discord.AutocompleteChoiceString{Name: "Tea", Value: e.Data.String("what") + "a"},
		})
	})
	l := shop(t, mux)
	got, err := l.Autocomplete(soon(t), playground.Command{Path: "shop buy", Options: map[string]any{"what": "te"}}, "what")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]playground.Choice{{Name: "Tea", Value: "tea"}}, got); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	if _, err := l.Autocomplete(soon(t), playground.Command{Path: "shop buy"}, "size"); err == nil {
		t.Error("an option with choices was completed")
	}
}

func TestDeferredAnswers(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		if err := e.DeferCreateMessage(true); err != nil {
			return err
		}
		done := discord.NewMessageUpdate().WithContent("done")
		done.Files = []*discord.File{discord.NewFile("a.txt", "what it is", strings.NewReader("x"))}
		if _, err := e.UpdateInteractionResponse(done); err != nil {
			return err
		}
		_, err := e.CreateFollowupMessage(discord.MessageCreate{Content: "and more", Flags: discord.MessageFlagEphemeral})
		return err
	})
	l := shop(t, mux)
	reply, err := l.Run(soon(t), playground.Command{Path: "open", User: playground.Member})
	if err != nil {
		t.Fatal(err)
	}
	if more, err := l.WaitFollowups(soon(t), reply, 1); err != nil || more[0].Content != "and more" || !more[0].Ephemeral() || len(l.Followups(reply)) != 1 {
		t.Errorf("further messages: %+v, %v", more, err)
	}
	m := reply.Message
	if !reply.Deferred || !reply.Ephemeral || m.Content != "done" || len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Data, []byte("x")) {
		t.Errorf("reply: %+v", m)
	}
	if m.Attachments[0].Description != "what it is" {
		t.Errorf("attachment: %+v", m.Attachments[0])
	}
	if all := l.Messages("general"); len(all) != 0 {
		t.Errorf("members see %+v", all)
	}
}

func TestButtonsAndSelects(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.CreateMessage(discord.MessageCreate{Content: "?", Flags: discord.MessageFlagEphemeral, Components: []discord.LayoutComponent{
			discord.NewActionRow(discord.NewDangerButton("Yes", "/yes"), discord.NewSecondaryButton("Off", "/off").AsDisabled()),
			discord.NewActionRow(discord.NewStringSelectMenu("/pick", "", discord.NewStringSelectMenuOption("A", "a"))),
			discord.NewActionRow(discord.NewChannelSelectMenu("/where", "")),
		}})
	})
	mux.ButtonComponent("/yes", func(_ discord.ButtonInteractionData, e *handler.ComponentEvent) error {
		return e.UpdateMessage(discord.NewMessageUpdate().WithContent("sure: " + e.Locale().Code()).ClearComponents())
	})
	mux.SelectMenuComponent("/pick", func(data discord.SelectMenuInteractionData, e *handler.ComponentEvent) error {
		return e.CreateMessage(discord.MessageCreate{Content: data.(discord.StringSelectMenuInteractionData).Values[0]})
	})
	mux.SelectMenuComponent("/where", func(data discord.SelectMenuInteractionData, e *handler.ComponentEvent) error {
		if err := e.DeferUpdateMessage(); err != nil {
			return err
		}
		chosen := data.(discord.ChannelSelectMenuInteractionData).Channels()
		_, err := e.UpdateInteractionResponse(discord.NewMessageUpdate().WithContent(chosen[0].Name))
		return err
	})
	l := shop(t, mux)
	asked, err := l.Run(soon(t), playground.Command{Path: "open", Locale: "fr"})
	if err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]func() error{
		"disabled":      func() error { _, err := l.Press(soon(t), playground.Admin, asked.Message, "/off"); return err },
		"missing":       func() error { _, err := l.Press(soon(t), playground.Admin, asked.Message, "/none"); return err },
		"other user":    func() error { _, err := l.Press(soon(t), playground.Member, asked.Message, "/yes"); return err },
		"not an option": func() error { _, err := l.Press(soon(t), playground.Admin, asked.Message, "/pick", "z"); return err },
		"nothing":       func() error { _, err := l.Press(soon(t), playground.Admin, asked.Message, "/pick"); return err },
	} {
		if use() == nil {
			t.Errorf("%s: pressed", name)
		}
	}
	for _, tc := range []struct {
		customID, value, want string
		updated               bool
	}{
		{"/pick", "a", "a", false},
		{"/where", "sales", "sales", true},
		{"/yes", "", "sure: fr", true},
	} {
		var values []string
		if tc.value != "" {
			values = []string{tc.value}
		}
		reply, err := l.Press(soon(t), playground.Admin, asked.Message, tc.customID, values...)
		if err != nil {
			t.Fatalf("%s: %v", tc.customID, err)
		}
		if reply.Message.Content != tc.want || reply.Updated != tc.updated || reply.Updated != (reply.Message.ID == asked.Message.ID) {
			t.Errorf("%s: %+v", tc.customID, reply.Message)
		}
	}
}

func TestModals(t *testing.T) {
	mux := handler.New()
	mux.SlashCommand("/open", func(_ discord.SlashCommandInteractionData, e *handler.CommandEvent) error {
		return e.Modal(discord.NewModalCreate("/form/7", "Form").
			AddLabel("Name", discord.NewShortTextInput("name").WithMinLength(3).WithRequired(true)).
			AddLabel("Size", discord.NewStringSelectMenu("size", "", discord.NewStringSelectMenuOption("S", "s")).WithRequired(false)))
	})
	mux.Modal("/form/{id}", func(e *handler.ModalEvent) error {
		return e.CreateMessage(discord.MessageCreate{
			Content: e.Vars["id"] + e.Data.Text("name") + strings.Join(e.Data.StringValues("size"), ""), Flags: discord.MessageFlagEphemeral,
		})
	})
	l := shop(t, mux)
	asked, err := l.Run(soon(t), playground.Command{Path: "open"})
	if err != nil {
		t.Fatal(err)
	}
	if asked.Modal == nil || asked.Modal.Title != "Form" || asked.Message != nil {
		t.Fatalf("reply: %+v", asked)
	}
	for name, values := range map[string]map[string]string{
		"missing":   {},
		"too short": {"name": "ab"},
		"unknown":   {"name": "abc", "hat": "x"},
		"no option": {"name": "abc", "size": "l"},
	} {
		if _, err := l.Submit(soon(t), playground.Admin, asked.Modal, values); err == nil {
			t.Errorf("%s: submitted", name)
		}
	}
	reply, err := l.Submit(soon(t), playground.Admin, asked.Modal, map[string]string{"name": "abc", "size": "s"})
	if err != nil {
		t.Fatal(err)
	}
	if reply.Message.Content != "7abcs" {
		t.Errorf("reply: %+v", reply.Message)
	}
}

func TestOffline(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	if _, err := l.rest().SetGlobalCommands(id(t, l.ApplicationID()), catalogue()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Run(soon(t), playground.Command{Path: "open"}); !errors.Is(err, playground.ErrOffline) {
		t.Errorf("got %v", err)
	}
}
