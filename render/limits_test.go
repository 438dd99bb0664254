package render_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/playground/contract"
	"dispatch/render"
)

// check fails the test when Discord would refuse a message with the embed.
func check(t *testing.T, embed discord.Embed) {
	t.Helper()
	for _, problem := range problems(embed) {
		t.Error(problem)
	}
	api, err := describedAPI()
	if errors.Is(err, contract.ErrAbsent) {
		return // the limits above are the same, by hand
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(discord.MessageCreate{Embeds: []discord.Embed{embed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Check("POST", "/channels/1100000000000000000/messages", body); err != nil {
		t.Error(err)
	}
}

var describedAPI = sync.OnceValues(contract.Load)

// problems are what Discord would find wrong with the embed, by its documentation.
func problems(embed discord.Embed) []string {
	var found []string
	report := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	total := 0
	text := func(where, text string, limit int) {
		if strings.TrimSpace(text) == "" {
			report("%s is empty", where)
		}
		if !utf8.ValidString(text) {
			report("%s is not UTF-8: %q", where, text)
		}
		n := len(utf16.Encode([]rune(text)))
		if n > limit {
			report("%s has %d characters, which is over %d", where, n, limit)
		}
		total += n
	}
	text("title", embed.Title, 256)
	text("footer", embed.Footer.Text, 2048)
	if embed.Description != "" {
		text("description", embed.Description, 4096)
	}
	if embed.Author != nil {
		text("author", embed.Author.Name, 256)
	}
	if len(embed.Fields) > 25 {
		report("there are %d fields", len(embed.Fields))
	}
	for i, field := range embed.Fields {
		text(fmt.Sprintf("name of field %d", i), field.Name, 256)
		text(fmt.Sprintf("value of field %d", i), field.Value, 1024)
	}
	if counted := render.Size(embed); counted != total {
		report("the size is said to be %d, and is %d", counted, total)
	}
	if total > 6000 {
		report("the embed has %d characters", total)
	}
	if embed.Color < 0 || embed.Color > 0xFFFFFF {
		report("there is no colour %x", embed.Color)
	}
	links := []string{embed.URL}
	if embed.Author != nil {
		links = append(links, embed.Author.URL, embed.Author.IconURL)
	}
	for _, link := range links {
		if u, err := url.Parse(link); err != nil || link != "" && u.Scheme != "https" || len(link) > 2048 {
			report("%q is no link", link)
		}
	}
	return found
}

func TestProblems(t *testing.T) {
	fine := func() discord.Embed {
		return discord.Embed{
			Title: "a", Footer: &discord.EmbedFooter{Text: "b"}, Fields: []discord.EmbedField{{Name: "c", Value: "d"}},
		}
	}
	if found := problems(fine()); found != nil {
		t.Errorf("an embed without fault has %q", found)
	}
	for name, spoil := range map[string]func(*discord.Embed){
		"no title":     func(e *discord.Embed) { e.Title = " " },
		"long title":   func(e *discord.Embed) { e.Title = strings.Repeat("a", 257) },
		"wide title":   func(e *discord.Embed) { e.Title = strings.Repeat("😀", 129) },
		"broken title": func(e *discord.Embed) { e.Title = "\xff" },
		"long text":    func(e *discord.Embed) { e.Description = strings.Repeat("a", 4097) },
		"blank text":   func(e *discord.Embed) { e.Description = " " },
		"empty value":  func(e *discord.Embed) { e.Fields[0].Value = "" },
		"long value":   func(e *discord.Embed) { e.Fields[0].Value = strings.Repeat("a", 1025) },
		"empty name":   func(e *discord.Embed) { e.Fields[0].Name = "" },
		"long name":    func(e *discord.Embed) { e.Fields[0].Name = strings.Repeat("a", 257) },
		"many fields":  func(e *discord.Embed) { e.Fields = make([]discord.EmbedField, 26) },
		"empty author": func(e *discord.Embed) { e.Author = &discord.EmbedAuthor{} },
		"long author":  func(e *discord.Embed) { e.Author = &discord.EmbedAuthor{Name: strings.Repeat("a", 257)} },
		"long footer":  func(e *discord.Embed) { e.Footer.Text = strings.Repeat("a", 2049) },
		"sum":          func(e *discord.Embed) { e.Footer.Text = strings.Repeat("a", 2000); e.Fields = manyFields(20) },
		"colour":       func(e *discord.Embed) { e.Color = 1 << 24 },
		"link":         func(e *discord.Embed) { e.URL = "http://example.com" },
		"author's":     func(e *discord.Embed) { e.Author = &discord.EmbedAuthor{Name: "a", URL: "http://example.com"} },
		"face": func(e *discord.Embed) {
			e.Author = &discord.EmbedAuthor{Name: "a", IconURL: "http://example.com/a.png"}
		},
	} {
		embed := fine()
		spoil(&embed)
		if problems(embed) == nil {
			t.Errorf("%s: nothing is found", name)
		}
	}
}

func TestSize(t *testing.T) {
	tests := map[string]struct {
		embed discord.Embed
		want  int
	}{
		"nothing": {discord.Embed{URL: "https://a.example", Footer: &discord.EmbedFooter{IconURL: "b"}}, 0},
		"all that counts": {discord.Embed{
			Title: "a", Description: "bc", Author: &discord.EmbedAuthor{Name: "def"}, Footer: &discord.EmbedFooter{Text: "ghij"},
			Fields: []discord.EmbedField{{Name: "klmno", Value: "pqrstu"}, {Name: "v", Value: "w"}},
		}, 23},
		"characters, not bytes": {discord.Embed{Title: "äöü→"}, 4},
		"at least as Discord":   {discord.Embed{Title: "😀"}, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render.Size(tc.embed); got != tc.want {
				t.Errorf("Size = %d, want %d", got, tc.want)
			}
		})
	}
}

func manyFields(n int) []discord.EmbedField {
	fields := make([]discord.EmbedField, n)
	for i := range fields {
		fields[i] = discord.EmbedField{Name: "n", Value: strings.Repeat("v", 250)}
	}
	return fields
}
