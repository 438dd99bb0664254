package render_test

import (
	"errors"
	"strings"
	"testing"

	"dispatch/render"
)

// Each template is wrong at the piece between « and », and the field is told with what is said about it. Empty marks
// point at a place.
func TestTemplateErrors(t *testing.T) {
	tests := map[string]map[string]string{
		"JSON": {
			`«»`:                          `: the end is missing`,
			`{"title":"a"«»`:              `: the end is missing`,
			`{"title":"a",«}»`:            `: there is a comma too many`,
			`{"title":"a"«"»b":1}`:        `: a comma is missing before this`,
			`{"title" «"»a"}`:             `: a colon is missing`,
			`{«t»itle:"a"}`:               `: a name in double quotes is missing here`,
			`{"title":«'»a'}`:             `: a value is missing here`,
			`{"fields":[1,«]»}`:           `: there is a comma too many`,
			"{\"title\":\"a«\n»b\"}":      `: a text cannot go on in the next line: write \n`,
			"{\"title\":\"a«\t»b\"}":      `: this character is written as an escape`,
			`{"title":"\«d»"}`:            `: a backslash is written \\`,
			`{"title":"a"}«{»}`:           `: there is something behind the end`,
			`{"title":"{{money "«x»"}}"}`: "a quote ends the text here: within {{ and }} write \\\" or a backquote",
			"{\"title\":\"ä\",\n \"description\":\"x\"\n«\"»url\":1}": `: a comma is missing`,
			"{\"title\":\"«»\xff\"}":                                  `: this is no text in UTF-8`,
			`«[]»`:                                                    `: an object is expected here`,
			`«"x"»`:                                                   `: an object is expected here`,
			`{"title":"a",«"title"»:"b"}`:                             `title: "title" is there twice`,
		},
		"keys": {
			`{«"titel"»:"a"}`:                                        `titel: there is no "titel" here; did you mean "title"?`,
			`{"title":"a",«"colour"»:1}`:                             `colour: there is no "colour" here; did you mean "color"?`,
			`{"title":"a",«"embed"»:{}}`:                             `embed: there is no "embed" here; did you mean "embeds"?`,
			`{"title":"a",«"xyzxyz"»:{}}`:                            `xyzxyz: there is no "xyzxyz" here`,
			`{"author":{"name":"a",«"iconURL"»:"b"}}`:                `author.iconURL: there is no "iconURL" here; did you mean "icon_url"?`,
			`{"fields":[{"name":"a","value":"b",«"in_line"»:true}]}`: `fields[0].in_line: there is no "in_line" here; did you mean "inline"?`,
			`{"embeds":[{"title":"a"},{«"descriptio"»:"a"}]}`:        `embeds[1].descriptio: there is no "descriptio" here; did you mean "description"?`,
			`{"version":2,"platforms":{"default":{«"tilte"»:""}}}`:   `tilte: there is no "tilte" here; did you mean "title"?`,
			`{"version":2,«"platform_s"»:{}}`:                        `platform_s: there is no "platform_s" here; did you mean "platforms"?`,
			`{"platforms":{"discord":{"title":"a"}},«"title"»:"a"}`:  `title: there is no "title" here`,
		},
		"values": {
			`«{}»`:                 `: nothing would be shown`,
			`«{"mentions":["1"]}»`: `: nothing would be shown`,

			`{"platforms":{"discord":{"title":"a","platforms":«{}»}}}`:                          `platforms: a platform has no platforms in it`,
			`«{"color":1,"timestamp":true,"title":""}»`:                                         `: nothing would be shown`,
			`{"embeds":[«{"color":1}»]}`:                                                        `embeds[0]: this embed would show nothing`,
			`{"title":«["a"]»}`:                                                                 `title: a text in double quotes is expected`,
			`{"fields":«{}»}`:                                                                   `fields: a list is expected here`,
			`{"fields":[«"a"»]}`:                                                                `fields[0]: an object is expected here`,
			`{"fields":[«{"name":"a"}»]}`:                                                       `fields[0]: a field has a "name" and a "value"`,
			`{"fields":[{"name":"a","value":"b","inline":«"yes"»}]}`:                            `fields[0].inline: this is true or false`,
			`{"title":"a","color":«"gren"»}`:                                                    `color: a color is a number up to 16777215, "#57F287" or a name such as "green"; did you mean "green"?`,
			`{"title":"a","color":«16777216»}`:                                                  `color: a color is a number`,
			`{"title":"a","color":«-1»}`:                                                        `color: a color is a number`,
			`{"title":"a","color":«"#12"»}`:                                                     `color: a color is a number`,
			`{"title":"a","timestamp":«"now"»}`:                                                 `timestamp: a timestamp is true, false, or a time`,
			`{"title":"a","url":«"javascript:alert(1)"»}`:                                       `url: an address begins with https:// or http://`,
			`{"title":"a","image":{"url":«"a.png"»}}`:                                           `image.url: an address begins with`,
			`{"title":"a","buttons":[«{"label":"b"}»]}`:                                         `buttons[0]: a button has a "label" and a "url"`,
			`{"title":"a","mentions":[«123456789012345678»]}`:                                   `mentions[0]: a role is written by its id, in quotes`,
			`{"title":"a","mentions":[«"everyone"»]}`:                                           `mentions[0]: a role is written by its id`,
			`{"title":"a","mentions":«"1"»}`:                                                    `mentions: a list is expected here`,
			`{"title":"a","if":«true»}`:                                                         `if: a condition is a text`,
			`{"platforms":«1»}`:                                                                 `platforms: an object is expected here`,
			`{"platforms":«{"slack":{"title":"a"}}»}`:                                           `platforms: there is nothing for Discord in it`,
			`{"title":"a","embeds":[` + strings.Repeat(`{"title":"b"},`, 9) + `{"title":"c"}]}`: `embeds: a message has 10 embeds at most`,
			`{"title":"a","buttons":[` + strings.Repeat(`{"label":"b","url":"https://a.example"},`, 5) + `«{"label":"c","url":"https://a.example"}»]}`: `buttons[5]: a message has 5 buttons at most`,
		},
		"syntax": {
			`{"title":"a «{{.Record.Name»"}`:                                `title: this {{ has no }}`,
			`{"title":"«{{}}»"}`:                                            `title: there is nothing in it`,
			`{"title":"a{{if .A}}b{{else}}c{{end}}«{{end}}»d{{.B}}"}`:       `title: this {{end}} ends nothing`,
			`{"title":"{{.A}}«{{else}}»"}`:                                  `title: this {{else}} belongs to nothing`,
			`{"title":"{{if .A}}{{else}}«{{else}}»{{end}}"}`:                `title: there is an {{else}} before this one already`,
			`{"title":"{{if .A}}b{{end}}«{{if .C}}»{{with .D}}{{end}}"}`:    `title: this has no {{end}}`,
			`{"title":"{{.A «=»= 1}}"}`:                                     `title: there are no operators: write eq, ne`,
			`{"title":"{{.A «&»& .B}}"}`:                                    `title: there are no operators`,
			`{"title":"{{money .A«,» 2}}"}`:                                 `title: what a function is given is separated by spaces`,
			`{"title":"{{.A«[»0]}}"}`:                                       `title: write {{index`,
			`{"title":"{{.Body.the«-»name}}"}`:                              `title: a name with a - in it is written {{index`,
			`{"title":"{{«$x»}}"}`:                                          `title: there is no such variable here`,
			`{"title":"{{eq .A «'Won'»}}"}`:                                 `title: a text stands in double quotes or backquotes, not in single ones`,
			"{\"title\":\"«{{eq .A `Won}}»\"}":                              `title: a backquote has no end`,
			`{"title":"«{{eq .A \"Won}}»"}`:                                 `title: a quote has no end`,
			`{"title":"«{{/* x }}»"}`:                                       `title: this comment has no */}}`,
			`{"title":"«{{(.A}}»"}`:                                         `title: this ( has no )`,
			`{"title":"«{{.A)}}»"}`:                                         `title: this ) has no (`,
			`{"title":"«{{break}}»"}`:                                       `title: {{break}} can stand in a {{range}} only`,
			`{"title":"{{«1x»}}"}`:                                          `title: this is no number`,
			`{"title":"«{{.A | 3}}»"}`:                                      `title: only a function can stand behind |`,
			"{\n \"title\": \"ä\\u00e4\\n\\\"\\ud83d\\ude00{{«foo» .A}}\"}": `title: there is no function "foo"`,
			"{\"fields\":[\n  {\"name\":\"a\",\"value\":\"b\"},\n  {\"name\":\"c\",\"value\":\"\\t{{.A}} {{«upper»}}\"}]}": `fields[1].value: upper is written {{upper .Record.Name}}`,
		},
		"calls": {
			`{"title":"{{«monye» .A}}"}`:                             `title: there is no function "monye"; did you mean "money"?`,
			`{"title":"{{.A | «uper»}}"}`:                            `title: there is no function "uper"; did you mean "upper"?`,
			`{"title":"{{upper («titel» .A)}}"}`:                     `title: there is no function "titel"; did you mean "title"?`,
			`{"title":"{{«call» .A}}"}`:                              `title: there is no function "call"`,
			`{"title":"{{«html» .A}}"}`:                              `title: there is no function "html"`,
			`{"title":"{{«money»}}"}`:                                `title: money is written {{money .Record.Amount}}`,
			`{"title":"{{«ansiRed»}}"}`:                              `title: ansiRed is written {{ansiRed .Record.Name}}`,
			`{"title":"{{eq .A «was»}}"}`:                            `title: was is written {{was "StageName"}}`,
			`{"title":"{{.A | «truncate»}}"}`:                        `title: truncate is written {{truncate 100 .Record.Description}}`,
			`{"title":"{{«default .A \"x\"»}}"}`:                     `title: what it works on comes last: {{default "none" .Record.Name}}`,
			`{"title":"{{«split .A \",\"»}}"}`:                       `title: what it works on comes last`,
			`{"title":"{{«.Record.Foo» 1}}"}`:                        `title: this is no function: nothing can be given to it`,
			`{"title":"{{.A | «.B»}}"}`:                              `title: this is no function`,
			`{"title":"{{range «2000000000»}}{{end}}"}`:              `title: only a list or an object can be ranged over, not a number`,
			`{"title":"«{{template \"x\"}}»"}`:                       `title: there is no {{define "x"}} in this text`,
			`{"title":"{{printf «\"%1000000000d\"» 1}}"}`:            `title: %1000000000d is too wide: 200 is the most`,
			`{"title":"{{printf «\"%.101f\"» 1}}"}`:                  `title: %.101f is too wide: 100 is the most`,
			`{"title":"{{printf «\"%*d\"» 1 2}}"}`:                   `title: a format can have %s`,
			`{"title":"{{printf «\"%T\"» 1}}"}`:                      `title: a format can have %s`,
			`{"title":"{{printf «\"%5\"» 1}}"}`:                      `title: the format ends within a %`,
			`{"title":"{{«1i»}}"}`:                                   `title: this is no number that an event could have`,
			`{"content":"{{mention «\"222\"»}}","mentions":["111"]}`: `content: this role is not listed in "mentions"`,
			`{"description":"{{define \"a\"}}{{«nope»}}{{end}}"}`:    `description: there is no function "nope"`,
			`{"title":"` + strings.Repeat(`{{if .A}}`, 49) + `{{if «.B»}}` + strings.Repeat(`{{end}}`, 50) + `"}`: `title: more than 50 things stand in one another`,
			`{"title":"` + strings.Repeat(`{{$x := 1}}`, 100) + `{{«$y := 1»}}"}`:                                 `title: there are more than 100 variables`,
		},
		"conditions": {
			`{"fields":[{"name":"a","value":"b","if":"record.Amount >«» "}]}`:                  `fields[0].if: `,
			`{"fields":[{"name":"a","value":"b","if":"record.Amount > 1 && «foo» == \"x\""}]}`: `fields[0].if: `,
			`{"fields":[{"name":"a","value":"b","if":"\"ä\" == record.A\n &&  «foo»"}]}`:       `fields[0].if: `,
		},
	}
	for name, templates := range tests {
		t.Run(name, func(t *testing.T) {
			for marked, want := range templates {
				testError(t, marked, want)
			}
		})
	}
}

func testError(t *testing.T, marked, want string) {
	t.Helper()
	before, rest, isMarked := strings.Cut(marked, "«")
	piece, after, _ := strings.Cut(rest, "»")
	if !isMarked {
		before, after = marked, ""
	}
	_, err := render.ParseTemplate([]byte(before + piece + after))
	var told *render.TemplateError
	if !errors.As(err, &told) {
		t.Errorf("%s\nno error of a template: %v", marked, err)
		return
	}
	if got := told.Field + ": " + told.Problem; !strings.Contains(got, want) {
		t.Errorf("%s\nsays %q, want %q", marked, got, want)
	}
	line, begins := strings.Count(before, "\n")+1, strings.LastIndex(before, "\n")+1
	column := len([]rune(before[begins:])) + 1
	if isMarked && (told.Line != line || told.Column != column) {
		t.Errorf("%s\npoints at line %d, column %d, want %d, %d (%v)", marked, told.Line, told.Column, line, column, err)
	}
	plain := strings.NewReplacer(`\"`, `"`).Replace(piece)
	if isMarked && told.Piece != plain && told.Piece != piece {
		t.Errorf("%s\nnames %q, want %q", marked, told.Piece, plain)
	}
}

func TestTemplateErrorInOneLine(t *testing.T) {
	tests := map[string]string{
		"{\n \"fields\":[{\"name\":\"a\",\"value\":\"{{monye .A}}\"}]}": `fields[0].value (line 2, column 35), at "monye": there is no function "monye"; did you mean "money"?`,
		`{}`: `line 1, column 1, at "{}": nothing would be shown: a "title", a "description", "fields" or "content" is missing`,
		``:   `line 1, column 1: the end is missing: a quote, a } or a ] is not closed`,
	}
	for text, want := range tests {
		if _, err := render.ParseTemplate([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestTemplateTooLong(t *testing.T) {
	fits := `{"title":"` + strings.Repeat("a", render.MaxTemplate-12) + `"}`
	if _, err := render.ParseTemplate([]byte(fits)); err != nil {
		t.Errorf("a template of %d bytes: %v", len(fits), err)
	}
	if _, err := render.ParseTemplate([]byte(fits + " ")); err == nil || !strings.Contains(err.Error(), "64 KB") {
		t.Errorf("a template of %d bytes: %v", len(fits)+1, err)
	}
	if _, err := render.ParseTemplate([]byte("\ufeff" + `{"title":"a"}`)); err != nil {
		t.Errorf("with a byte order mark: %v", err)
	}
}
