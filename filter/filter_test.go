package filter_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/filter"
)

// deal is a callout as an org sends it.
var deal = event.Event{
	ID:         event.FirstID(time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)),
	Type:       "Opportunity.updated",
	ReceivedAt: time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("CET", 3600)),
	Headers:    []byte(`{"content-type":"application/json","x-salesforce-event":"Opportunity.updated"}`),
	Body: []byte(`{"event_type":"Opportunity.updated","instance_url":"https://example.my.salesforce.com","record":{
		"attributes":{"type":"Opportunity"},"Id":"0061x00000D4eF5AAD","Name":"Acme - Enterprise Renewal",
		"StageName":"Closed Won","Amount":135000,"Discount":12.5,"Probability":100.0,"Quoted":"99.5","IsClosed":true,
		"IsWon":true,"IsSplit":false,"NextStep":null,"CloseDate":"2026-11-30","Serial":9007199254740993,
		"Account":{"Name":"Acme","Owner":{"Name":"Jo"}},"Tags":["new","vip"],
		"Items":[{"Price":5},{"Price":7.5,"Name":"Seat"},{"Price":null}]},
		"old":{"StageName":"Negotiation/Review","Probability":100,"Amount":120000,"Account":{"Name":"Acme","Owner":{"Name":"Jo"}}}}`),
}

func match(t *testing.T, expression string, e event.Event) (bool, error) {
	t.Helper()
	parsed, err := filter.Parse(expression)
	if err != nil {
		t.Fatalf("parse %s: %v", expression, err)
	}
	return parsed.Match(filter.NewScope(e, "Acme Production"))
}

func TestMatch(t *testing.T) {
	tests := map[bool][]string{
		true: {
			`record.Amount > 100000 && changed("StageName")`,
			`record.StageName in ["Closed Won", "Closed Lost"]`, `record.StageName not in ["Open"]`,
			`record.Amount == 135000.0`, `record.Probability == 100`, `record.Discount * 2 == 25`, `record.Amount % 2 == 0`,
			`record.Amount / 2 > 60000 and not (record.Amount - 1 >= 135000)`, `-record.Discount < 0`, `2 ** 3 == 8`,
			`record.Serial == 9007199254740993`, `record.Serial != 9007199254740992`,
			`record.IsWon`, `!record.IsSplit`, `not record.IsSplit`, `record.IsWon == true`,
			`record.CloseDate < "2026-12-01" && record.CloseDate >= "2026-11-30"`, `"a" + "b" == "ab"`,
			`record.Name contains "Enterprise" && record.Name startsWith 'Acme' && record.Name endsWith "al"`,
			`lower(record.StageName) matches "^closed (won|lost)$"`, `upper(trim("  x ")) == "X"`, `len(record.Name) == 25`,
			`record.Account.Owner.Name == "Jo"`, `record["Account"]["Name"] == "Acme"`, `record?.Account?.Name == "Acme"`,
			`"vip" in record.Tags`, `record.Tags == ["new", "vip"]`, `record.Tags[1] == "vip"`, `record.Tags[-1] == "vip"`,
			`"Amount" in record`, `record.Account == old.Account`, `record.Items[1].Name == "Seat"`,
			`record.Account[lower("NAME")] == nil`, `record[body.record.Tags[0]] == nil`,
			`any(record.Items, .Price > 6)`, `all(record.Tags, len(#) == 3)`, `none(record.Items, {.Price > 8})`, `one(record.Tags, # == "vip")`,
			`count(record.Items, .Price != nil) == 2`, `sum(record.Items, .Price) == 12.5`, `sum([1, 2]) == 3`,
			`len(filter(record.Items, .Price == 5)) == 1`, `map(record.Tags, upper(#)) == ["NEW", "VIP"]`,
			`find(record.Items, .Price > 5).Name == "Seat"`, `count([true, false]) == 1`, `record.Tags | any(# == "vip")`,
			`any(record.Items, any(record.Tags, # == "vip") && .Price == 5)`,
			`was("StageName") == "Negotiation/Review"`, `record.Amount - was("Amount") > 10000`,
			`changed("Amount") && !changed("Probability") && !changed("Name") && !changed("Account")`, `"Amount" in old`,
			`old.Amount == 120000`, `body.record.Amount == 135000`, `body.event_type endsWith ".updated"`,
			`headers["X-Salesforce-Event"] == "Opportunity.updated"`, `headers["content-type"] != nil`,
			`meta.type == "Opportunity.updated" && meta.object == "Opportunity" && meta.action == "updated"`,
			`meta.source == "Acme Production" && meta["received_at"] == "2026-11-21T08:00:00Z"`,
			`meta.id == "` + deal.ID.String() + `"`,
			`float(record.Quoted) > 99 && int(record.Quoted) == 99 && int(7) == 7`, `abs(-3) == 3 && round(2.5) == 3 && floor(2.5) == 2 && ceil(2.1) == 3`,
			`record.IsWon ? record.Amount > 1 : false`, `record.IsWon && (record.NextStep ?? "none") == "none"`,
			`if record.IsWon { record.Amount > 1 } else { false }`, "record.Amount > 1 // a deal\n /* of some size */ && record.IsWon",
			`[record.Amount, 1] == [135000, 1.0]`, `"ü" == "\u00fc"`, `record.Amount > 1_000`,
		},
		false: {
			`record.Priority in ["High", "Critical"]`, `meta.action == "created"`, `record.stagename == "Closed Won"`, `"x" in record.Tags`,
			`record.Name == 5`, `record.Tags == "new"`, `"new" == record.Tags`, `record.Tags == ["new"]`, `record.Account == record.Tags`,
			`record.Items[7].Name == "Seat"`, `record.Items["x"] == 1`, `1 in record.Account`, `any([], true)`, `record.IsSplit`,
			`record.Account == old`, `record.Account == record.Items[1]`, `[1, "a"] == [1, "b"]`,
		},
	}
	for want, expressions := range tests {
		for _, expression := range expressions {
			t.Run(expression, func(t *testing.T) {
				if got, err := match(t, expression, deal); err != nil || got != want {
					t.Errorf("got %v (%v), want %v", got, err, want)
				}
			})
		}
	}
}

// What is missing fails nothing, whatever is done to it.
func TestMissing(t *testing.T) {
	for _, expression := range []string{
		`record.No`, `record.No.Way["out"][3].x`, `record.NextStep`, `record.No == true`, `record.No == "x"`, `record.No == 0`, `record.No == ""`,
		`record.No > 1000`, `record.No < 1000`, `1 >= record.No`, `"a" <= record.No`, `record.No + 1 > 0`, `1 - record.No < 5`, `-record.No < 1`,
		`record.No contains "x"`, `"x" startsWith record.No`, `record.No endsWith "x"`, `record.No matches ".*"`, `"x" in record.No`,
		`record.No in ["x", 1]`, `lower(record.No) == ""`, `len(record.No) > 0`, `abs(record.No) >= 0`, `float(record.No) >= 0`, `int(record.No) >= 0`,
		`any(record.No, true)`, `one(record.No, true)`, `count(record.No, true) > 0`, `sum(record.No, #) > 0`, `sum([nil]) > 0`, `find(record.No, true) != nil`,
		`len(filter(record.No, true)) > 0`, `len(map(record.No, #)) > 0`, `record.No && true`, `record.No ? true : false`, `any([1], record.No)`,
		`changed("No")`, `changed(record.No)`, `was("No") != nil`, `was("IsWon") != nil`, `headers.no == "x"`, `body.no.way == 1`, `old.No == 1`,
	} {
		t.Run(expression, func(t *testing.T) {
			for _, e := range []event.Event{deal, {Type: "ping", Body: []byte(`{}`)}, {Type: "ping", Body: []byte(`{"record":5,"old":[]}`)}} {
				if got, err := match(t, expression, e); err != nil || got {
					t.Errorf("on %s: got %v (%v), want false", e.Body, got, err)
				}
			}
		})
	}
	for _, expression := range []string{
		`record.No == nil`, `record.No != "x"`, `nil == record.No.Way`, `record.No not in ["x"]`, `!record.No`, `all(record.No, false)`,
		`none(record.No, true)`, `len(record.No) == 0`, `(record.No ?? 5) == 5`,
	} {
		if got, err := match(t, expression, deal); err != nil || !got {
			t.Errorf("%s: got %v (%v), want true", expression, got, err)
		}
	}
}

func TestWithoutARecord(t *testing.T) {
	push := event.Event{Type: "push", Body: []byte(`{"ref":"refs/heads/main","ref":"main","commits":[{"by":"jo"}]}`)}
	for _, expression := range []string{
		`record == nil && old == nil && headers == nil`, `meta.object == ""`, `meta.action == "push"`, `meta.id == nil`,
		`body.ref == "main"`, `body.commits[0].by == "jo"`, `len(body) == 2`,
	} {
		if got, err := match(t, expression, push); err != nil || !got {
			t.Errorf("%s: got %v (%v), want true", expression, got, err)
		}
	}
}

func TestScopeServesManyFiltersAndAFilterManyScopes(t *testing.T) {
	parsed, err := filter.Parse(`any(record.Items, .Price > 6) && record.StageName matches "Won" && changed("StageName")`)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			scope := filter.NewScope(deal, "Acme")
			for range 100 {
				if got, err := parsed.Match(scope); err != nil || !got {
					t.Errorf("got %v (%v), want true", got, err)
				}
			}
		})
	}
	running.Wait()
}

func TestFailure(t *testing.T) {
	tests := map[string]struct {
		expression string
		want       filter.Error
	}{
		"no condition":      {`record.IsWon &&` + "\n" + `record.Amount`, filter.Error{Line: 2, Column: 8, Piece: "Amount", Problem: "this is a number here, not true or false: compare it with something"}},
		"text and number":   {`record.StageName > 5`, filter.Error{Line: 1, Column: 18, Piece: ">", Problem: "this compares a text with a number: float(record.Amount) reads a text as a number"}},
		"list and number":   {`5 < record.Tags`, filter.Error{Line: 1, Column: 3, Piece: "<", Problem: "this compares a number with a list"}},
		"contains in list":  {`record.Tags contains "vip"`, filter.Error{Line: 1, Column: 13, Piece: "contains", Problem: `this needs two texts, not a list and a text; a list is searched by "x" in list`}},
		"in a text":         {`"Acme" in record.Name`, filter.Error{Line: 1, Column: 8, Piece: "in", Problem: "this searches a list, not a text; a part of a text is found by contains"}},
		"sum of texts":      {`sum(record.Tags) > 1`, filter.Error{Line: 1, Column: 1, Piece: "sum", Problem: "this text is no number"}},
		"text of an object": {`lower(record.Account) == ""`, filter.Error{Line: 1, Column: 1, Piece: "lower", Problem: "this needs a text, not an object"}},
		"pattern, number":   {`record.Amount matches "1"`, filter.Error{Line: 1, Column: 15, Piece: "matches", Problem: "this needs a text, not a number"}},
		"minus, text":       {`record.Name - 1 > 0`, filter.Error{Line: 1, Column: 13, Piece: "-", Problem: "this needs two numbers, not a text and a number"}},
		"plus, mixed":       {`record.Name + 1 == ""`, filter.Error{Line: 1, Column: 13, Piece: "+", Problem: "this needs two numbers, not a text and a number"}},
		"rest by nothing":   {`5 % (record.Amount - 135000) == 0`, filter.Error{Line: 1, Column: 3, Piece: "%", Problem: "runtime error: integer divide by zero"}},
		"length":            {`len(record.Amount) > 1`, filter.Error{Line: 1, Column: 1, Piece: "len", Problem: "a number has no length"}},
		"number of a list":  {`float(record.Tags) > 1`, filter.Error{Line: 1, Column: 1, Piece: "float", Problem: "this needs a number, not a list"}},
		"abs of a text":     {`abs(record.Name) > 1`, filter.Error{Line: 1, Column: 1, Piece: "abs", Problem: "this needs a number, not a text"}},
		"int of a text":     {`int(record.Name) > 1`, filter.Error{Line: 1, Column: 1, Piece: "int", Problem: "this text is no number"}},
		"over an object":    {`any(record.Account, true)`, filter.Error{Line: 1, Column: 1, Piece: "any", Problem: "this goes over a list, not an object"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := match(t, tc.expression, deal)
			var failure *filter.Error
			if !errors.As(err, &failure) || got {
				t.Fatalf("got %v (%v), want an error", got, err)
			}
			if diff := cmp.Diff(tc.want, *failure); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, expression := range []string{
		`record.Amount > 100000 && changed("StageName")`, `record.StageName in ["Open", "Closed Won"]`, `meta.action == "created"`,
	} {
		parsed, err := filter.Parse(expression)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strings.ReplaceAll(expression, " ", ""), func(b *testing.B) {
			b.ReportAllocs()
			var scope *filter.Scope
			for i := 0; b.Loop(); i++ {
				if i%1000 == 0 { // what all filters of one event may do is bounded
					scope = filter.NewScope(deal, "Acme")
				}
				if _, err := parsed.Match(scope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
