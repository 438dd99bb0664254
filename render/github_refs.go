package render

import (
	"cmp"
	"net/url"

	"github.com/tidwall/gjson"
)

func (g *github) refCreated() { g.refChanged("created") }

func (g *github) refDeleted() { g.refChanged("deleted") }

// refChanged is about a branch or a tag, and long ago about repositories, too.
func (g *github) refChanged(action string) {
	ref, kind := scalar(g.body.Get("ref")), scalar(g.body.Get("ref_type"))
	if ref == "" || kind != "branch" && kind != "tag" {
		g.otherEvent()
		return
	}
	if home := secure(g.repository.Get("html_url")); home != "" {
		g.url = secure(gjson.Result{Type: gjson.String, Str: home + "/tree/" + (&url.URL{Path: ref}).EscapedPath()})
	}
	g.ref(line(ref), kind == "tag", action)
}

// ref says that a branch or a tag came or went.
func (g *github) ref(ref string, isTag bool, action string) {
	g.called = g.refCalled(ref, isTag)
	switch deleted := action == "deleted"; {
	case deleted && isTag:
		g.what = g.say.T("embed.github.tag_deleted", "ref", ref)
	case deleted:
		g.what = g.say.T("embed.github.branch_deleted", "ref", ref)
	case isTag:
		g.what = g.say.T("embed.github.tag_created", "ref", ref)
	default:
		g.what = g.say.T("embed.github.branch_created", "ref", ref)
	}
	if g.colour = green; action == "deleted" {
		g.url, g.colour = secure(g.repository.Get("html_url")), grey // there is nothing left to look at
	}
	g.addPlace()
}

func (g *github) refCalled(ref string, isTag bool) string {
	if isTag {
		return g.say.T("embed.github.tag", "ref", ref)
	}
	return g.say.T("embed.github.branch", "ref", ref)
}

func (g *github) forked() {
	forkee := g.body.Get("forkee")
	g.called, g.url = g.fullName(), secure(forkee.Get("html_url"))
	g.what = g.say.T("embed.github.forked", "repository", g.called, "fork", line(scalar(forkee.Get("full_name"))))
}

func (g *github) starred() {
	g.called, g.url, g.colour = g.fullName(), secure(g.repository.Get("html_url")), gold
	g.what = g.say.T("embed.github.starred", "repository", g.called)
	if g.action == "deleted" {
		g.what, g.colour = g.say.T("embed.github.unstarred", "repository", g.called), grey
	}
	g.add("embed.github.field.stars", block(g.say.Number(scalar(g.repository.Get("stargazers_count")))))
}

func (g *github) release() {
	release := g.in("release")
	tag := line(scalar(release.Get("tag_name")))
	g.called = g.say.T("embed.github.release.numbered", "number", tag)
	g.what = g.did("embed.github.release.", g.action, tag)
	if name := line(scalar(release.Get("name"))); name != tag {
		g.name = name
	}
	g.url = secure(release.Get("html_url"))
	switch g.action {
	case "published":
		g.colour, g.text = green, prose(release.Get("body"))
	case "released", "prereleased":
		g.colour = green
	case "deleted", "unpublished":
		g.colour = grey
	}
	g.addPlace()
	if release.Get("prerelease").Bool() {
		g.add("embed.github.field.prerelease", g.say.T("embed.yes"))
	}
	g.add("embed.github.field.files", listed(release.Get("assets"), "name"))
}

// pinged is the first event of a webhook: it has been set up.
func (g *github) pinged() {
	g.what, g.colour = g.say.T("embed.github.pinged"), green
	g.name, g.url = cmp.Or(g.fullName(), g.organization()), secure(g.repository.Get("html_url"))
	g.called, g.text = g.what, prose(g.body.Get("zen"))
	g.add("embed.github.field.events", listed(g.body.Get("hook").Get("events"), ""))
}
