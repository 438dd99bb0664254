package render

import (
	"cmp"

	"github.com/tidwall/gjson"
)

var (
	// subjects are where an event tells what it is about, when that is not called like the event itself.
	subjects = []string{"comment", "alert"}
	// subjectNames are what such things go by.
	subjectNames = []string{"title", "name", "login", "tag_name"}
	// described are what most of them say of themselves in a word or two.
	described = []string{"state", "status", "conclusion", "environment", "context", "description"}
)

// otherEvent is any event that we know nothing more about than what most of them have.
func (g *github) otherEvent() {
	if g.called = label(g.event); g.called == "" {
		g.called = g.say.T("embed.unknown")
	}
	g.what = g.did("", g.action, "")
	about := g.subject()
	g.name = nameIn(about)
	for _, whole := range []string{"pull_request", "issue", "discussion"} {
		if g.name == "" {
			g.name = nameIn(g.body.Get(whole))
		}
	}
	if g.url = secure(about.Get("html_url")); g.url == "" {
		g.url = secure(g.repository.Get("html_url"))
	}
	g.text, g.colour = prose(about.Get("body")), cmp.Or(standings[scalar(about.Get("conclusion"))], standings[scalar(about.Get("state"))], slate)
	g.addPlace()
	for _, name := range described {
		value := about.Get(name)
		if !about.Exists() {
			value = g.body.Get(name)
		}
		if said := line(scalar(value)); said != "" {
			g.addPlain(name, said)
		}
	}
}

// subject is what the event is about; it does not Exist when the body itself is that.
func (g *github) subject() gjson.Result {
	if about := g.body.Get(g.event); about.IsObject() {
		return about
	}
	for _, name := range subjects {
		if about := g.body.Get(name); about.IsObject() {
			return about
		}
	}
	return gjson.Result{}
}

func nameIn(object gjson.Result) string {
	for _, name := range subjectNames {
		if said := line(scalar(object.Get(name))); said != "" {
			return said
		}
	}
	return ""
}
