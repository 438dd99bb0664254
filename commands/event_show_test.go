package commands_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/locales"
)

// troubled is an event that one channel has, another can't take, and a third waits for.
func troubled() event.History {
	at := stamp(0).Time()
	return event.History{
		Event: event.Event{
			ID: stamp(0), Type: "Opportunity.closed_won", ReceivedAt: at,
			Body: []byte(`{"record":{"Name":"Acme ` + "```" + `","Amount":135000.10},"auth":{"access_token":"hush"}}`),
		},
		SourceName: "Acme_QA",
		Deliveries: []event.Trace{
			{
				DestinationID: "01980000-0000-7000-8000-000000000001", Kind: "channel", ChannelID: channelID, State: "delivered", Receipt: "600",
				Attempts: []event.Attempt{
					{Number: 1, At: at.Add(time.Second), Latency: 1500 * time.Millisecond, Error: "timeout"},
					{Number: 2, At: at.Add(3 * time.Second), Latency: 80 * time.Millisecond, Status: 200},
				},
			},
			{
				DestinationID: "01980000-0000-7000-8000-000000000002", Kind: "channel", ChannelID: elsewhere, State: "pending", Paused: "pause.no_permission",
				Attempts: []event.Attempt{
					{Number: 1, At: at.Add(time.Second), Latency: 40 * time.Millisecond, Status: 403, Error: "403 Forbidden", Response: `{"code": 50013}`},
				},
			},
			{DestinationID: "01980000-0000-7000-8000-000000000003", Kind: "webhook", Name: "billing", State: "pending", DueAt: at.Add(time.Hour)},
			{DestinationID: "01980000-0000-7000-8000-000000000004", State: "abandoned"},
		},
	}
}

func TestEventShow(t *testing.T) {
	b := sit(t, logbook{DB: database(t), history: troubled()}, nil)
	b.now = stamp(1).Time()
	got := b.slash("event", "show", set("id", stamp(0).String()))
	golden(t, "event_show", got)
	if id := got.button("2. Resume"); id != "/resume/01980000-0000-7000-8000-000000000002" {
		t.Errorf("the button to resume is %q", id)
	}
}

func TestEventShowOfOneDestination(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	id := accept(t, db, s, "Case.created")[0]
	show := func() answer { t.Helper(); return b.slash("event", "show", set("id", id.String())) }
	_, description, fields := show().embed(t)
	if want := "<#" + channelID + ">\nNext try as soon as there is room"; len(fields) != 1 || fields[0] != "⏳ pending: "+want {
		t.Errorf("fields = %q", fields)
	}
	for _, part := range []string{"⏳ pending · accepted <t:", "**Acme**", "`" + id.String() + "`", "```json\n{\n  \"n\": 0\n}\n```"} {
		checkMention(t, part, description, part, true)
	}
	destination := stop(t, db, s)
	if got := show().button("Resume"); got != "/resume/"+destination {
		t.Errorf("the button to resume is %q", got)
	}
	finish(t, db, s, id, delivery.Delivered)
	if _, _, fields := show().embed(t); len(fields) != 1 || !strings.HasPrefix(fields[0], "✅ delivered: <#"+channelID+"> https://discord.com/channels/"+guildID+"/"+channelID+"/1") {
		t.Errorf("fields = %q", fields)
	}
}

func TestEventShowOfNoDestination(t *testing.T) {
	h := troubled()
	h.Deliveries = nil
	_, description, fields := sit(t, logbook{DB: database(t), history: h}, nil).slash("event", "show", set("id", "1")).embed(t)
	if !strings.Contains(description, "➖ filtered") || !strings.HasSuffix(description, "No link took it, so it was sent nowhere.") || fields != nil {
		t.Errorf("description = %q, fields = %q", description, fields)
	}
}

// Which routes did not take an event, and why, is told beside those that did.
func TestEventShowOfRefusals(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	first := routesOf(t, db, s)[0]
	second := addRoute(t, db, s, elsewhere, func(l *delivery.Link) { l.Filter = filterOfDeals })
	gone := addRoute(t, db, s, "200000000000000003", nil)
	if err := db.RemoveLink(t.Context(), guildID, gone.ID); err != nil {
		t.Fatal(err)
	}
	byType := delivery.Refusal{LinkID: first.ID, Reason: delivery.RefusedByType, Detail: "Lead.*, !*.deleted"}
	byFilter := delivery.Refusal{LinkID: second.ID, Reason: delivery.RefusedByFilter, Detail: "record.Name == `x`\n&& " + filterOfDeals}
	byNobody := delivery.Refusal{LinkID: gone.ID, Reason: delivery.RefusedByType, Detail: "Lead.*"}
	told := []string{
		"<#" + channelID + ">: not one of its event types · `Lead.*, !*.deleted`",
		there + ": its filter did not hold · `` record.Name == `x` && " + filterOfDeals + " ``",
		"a destination that was removed: not one of its event types · `Lead.*`",
	}
	tests := map[string]struct {
		routes  []delivery.Route
		refused []delivery.Refusal
		want    []string
		state   string
	}{
		"by all": {nil, []delivery.Refusal{byType, byFilter, byNobody}, []string{"Not taken by: " + strings.Join(told, "\n")}, "➖ filtered"},
		"by some": {delivery.Routes([]delivery.Link{first}, "Case.created"), []delivery.Refusal{byFilter}, []string{
			"⏳ pending: <#" + channelID + ">\nNext try as soon as there is room", "Not taken by: " + told[1],
		}, "⏳ pending"},
		"by none": {nil, nil, nil, "➖ filtered"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := event.Event{SourceID: s.ID, Type: "Case.created", ReceivedAt: b.now, Body: []byte(`{}`)}
			ids, err := db.Append(t.Context(), []delivery.Entry{{Event: e, Routes: tc.routes, Refused: tc.refused}})
			if err != nil {
				t.Fatal(err)
			}
			_, description, fields := b.slash("event", "show", set("id", ids[0].String())).embed(t)
			if diff := cmp.Diff(tc.want, fields); diff != "" || !strings.HasPrefix(description, tc.state) {
				t.Errorf("%s, fields (-want +got):\n%s", description, diff)
			}
		})
	}
}

// From the command that makes the routes to the event that none of them takes.
func TestEventShowOfWhatNoRouteTakes(t *testing.T) {
	b, db := open(t)
	s := connect(t, db, "Acme", event.AuthSecret)
	b.slash("route", "remove", set("source", "Acme"), set("route", "1"))
	b.routed(here(0), set("events", "Lead.*, !*.deleted"))
	b.routed(in(elsewhere, 0), set("filter", "record.Amount > 5"))
	inbox := delivery.NewInbox(delivery.NewRouter(db, nil), db, func(...string) {})
	shown := func(amount int) (state string, fields []string) {
		t.Helper()
		e := event.Event{SourceID: s.ID, Type: "Opportunity.updated", ReceivedAt: b.now, Body: fmt.Appendf(nil, `{"record":{"Amount":%d}}`, amount)}
		ids, err := inbox.Accept(t.Context(), []event.Event{e})
		if err != nil {
			t.Fatal(err)
		}
		_, description, fields := b.slash("event", "show", set("id", ids[0].String())).embed(t)
		state, _, _ = strings.Cut(description, " ·")
		return state, fields
	}
	want := []string{"Not taken by: <#" + channelID + ">: not one of its event types · `Lead.*, !*.deleted`\n" +
		there + ": its filter did not hold · `record.Amount > 5`"}
	if state, fields := shown(5); state != "➖ filtered" || !cmp.Equal(want, fields) {
		t.Errorf("%s: %q, want %q", state, fields, want)
	}
	if state, fields := shown(6); state != "⏳ pending" || len(fields) != 1 || !strings.HasPrefix(fields[0], "⏳ pending: "+there) {
		t.Errorf("%s: %q", state, fields)
	}
}

func TestEventShowByID(t *testing.T) {
	b, db := open(t)
	id := accept(t, db, connect(t, db, "Acme", event.AuthSecret), "Case.created")[0]
	_, line, _ := b.slash("event", "list").embed(t)
	_, copied, _ := strings.Cut(line, "`")
	copied = "`" + copied
	unknown := "There is no event `%s` here; it may be too old to be kept. Pick one from the suggestions, or copy an id from **/event list**."
	absent := stamp(0).String()
	tests := map[string]struct {
		typed string
		edit  edit
		want  string
	}{
		"in full":          {id.String(), nil, ""},
		"in capitals":      {strings.ToUpper(id.String()), nil, ""},
		"as listed":        {copied, nil, ""},
		"with space":       {" " + strings.Trim(copied, "`") + " ", nil, ""},
		"mistyped":         {id.String()[:35] + "g", nil, id.String()[:35] + "g"},
		"of nothing":       {absent, nil, absent},
		"no id":            {"that one!", nil, "that one!"},
		"zero":             {"0", nil, "0"},
		"of another guild": {id.String(), field("guild_id", "100000000000000002"), id.String()},
		"with a backtick":  {"a`b", nil, "a\\`b"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			edits := []edit{set("id", tc.typed)}
			if tc.edit != nil {
				edits = append(edits, tc.edit)
			}
			got := b.slash("event", "show", edits...)
			if tc.want != "" {
				if want := fmt.Sprintf(unknown, tc.want); got.Body.Content != want {
					t.Errorf("got %q, want %q", got.Body.Content, want)
				}
			} else if title, _, _ := got.embed(t); title != "Case.created" {
				t.Errorf("title = %q", title)
			}
		})
	}
}

// A payload that is too long for a card is attached whole, without its secrets.
func TestEventShowOfALongPayload(t *testing.T) {
	list := func(n int) string { return `{"token":"hush","list":["` + strings.Repeat("a", n) + `"]}` }
	tests := map[string]struct {
		body     string
		cut      string
		attached bool
		lines    bool
	}{
		"short":              {list(1000), "", false, false},
		"long":               {list(1500), "The whole payload is attached.", true, true},
		"of backticks":       {strings.ReplaceAll(list(300), "a", "```"), "The whole payload is attached.", true, true},
		"too long to indent": {list(70 << 10), "The whole payload is attached.", true, false},
		"too long to attach": {list(10 << 20), "The whole payload is too large to attach;", false, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := troubled()
			h.Body = []byte(tc.body)
			got := sit(t, logbook{DB: database(t), history: h}, nil).slash("event", "show", set("id", "1"))
			_, description, _ := got.embed(t)
			if strings.Count(description, "```") != 2 || strings.Contains(description, "hush") {
				t.Errorf("description = %s", description)
			}
			if tc.cut != "" {
				checkMention(t, "what was cut", description, tc.cut, true)
			}
			file, attached := got.Files["event-"+h.ID.String()+".json"]
			if attached != tc.attached || len(got.Files) > 1 {
				t.Fatalf("attached: %v, %d files", attached, len(got.Files))
			}
			if attached && (!json.Valid([]byte(file)) || strings.Contains(file, "hush") || strings.Contains(file, "\n") != tc.lines) {
				t.Errorf("file = %.100s", file)
			}
		})
	}
}

// The worst of everything still is a message that Discord takes, in every language.
func TestEventShowFits(t *testing.T) {
	h := troubled()
	h.Type, h.SourceName = strings.Repeat("_", event.MaxType), strings.Repeat("*", 80)
	h.Body = []byte(`"` + strings.Repeat("`", 9000) + `"`)
	var attempts []event.Attempt
	for n := range 40 {
		attempts = append(attempts, event.Attempt{
			Number: n + 1, At: stamp(n).Time(), Latency: time.Minute, Status: 500, Error: strings.Repeat("_", 500), Response: strings.Repeat("|", 2048),
		})
	}
	var refused []delivery.RefusedLink
	for range 50 {
		refused = append(refused, delivery.RefusedLink{Refusal: delivery.Refusal{Reason: delivery.RefusedByFilter, Detail: strings.Repeat("`_", 500)}})
	}
	for _, destinations := range []int{1, 3, 10, 12} {
		h.Deliveries = nil
		for i := range destinations {
			h.Deliveries = append(h.Deliveries, event.Trace{
				DestinationID: fmt.Sprintf("01980000-0000-7000-8000-%012d", i), Kind: "webhook", Name: strings.Repeat("*", 80),
				State: "pending", Paused: "pause.no_permission", Attempts: attempts,
			})
		}
		b := sit(t, logbook{DB: database(t), history: h, refused: refused}, nil)
		for _, tag := range locales.Tags() {
			got := b.slash("event", "show", set("id", "1"), field("locale", tag)) // answered knows the limits
			_, _, fields := got.embed(t)
			if want := min(destinations, 10) + 1; len(fields) != want || len(got.Body.Components[0].Components) != min(destinations, 4)+1 {
				t.Errorf("%s: %d fields of %d, %d buttons", tag, len(fields), want, len(got.Body.Components[0].Components))
			}
		}
		_, description, fields := b.slash("event", "show", set("id", "1")).embed(t)
		if destinations == 12 && !strings.Contains(description, "There are 2 more destinations.") {
			t.Errorf("description = %s", description)
		}
		if destinations == 1 && !strings.HasSuffix(fields[0], " more attempts") {
			t.Errorf("field = %s", fields[0])
		}
	}
}
