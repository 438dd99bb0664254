package render

import (
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
)

// Lengths that keep an embed about GitHub far below what Discord takes, so that none of its links is ever cut.
const (
	maxBrief  = 256  // of a field's value
	maxProse  = 600  // of what somebody wrote
	maxListed = 10   // names in one field
	maxLooked = 100  // elements of a list that are looked at for them
	maxLink   = 2048 // of an address
)

// Colours of what happens at GitHub, where the promised ones do not say it. They stand out like those of the categories.
const (
	purple = 0xAC6ED5 // merged, done
	gold   = 0xAC820E // under way; a star
	slate  = 0x7089B2 // anything else
)

// github is an event of GitHub's, or of what speaks like it, as it is being drawn.
type github struct {
	say           locales.Catalog
	body          event.Fields
	event, action string       // "issues", "opened"; no action: ""
	repository    gjson.Result // not of what happens to an organization or an app
	sender        gjson.Result

	called string // what it is about: "Issue #7"
	what   string // what happened to that: "Issue #7 closed"
	name   string // what that goes by; "" when nothing more is to be said
	url    string // "" for none
	colour int
	text   string // what somebody wrote
	fields []discord.EmbedField
}

// githubLooks draw the events that we know something about. The rest is drawn by otherEvent.
var githubLooks = map[string]func(*github){
	"push":                (*github).push,
	"pull_request":        (*github).pullRequest,
	"issues":              (*github).issue,
	"issue_comment":       (*github).comment,
	"pull_request_review": (*github).review,
	"release":             (*github).release,
	"create":              (*github).refCreated,
	"delete":              (*github).refDeleted,
	"fork":                (*github).forked,
	"star":                (*github).starred,
	"workflow_run":        (*github).workflowRun,
	"ping":                (*github).pinged,
}

// github is the event as one of GitHub's, nil when it is not: those tell who did it, and where.
func (v *view) github() *github {
	if !v.foreign {
		return nil
	}
	g := &github{say: v.say, body: v.record, repository: v.record.Get("repository"), sender: v.record.Get("sender"), colour: slate}
	if g.login(g.sender) == "" || g.fullName() == "" && g.organization() == "" && !v.record.Get("installation").IsObject() {
		return nil
	}
	var action string
	g.event, action, _ = strings.Cut(v.typ, ".")
	if g.action = scalar(g.body.Get("action")); g.action == "" {
		g.action = action
	}
	draw := githubLooks[g.event]
	if draw == nil {
		draw = (*github).otherEvent
	}
	draw(g)
	return g
}

// embed is the event without what all embeds have.
func (g *github) embed() discord.Embed {
	return discord.Embed{
		Author: g.author(), Title: clip(g.headline(g.what), maxTitle), URL: g.url, Color: g.colour, Description: g.text, Fields: g.fields,
	}
}

// headline is what is said, and the name of what it is about where it has one.
func (g *github) headline(what string) string {
	if g.name == "" {
		return what
	}
	return g.say.T("embed.headline", "what", what, "name", g.name)
}

// author is who did it. Discord knows no markup there.
func (g *github) author() *discord.EmbedAuthor {
	author := &discord.EmbedAuthor{Name: clip(clean(scalar(g.sender.Get("login"))), maxName), URL: secure(g.sender.Get("html_url"))}
	if face := secure(g.sender.Get("avatar_url")); strings.HasPrefix(face, "https://avatars.githubusercontent.com/") {
		author.IconURL = face
	}
	return author
}

// did is what the action did to what is called so: one of the sentences at says, where there are any, or the action as
// it is.
func (g *github) did(says, action, number string) string {
	if key := says + "did." + action; says != "" && g.say.Has(key) {
		return g.say.T(key, "object", g.called, "number", number)
	}
	if action = strings.ToLower(label(action)); action == "" {
		return g.called
	}
	return g.say.T("embed.action.any", "object", g.called, "action", action)
}

// add adds a line, unless there is nothing to say. The value is escaped.
func (g *github) add(key, value string) {
	if value != "" {
		g.fields = append(g.fields, discord.EmbedField{
			Name: g.say.T(key), Value: clip(value, maxBrief), Inline: new(len(value) <= maxBeside),
		})
	}
}

// addPlain adds a line for a field that we know by its name only.
func (g *github) addPlain(name, value string) {
	g.fields = append(g.fields, discord.EmbedField{Name: label(name), Value: clip(value, maxBrief), Inline: new(len(value) <= maxBeside)})
}

// addPlace says where it happened: in a repository, else in an organization.
func (g *github) addPlace() {
	if name := g.fullName(); name != "" {
		g.add("embed.github.field.repository", name)
		return
	}
	g.add("embed.github.field.organization", g.organization())
}

func (g *github) organization() string { return g.login(g.body.Get("organization")) }

func (g *github) fullName() string { return line(scalar(g.repository.Get("full_name"))) }

func (g *github) login(of gjson.Result) string { return line(scalar(of.Get("login"))) }

// addAuthor says who made what this is about, when that is not who did it.
func (g *github) addAuthor(of event.Fields) {
	if login := g.login(of.Get("user")); login != g.login(g.sender) {
		g.add("embed.field.author", login)
	}
}

// in are the members of an object of the body, to be looked up one after the other.
func (g *github) in(name string) event.Fields {
	var members event.Fields
	g.body.Get(name).ForEach(func(key, value gjson.Result) bool {
		members = append(members, event.Field{Name: key.Str, Value: value})
		return len(members) < maxRead
	})
	return members
}

// numberOf is the number that something goes by, escaped.
func numberOf(of gjson.Result) string {
	if of.Type != gjson.Number {
		return "?"
	}
	return line(of.Raw)
}

// listed are the members of that name in a list, or its texts themselves when the name is "".
func listed(list gjson.Result, member string) string {
	var names []string
	looked := 0
	list.ForEach(func(_, item gjson.Result) bool {
		looked++
		if member != "" {
			item = item.Get(member)
		}
		if name := line(scalar(item)); name != "" {
			names = append(names, name)
		}
		return len(names) < maxListed && looked < maxLooked
	})
	return strings.Join(names, ", ")
}

// secure is the address if it is one of https that can be followed.
func secure(address gjson.Result) string {
	if address.Type != gjson.String {
		return ""
	}
	safe, ok := safeAddress(address.Str)
	if !ok || len(safe) > maxLink || !strings.HasPrefix(safe, "https://") {
		return ""
	}
	return safe
}

// prose is what somebody wrote, as it was written, without what the templates of issues hide in it.
func prose(written gjson.Result) string {
	text := newlines.Replace(head(scalar(written)))
	for {
		before, rest, found := strings.Cut(text, "<!--")
		if !found {
			break
		}
		_, after, _ := strings.Cut(rest, "-->")
		text = before + after
	}
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return clip(block(text), maxProse)
}
