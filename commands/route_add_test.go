package commands_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
)

const (
	filterOfDeals = `record.Amount > 100000 && changed("StageName")`
	there         = "<#" + elsewhere + ">"
)

func TestRouteAdd(t *testing.T) {
	const begin = "✅ From now on, "
	tests := map[string]struct {
		edits []edit
		link  delivery.Link
		want  string
	}{
		"all events": {[]edit{in(elsewhere, 0)}, delivery.Link{}, "all events from **Acme** go to " + there + "."},
		"some": {
			[]edit{in(elsewhere, 5), set("events", " Opportunity.*,Case.created ")},
			delivery.Link{Events: []string{"Opportunity.*", "Case.created"}},
			"events of type `Opportunity.*`, `Case.created` from **Acme** go to " + there + ".",
		},
		"all but": {
			[]edit{in(elsewhere, 0), set("events", "!*.deleted")},
			delivery.Link{Events: []string{"!*.deleted"}},
			"all events but `*.deleted` from **Acme** go to " + there + ".",
		},
		"some but": {
			[]edit{in(elsewhere, 0), set("events", "Case.*, !Case.deleted")},
			delivery.Link{Events: []string{"Case.*", "!Case.deleted"}},
			"events of type `Case.*`, but not `Case.deleted` from **Acme** go to " + there + ".",
		},
		"filter": {
			[]edit{in(elsewhere, 0), set("filter", "  "+filterOfDeals+" ")},
			delivery.Link{Filter: filterOfDeals},
			"all events from **Acme** go to " + there + ": only if `" + filterOfDeals + "`.",
		},
		"filter with backticks": {
			[]edit{in(elsewhere, 0), set("filter", "record.Name == `**x**`")},
			delivery.Link{Filter: "record.Name == `**x**`"},
			"all events from **Acme** go to " + there + ": only if `` record.Name == `**x**` ``.",
		},
		"everything": {
			[]edit{
				in(elsewhere, 15), set("events", "Lead.*"), set("filter", `meta.action == "created"`),
				set("template", " HOT_lead "), set("transform", "Slim"),
			},
			delivery.Link{Events: []string{"Lead.*"}, Filter: `meta.action == "created"`, TemplateID: "hot_lead", TransformID: "slim"},
			"events of type `Lead.*` from **Acme** go to " + there + ": only if `meta.action == \"created\"`, transform **slim**, template **hot\\_lead**.\n" +
				"It's a forum, so each record gets a post of its own, which also takes what happens to it later.",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			template, transform := template(t, db, "hot_lead", simple), slim(t, db, "slim", ".record")
			checkContent(t, b.routed(tc.edits...), begin+tc.want)
			got := routesOf(t, db, s)
			tc.link.SourceID = s.ID
			if tc.link.TemplateID != "" {
				tc.link.TemplateID, tc.link.TransformID = template.ID, transform.ID
			}
			ids := cmpopts.IgnoreFields(delivery.Link{}, "ID", "DestinationID")
			if diff := cmp.Diff(tc.link, got[len(got)-1], ids, cmpopts.EquateEmpty()); diff != "" || len(got) != 2 {
				t.Errorf("%d links, the last (-want +got):\n%s", len(got), diff)
			}
		})
	}
}

func TestRouteAddRefuses(t *testing.T) {
	const (
		where = "Tell me where the events are to go: give either a **channel** or a **destination**."
		kinds = "I can't post in " + there + ". Please choose a text, announcement, voice or forum channel, or a thread."
		list  = "A list takes at most"
	)
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("Case.a%d", i)
	}
	tests := map[string]struct {
		edits []edit
		want  string // the whole of it, or how it begins
	}{
		"nowhere":               {nil, where},
		"both":                  {[]edit{in(elsewhere, 0), set("destination", "erp")}, where},
		"category":              {[]edit{in(elsewhere, 4)}, kinds},
		"media":                 {[]edit{in(elsewhere, 16)}, kinds},
		"unknown source":        {[]edit{set("source", "Nobody"), in(elsewhere, 0)}, "There is no source called **Nobody**."},
		"disconnected source":   {[]edit{set("source", "Gone"), in(elsewhere, 0)}, "**Gone** is disconnected for good."},
		"source of another":     {[]edit{field("guild_id", "100000000000000002"), in(elsewhere, 0)}, "There is no source called **Acme**."},
		"unknown destination":   {[]edit{set("destination", "e_rp")}, `There is no destination called **e\_rp** outside Discord.`},
		"channel's destination": {[]edit{set("destination", "<#"+channelID+">")}, "There is no destination called **<\u200b#" + channelID},
		"unknown template":      {[]edit{in(elsewhere, 0), set("template", "x_")}, `There is no template called **x\_**.`},
		"unknown transform":     {[]edit{in(elsewhere, 0), set("transform", "x_")}, `There is no transform called **x\_**.`},
		"no type":               {[]edit{in(elsewhere, 0), set("events", "Case.*, !")}, "**!** is no event type that I can look for."},
		"many types":            {[]edit{in(elsewhere, 0), set("events", strings.Join(many, ","))}, list},
		"the very same":         {[]edit{here(0)}, "**Acme** has this very route already:"},
		"no view":               {[]edit{here(0), allowed("18432")}, lacking("View Channel")},
		"no embeds":             {[]edit{here(2), allowed("3072")}, lacking("Embed Links")},
		"no thread":             {[]edit{here(11), allowed("19456")}, lacking("Send Messages in Threads")},
		"no posts":              {[]edit{here(15), allowed("17408")}, lacking("Create Posts, Send Messages in Posts")},
		"no messages in posts":  {[]edit{here(15), allowed("19456")}, lacking("Send Messages in Posts")},
		"private thread": {
			[]edit{here(12), allowed("274877923328")},
			"I can't post in <#" + channelID + "> yet: it's a private thread, and I lack **View Channel** there. Mention me in it to let me in,",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			b.discord.api.err = errNotThere
			connect(t, db, "Acme", event.AuthSecret)
			gone := connect(t, db, "Gone", event.AuthSecret)
			if err := db.Disconnect(t.Context(), guildID, gone.ID, b.now); err != nil {
				t.Fatal(err)
			}
			if got := b.routed(tc.edits...).Body.Content; !strings.HasPrefix(got, tc.want) {
				t.Errorf("content = %q,\nwant %q…", got, tc.want)
			}
			if all, err := db.GuildLinks(t.Context(), guildID); err != nil || len(all) != 1 {
				t.Errorf("%d links, %v", len(all), err)
			}
		})
	}
}

// A filter that is wrong is shown with a sign under the place, in as much of it as a phone has room for.
func TestRouteAddPointsIntoTheFilter(t *testing.T) {
	long := strings.Repeat("record.Amount > 1 && ", 5) + "record.Amount >" + strings.Repeat(" && record.Amount > 1", 5)
	tests := map[string]struct{ filter, caret string }{
		"at the beginning": {"foo > 1", "```\nfoo > 1\n^\n```"},
		"within":           {"record.Amount > foo", "```\nrecord.Amount > foo\n                ^\n```"},
		"in a long one":    {long, "…"},
		"backticks":        {"record.Name == `x` ||| 1", "```\nrecord.Name == ˋxˋ ||| 1\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			got := b.routed(in(elsewhere, 0), set("filter", tc.filter)).Body.Content
			if !strings.HasPrefix(got, "I can't take this filter: line 1, column ") || !strings.Contains(got, tc.caret) {
				t.Errorf("content = %s\nwant %s", got, tc.caret)
			}
			if strings.Count(got, "```") != 2 || len(routesOf(t, db, s)) != 1 {
				t.Errorf("content = %s", got)
			}
			_, block, _ := strings.Cut(got, "```")
			for line := range strings.Lines(block) {
				if n := len([]rune(line)); n > 44 {
					t.Errorf("a line of %d characters: %s", n, line)
				}
			}
		})
	}
}

func TestRouteAddWarnsOfTheOnesBefore(t *testing.T) {
	const (
		all  = "\n⚠️ Nothing will come over it: route"
		some = "\nℹ️ Route"
	)
	type link struct{ events, filter, channel string }
	tests := map[string]struct {
		before []link // beside the one that takes all, which leads elsewhere
		added  link
		want   string // how the warning begins; "" for none
	}{
		"alone":                {nil, link{}, ""},
		"of another channel":   {[]link{{"", "", "3"}}, link{}, ""},
		"takes all":            {[]link{{}}, link{events: "Case.*"}, all + " 2 leads to"},
		"takes all but this":   {[]link{{events: "!Case.*"}}, link{events: "Case.created"}, ""},
		"takes some":           {[]link{{events: "Case.created"}}, link{events: "Case.*"}, some + " 2 leads to"},
		"takes some of all":    {[]link{{events: "Case.created"}}, link{}, some + " 2 leads to"},
		"takes others":         {[]link{{events: "Case.*"}}, link{events: "Lead.*"}, ""},
		"unknown type":         {[]link{{events: "Foo.bar"}}, link{events: "foo.*"}, some + " 2 leads to"},
		"the unknown as well":  {[]link{{events: "Foo.*"}}, link{events: "foo.bar"}, all + " 2 leads to"},
		"all that is known":    {[]link{{events: "Case.created,Case.updated,Case.deleted,Case.escalated"}}, link{events: "Case.*"}, some + " 2 leads to"},
		"filtered":             {[]link{{filter: "record.Amount > 1"}}, link{events: "Case.*"}, some + " 2 leads to"},
		"by the same filter":   {[]link{{filter: "record.Amount > 1"}}, link{events: "Case.*", filter: "record.Amount > 1"}, all + " 2 leads to"},
		"together":             {[]link{{events: "Case.*"}, {events: "Lead.*"}, {events: "User.*"}}, link{events: "Case.*,Lead.created"}, all + "s 2, 3 lead to"},
		"one alone":            {[]link{{events: "Case.*", filter: "record.Amount > 1"}, {}, {events: "Case.*"}}, link{events: "Case.created"}, all + " 3 leads to"},
		"some of them":         {[]link{{events: "Case.*"}, {events: "Lead.*"}}, link{events: "Case.*,Lead.*,User.*"}, some + "s 2, 3 lead to"},
		"one of them filtered": {[]link{{events: "Case.*"}, {events: "Lead.*", filter: "record.Amount > 1"}}, link{events: "Case.*,Lead.*"}, some + "s 2, 3 lead to"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			for _, l := range tc.before {
				channel := elsewhere
				if l.channel != "" {
					channel = "20000000000000000" + l.channel
				}
				addRoute(t, db, s, channel, func(made *delivery.Link) {
					made.Filter = l.filter
					if l.events != "" {
						made.Events = strings.Split(l.events, ",")
					}
				})
			}
			got := b.routed(in(elsewhere, 0), set("events", tc.added.events), set("filter", tc.added.filter)).Body.Content
			if tc.want == "" {
				if strings.Contains(got, " asked first") {
					t.Errorf("content = %s", got)
				}
			} else if !strings.Contains(got, tc.want+" "+there+" as well") {
				t.Errorf("content = %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestRouteAddHintsAtTypesThatNobodyKnows(t *testing.T) {
	const hint = "\nℹ️ I know of no event type yet that "
	tests := map[string]struct{ events, want string }{
		"in the catalogue": {"opportunity.UPDATED, *.deleted, *__c.*", ""},
		"sent":             {"Shipment__c.lost", ""},
		"of what was sent": {"Shipment__c.*", ""},
		"nowhere":          {"Sprocket.*, Case.*", hint + "`Sprocket.*` matches."},
		"excluded":         {"!Sprocket.*, !`x`", hint + "one of these matches: `Sprocket.*`, `` `x` ``."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			accept(t, db, s, "Shipment__c.lost")
			got := b.routed(in(elsewhere, 0), set("events", tc.events)).Body.Content
			if tc.want == "" && strings.Contains(got, "ℹ️") || !strings.Contains(got, tc.want) {
				t.Errorf("content = %s\nwant %s", got, tc.want)
			}
			if len(routesOf(t, db, s)) != 2 {
				t.Error("it was not added")
			}
		})
	}
}

// The longest of everything still is a message that Discord takes, in every language.
func TestRouteAddFits(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, strings.Repeat("*", 80), event.AuthSecret)
	template(t, db, strings.Repeat("*", 100), simple)
	slim(t, db, strings.Repeat("_", 80), ".")
	for i := range 60 {
		addRoute(t, db, s, elsewhere, func(l *delivery.Link) { l.Events = []string{fmt.Sprintf("Foo%d.*", i)} })
	}
	for i, tag := range locales.Tags() {
		filter := `record.Name != "` + strings.Repeat("*", 900) + `" && record.Amount > ` + fmt.Sprint(i)
		b.slash("route", "add", field("locale", tag), in(elsewhere, 15), // which knows the limits
			set("source", s.Name), set("events", "*, "+strings.Repeat("x", 120)+","+strings.Repeat("`", 60)),
			set("filter", filter), set("template", strings.Repeat("*", 100)), set("transform", strings.Repeat("_", 80)))
	}
	if n := len(routesOf(t, db, s)); n != 61+len(locales.Tags()) {
		t.Errorf("%d routes", n)
	}
}
