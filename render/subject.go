package render

import (
	"strings"
	"unicode"

	"dispatch/event"
	"dispatch/locales"
)

// maxSubject is how long the name of a forum's post may be, in characters.
const maxSubject = 100

// Subject is what the event is about, whatever happened to it: "Case 00001026: Checkout is down". It is plain text, and as
// long as the name of a forum's post may be.
func Subject(e event.Event, say locales.Catalog) string {
	if _, ok := e.Preferences(); ok {
		return say.T("embed.sms.object")
	}
	v := newView(e, say)
	if g := v.github(); g != nil {
		return clip(unescape(g.headline(g.called)), maxSubject)
	}
	what := v.called()
	if what == "" {
		what = typeLabel(v.typ)
	}
	return clip(unescape(v.headline(what, v.titleName())), maxSubject)
}

// unescape undoes Escape.
func unescape(text string) string {
	var out strings.Builder
	escaped := false
	for _, r := range text {
		if r == '\\' && !escaped {
			escaped = true
			continue
		}
		if escaped && !unicode.IsPunct(r) && !unicode.IsSymbol(r) {
			out.WriteByte('\\')
		}
		escaped = false
		out.WriteRune(r)
	}
	return out.String()
}
