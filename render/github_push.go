package render

import (
	"strings"

	"github.com/tidwall/gjson"
)

const (
	maxCommits = 2048 // that are counted; GitHub sends no more
	maxNewest  = 5    // commits that are shown
	maxMessage = 72   // characters of a commit's message
	shortHash  = 7    // digits of a commit's hash that people read
)

// push is about a branch or tag that moved, came or went.
func (g *github) push() {
	ref, isTag := strings.CutPrefix(scalar(g.body.Get("ref")), "refs/tags/")
	ref = line(strings.TrimPrefix(ref, "refs/heads/"))
	newest, count := latest(g.body.Get("commits"))
	is := func(flag string) bool { return g.body.Get(flag).Bool() }
	g.url, g.colour = secure(g.body.Get("compare")), blurple
	switch {
	case is("deleted"):
		g.ref(ref, isTag, "deleted")
		return
	case is("created") && (count == 0 || isTag):
		g.ref(ref, isTag, "created")
		return
	}
	g.called = g.refCalled(ref, isTag)
	switch {
	case is("created"):
		g.what = g.say.N("embed.github.started", count, "ref", ref)
	case is("forced"):
		g.what, g.colour = g.say.N("embed.github.forced", count, "ref", ref), orange
	default:
		g.what = g.say.N("embed.github.pushed", count, "ref", ref)
	}
	g.text = g.commits(newest, count)
	g.addPlace()
}

// latest are the last commits of the list, the newest first, and how many there are.
func latest(commits gjson.Result) (newest []gjson.Result, count int) {
	if !commits.IsArray() {
		return nil, 0
	}
	var ring [maxNewest]gjson.Result
	commits.ForEach(func(_, commit gjson.Result) bool {
		ring[count%maxNewest] = commit
		count++
		return count < maxCommits
	})
	for i := range min(count, maxNewest) {
		newest = append(newest, ring[(count-1-i)%maxNewest])
	}
	return newest, count
}

// commits are the newest ones, each with a link, and how many more there are.
func (g *github) commits(newest []gjson.Result, count int) string {
	var lines []string
	for _, commit := range newest {
		hash := linkedHash(commit)
		message, _, _ := strings.Cut(strings.TrimSpace(scalar(commit.Get("message"))), "\n")
		if shown := strings.TrimSpace(hash + " " + clip(line(message), maxMessage)); shown != "" {
			lines = append(lines, shown)
		}
	}
	if more := count - len(newest); more > 0 {
		lines = append(lines, g.say.N("embed.github.more", more))
	}
	return strings.Join(lines, "\n")
}

// linkedHash is the commit's short hash, which leads to it; "" when it has none.
func linkedHash(commit gjson.Result) string {
	hash := hashOf(commit.Get("id"))
	if hash == "" {
		return ""
	}
	address := secure(commit.Get("url"))
	if address == "" || len(address) > maxBrief || strings.ContainsAny(address, "()") {
		return "`" + hash + "`"
	}
	return "[`" + hash + "`](" + address + ")"
}

// hashOf is the short form of a commit's hash, "" for what is none.
func hashOf(value gjson.Result) string {
	hash := scalar(value)
	for i := range len(hash) {
		if !isHex(hash[i]) {
			return ""
		}
	}
	if len(hash) < shortHash {
		return ""
	}
	return hash[:shortHash]
}
