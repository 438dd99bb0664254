package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const (
	maxHTML = 64 << 10     // bytes of formatted text that are looked at: mails begin with pages of style
	maxText = 4 * maxValue // bytes of what remains of it, before the last piece
)

// element is what an element of HTML does to plain text.
type element int

const (
	inline element = iota + 1 // nothing
	breaks                    // begins and ends a line
	item                      // the same, with a bullet
	cell                      // begins and ends a word
	unseen                    // hides what is in it
)

var elements = map[string]element{
	"a": inline, "abbr": inline, "b": inline, "body": inline, "cite": inline, "code": inline, "del": inline, "em": inline,
	"font": inline, "head": inline, "html": inline, "i": inline, "img": inline, "ins": inline, "kbd": inline, "mark": inline, "meta": inline,
	"s": inline, "small": inline, "span": inline, "strike": inline, "strong": inline, "sub": inline, "sup": inline, "u": inline,
	"blockquote": breaks, "br": breaks, "center": breaks, "dd": breaks, "div": breaks, "dl": breaks, "dt": breaks, "h1": breaks,
	"h2": breaks, "h3": breaks, "h4": breaks, "h5": breaks, "h6": breaks, "hr": breaks, "ol": breaks, "p": breaks, "pre": breaks,
	"table": breaks, "tbody": breaks, "thead": breaks, "tr": breaks, "ul": breaks,
	"li": item, "td": cell, "th": cell,
	"script": unseen, "style": unseen, "title": unseen,
}

// entities are those that text is written with that needed no element.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ", "&amp;", "&")

// plain is formatted text without its HTML, and other text as it is. What looks like an element and is none, such
// as <name>, stays.
func plain(source string) string {
	if !isHTML(source) {
		if strings.Contains(source, "&") {
			return entities.Replace(head(source))
		}
		return source
	}
	var p page
	tokens := html.NewTokenizer(strings.NewReader(source[:min(len(source), maxHTML)]))
	for p.text.Len() < maxText {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break // the end
		}
		p.take(kind, tokens)
	}
	return p.text.String()
}

// isHTML says whether an element begins or ends anywhere in the text.
func isHTML(source string) bool {
	rest := source[:min(len(source), maxHTML)]
	for {
		var found bool
		if _, rest, found = strings.Cut(rest, "<"); !found {
			return false
		}
		name := strings.TrimPrefix(rest, "/")
		end := strings.IndexAny(name[:min(len(name), len("blockquote")+1)], " \t\r\n/>")
		if end > 0 && elements[strings.ToLower(name[:end])] != 0 && strings.Contains(name[end:], ">") {
			return true
		}
	}
}

// page is text as it is freed from its HTML.
type page struct {
	text   strings.Builder
	hidden string // the element that hides what comes, until it ends
	breaks bool   // a new line is due before the next word
	space  bool   // a space is due
	bullet bool
}

func (p *page) take(kind html.TokenType, tokens *html.Tokenizer) {
	switch kind {
	case html.TextToken:
		if p.hidden == "" {
			p.say(string(tokens.Text()))
		}
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		raw := string(tokens.Raw()) // as it was written: the tokenizer lowers its letters
		name, _ := tokens.TagName()
		p.pass(string(name), kind, raw)
	}
}

// pass takes the beginning or the end of an element.
func (p *page) pass(name string, kind html.TokenType, raw string) {
	does := elements[name]
	switch {
	case p.hidden == name && kind == html.EndTagToken:
		p.hidden = ""
	case p.hidden != "":
	case does == unseen && kind == html.StartTagToken:
		p.hidden = name
	case does == breaks:
		p.breaks = true
	case does == item:
		p.breaks, p.bullet = true, kind == html.StartTagToken
	case does == cell:
		p.space = true
	case does == 0:
		p.say(raw)
	}
}

// say writes words, with one space where there were any.
func (p *page) say(text string) {
	words := strings.Join(strings.Fields(text), " ")
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	if words == "" {
		p.space = p.space || text != ""
		return
	}
	switch {
	case p.text.Len() == 0:
	case p.breaks:
		p.text.WriteByte('\n')
	case p.space || unicode.IsSpace(first):
		p.text.WriteByte(' ')
	}
	if p.bullet {
		p.text.WriteString("• ")
	}
	p.text.WriteString(words)
	p.breaks, p.bullet, p.space = false, false, unicode.IsSpace(last)
}
