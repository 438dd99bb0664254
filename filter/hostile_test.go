package filter_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dispatch/event"
	"dispatch/filter"
)

// list is a JSON array of so many elements.
func list(element string, count int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", count), ",") + "]"
}

// object is a JSON object of so many fields, and one more.
func object(count int) string {
	var fields strings.Builder
	for i := range count {
		fmt.Fprintf(&fields, `"F%d":%d,`, i, i)
	}
	return "{" + fields.String() + `"Z":1}`
}

func nested(count int, before, middle, after string) string {
	return strings.Repeat(before, count) + middle + strings.Repeat(after, count)
}

func joined(piece, separator string, count int) string {
	return strings.TrimSuffix(strings.Repeat(piece+separator, count), separator)
}

// hostile are expressions and values of record.X (and record.Z) that are made to take long, or much memory.
var hostile = map[string]struct{ expression, value string }{
	"list of 1 MB":              {`any(record.X, # == 1)`, list("0", 1<<19)},
	"list in list":              {`any(record.X, any(record.X, any(record.X, # == 1)))`, list("0", 5000)},
	"forty lists":               {nested(40, `any(record.X,`, `#==1`, `)`), list("0", 2000)},
	"fifty lists of literals":   {nested(50, `any([0,0,0,0],`, `#==1`, `)`), "1"},
	"two lists of literals":     {`any(` + list("0", 240) + `, any(` + list("0", 240) + `, 1 ** 2 / 3 > 4))`, "1"},
	"doubled a hundred times":   {nested(100, `map(`, `record.X`, `,#+#)`) + `==nil`, `["a"]`},
	"grown in a list":           {`len(map(record.X, record.Y + record.Y + record.Y)) == 0`, list("0", 30000)},
	"text of 1 MB":              {joined(`lower(record.X)==upper(record.X)`, "||", 28), `"` + strings.Repeat("a", 1<<20) + `"`},
	"added up":                  {joined(`record.X`, "+", 100) + `==""`, `"` + strings.Repeat("a", 100_000) + `"`},
	"pattern":                   {`record.X matches "` + strings.Repeat(".*a", 100) + `c"`, `"` + strings.Repeat("a", 100_000) + `"`},
	"pattern, within reach":     {`record.X matches "(a*)*(a*)*(a*)*c"`, `"` + strings.Repeat("a", 90_000) + `"`},
	"pattern in a list":         {`any(record.X, # matches "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)c")`, list(`"aaaaaaaaaaaaaaa"`, 20_000)},
	"large patterns":            {`record.X matches "` + strings.Repeat("x{1000}", 130) + `"`, "1"},
	"list in itself":            {`all(record.X, # in record.X)`, list(`"aaaaaaaaaaaaaaa"`, 5000)},
	"the same list":             {joined("record.X==record.X", "&&", 50), list("[[0],{}]", 20_000)},
	"deep":                      {`any(record.X, ` + joined("# == #", "&&", 80) + `)`, list(nested(150, "[", "1", "]"), 2000)},
	"object of 1 MB":            {joined("record.X.Z==2", "||", 60), object(60_000)},
	"object of 1 MB, dynamic":   {joined(`record.X["Z"+""]==2`, "||", 40), object(60_000)},
	"record of 1 MB":            {joined("record.Z==2", "||", 75), "1," + strings.Trim(object(60_000), "{}")},
	"record of 1 MB, in a loop": {`any(` + list("0", 300) + `, any(` + list("0", 100) + `, changed("Z") || was("Z") == 1))`, "1," + strings.Trim(object(60_000), "{}")},
	"body, whole":               {`body == body && "x" in body`, object(300_000)},
	"body of small fields":      {`body.Z == 2`, `1}` + strings.Repeat(`,"":0`, 1_000_000) + `,"":{"":0`},
}

func TestHostile(t *testing.T) {
	for name, tc := range hostile {
		t.Run(name, func(t *testing.T) {
			e := event.Event{Type: "Case.updated", Body: []byte(`{"old":{"Z":1},"record":{"Y":"` + strings.Repeat("y", 1000) + `","X":` + tc.value + `}}`)}
			began := time.Now()
			parsed, err := filter.Parse(tc.expression)
			if err == nil {
				_, err = parsed.Match(filter.NewScope(e, "hostile"))
			}
			// Ten to sixty milliseconds where nothing else runs.
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			var told *filter.Error
			if err != nil && !errors.As(err, &told) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

func TestWorkIsBounded(t *testing.T) {
	const tooMuch = "this is too much work for one event: look at fewer or shorter values"
	for _, name := range []string{
		"list of 1 MB", "list in list", "two lists of literals", "doubled a hundred times", "grown in a list", "text of 1 MB", "added up", "pattern",
		"pattern in a list", "list in itself", "deep", "object of 1 MB", "record of 1 MB", "body, whole", "body of small fields",
	} {
		t.Run(name, func(t *testing.T) {
			tc := hostile[name]
			e := event.Event{Body: []byte(`{"record":{"Y":"` + strings.Repeat("y", 1000) + `","X":` + tc.value + `}}`)}
			_, err := match(t, tc.expression, e)
			var told *filter.Error
			if !errors.As(err, &told) || told.Problem != tooMuch {
				t.Errorf("got %v", err)
			}
		})
	}
}

// An event has many links. What their filters may do together is bounded, too, and harmless ones before the end of
// that are not touched by it.
func TestManyFiltersOnOneEvent(t *testing.T) {
	costly, err := filter.Parse(hostile["two lists of literals"].expression)
	if err != nil {
		t.Fatal(err)
	}
	usual, err := filter.Parse(`record.Amount > 100000 && changed("StageName")`)
	if err != nil {
		t.Fatal(err)
	}
	scope := filter.NewScope(deal, "Acme")
	for range 4 {
		if _, err := costly.Match(scope); err == nil {
			t.Fatal("the costly filter cost nothing")
		}
		for range 100 {
			if got, err := usual.Match(scope); err != nil || !got {
				t.Fatalf("got %v (%v), want true", got, err)
			}
		}
	}
	for range 100 {
		_, _ = costly.Match(scope)
	}
	if _, err := usual.Match(scope); err == nil {
		t.Error("a hundred costly filters leave something for others")
	}
}
