package render_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/playground/contract"
	"dispatch/render"
)

// checkMessage fails the test when Discord would refuse the message.
func checkMessage(t *testing.T, m render.Message) {
	t.Helper()
	for _, problem := range messageProblems(m) {
		t.Error(problem)
	}
	api, err := describedAPI()
	if errors.Is(err, contract.ErrAbsent) {
		return // the limits are the same, by hand
	}
	if err != nil {
		t.Fatal(err)
	}
	create := discord.MessageCreate{Content: m.Content, Embeds: m.Embeds}
	if len(m.Buttons) > 0 {
		row := discord.ActionRowComponent{}
		for _, button := range m.Buttons {
			row.Components = append(row.Components, button)
		}
		create.Components = []discord.LayoutComponent{row}
	}
	body, err := json.Marshal(create)
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Check("POST", "/channels/1100000000000000000/messages", body); err != nil {
		t.Error(err)
	}
}

// messageProblems are what Discord would find wrong with the message, by its documentation.
func messageProblems(m render.Message) []string {
	var found []string
	total := 0
	text := func(where, text string, limit int) {
		n := len(utf16.Encode([]rune(text)))
		if strings.TrimSpace(text) == "" || !utf8.ValidString(text) || n > limit {
			found = append(found, fmt.Sprintf("%s has %d characters, or none that are seen: %q", where, n, text))
		}
		total += n
	}
	optional := func(where, t string, limit int) {
		if t != "" {
			text(where, t, limit)
		}
	}
	address := func(where, url string, limit int) {
		if url != "" && (!strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || len(url) > limit || strings.ContainsAny(url, " \n<>\"\\")) {
			found = append(found, fmt.Sprintf("%s is no address: %q", where, url))
		}
	}
	for i, e := range m.Embeds {
		if e.Title == "" && e.Description == "" && e.Author == nil && e.Footer == nil && len(e.Fields) == 0 && e.Image == nil && e.Thumbnail == nil {
			found = append(found, fmt.Sprintf("embed %d is empty", i))
		}
		optional("title", e.Title, 256)
		optional("description", e.Description, 4096)
		address("url", e.URL, 2048)
		if e.Author != nil {
			text("author", e.Author.Name, 256)
			address("author's url", e.Author.URL, 2048)
			address("author's icon", e.Author.IconURL, 2048)
		}
		if e.Footer != nil {
			text("footer", e.Footer.Text, 2048)
			address("footer's icon", e.Footer.IconURL, 2048)
		}
		for _, picture := range []*discord.EmbedResource{e.Image, e.Thumbnail} {
			if picture != nil {
				address("picture", picture.URL, 2048)
			}
		}
		for i, f := range e.Fields {
			text(fmt.Sprintf("name of field %d", i), f.Name, 256)
			text(fmt.Sprintf("value of field %d", i), f.Value, 1024)
		}
		if len(e.Fields) > 25 || e.Color < 0 || e.Color > 0xFFFFFF {
			found = append(found, fmt.Sprintf("%d fields, colour %x", len(e.Fields), e.Color))
		}
	}
	if total > 6000 || len(m.Embeds) > 10 || len(m.Buttons) > 5 || m.Content == "" && len(m.Embeds) == 0 {
		found = append(found, fmt.Sprintf("%d characters, %d embeds, %d buttons", total, len(m.Embeds), len(m.Buttons)))
	}
	optional("content", m.Content, 2000)
	for _, b := range m.Buttons {
		text("label", b.Label, 80)
		address("button", b.URL, 512)
	}
	return found
}

// outcome is what a test looks at of a message, with its notes.
type outcome struct {
	render.Message
	Notes []string `json:",omitempty"`
}

var kinds = map[render.NoteKind]string{render.Empty: "empty", render.Cut: "cut", render.LeftOut: "left out"}

func spoken(notes []render.Note) []string {
	var all []string
	for _, n := range notes {
		all = append(all, n.Field+" "+kinds[n.Kind])
	}
	return all
}
