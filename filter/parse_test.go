package filter_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dispatch/event"
	"dispatch/filter"
)

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	const out = "this cannot be in a filter"
	tests := map[string]struct {
		expression string
		line, col  int
		piece      string
		problem    string
	}{
		"empty":               {" \n", 1, 2, "", "the expression is empty"},
		"ends":                {`record.Amount >`, 1, 15, "", "the expression ends too early"},
		"bracket":             {`(record.Amount > 5`, 1, 18, "", "the expression ends too early"},
		"no closing quote":    {`record.Name == "x`, 1, 18, "", "a text has no closing quote"},
		"second line":         {"record.IsWon &&\n  record.Größe = 5", 2, 16, "=", "this is not expected here: to compare, write =="},
		"one =":               {`record.A = 5`, 1, 10, "=", "this is not expected here: to compare, write =="},
		"=>":                  {`record.A => 5`, 1, 10, "=", "this is not expected here: for at least, write >="},
		"=<":                  {`record.A =< 5`, 1, 10, "=", "this is not expected here: for at most, write <="},
		"<>":                  {`record.A <> 5`, 1, 11, ">", "this is not expected here: for not equal, write !="},
		"AND":                 {`record.A AND record.B`, 1, 10, "AND", "this is not expected here: for and, write &&"},
		"Or":                  {`record.A Or record.B`, 1, 10, "Or", "this is not expected here: for or, write ||"},
		"NOT":                 {`NOT record.A`, 1, 5, "record", "this is not expected here: a text needs quotes, and conditions are joined by && or ||"},
		"one &":               {`record.A & record.B`, 1, 10, "&", "this is not expected here: for and, write &&"},
		"one |":               {`record.A == 1 | record.B == 2`, 1, 23, ".", "this is not expected here: for or, write ||"},
		"LIKE":                {`record.A LIKE "x%"`, 1, 10, "LIKE", "this is not expected here: for a part of a text, write contains, startsWith, endsWith or matches"},
		"is null":             {`record.A IS NULL`, 1, 10, "IS", "this is not expected here: to compare, write ==; what is missing is nil"},
		"null":                {`record.A == null`, 1, 13, "null", "there is no such name: what is missing is nil"},
		"TRUE":                {`record.A == TRUE`, 1, 13, "TRUE", "there is no such name: write true"},
		"upper case":          {`Record.A == 1`, 1, 1, "Record", "names are in lower case: record"},
		"no root":             {`Amount > 5`, 1, 1, "Amount", `there is no such name: a field is record.Amount, a text is "Amount"`},
		"no quotes":           {`record.StageName == Won`, 1, 21, "Won", `there is no such name: a field is record.Won, a text is "Won"`},
		"two without quotes":  {`record.StageName == Closed Won`, 1, 28, "Won", "this is not expected here: a text needs quotes, and conditions are joined by && or ||"},
		"curly quotes":        {`record.Name == “x”`, 1, 16, "“", `quotes are straight: "`},
		"thousands":           {`record.Amount > 1,000`, 1, 18, ",", "this is not expected here"},
		"strange character":   {`record.A == @x`, 1, 13, "@", "unrecognized character: U+0040 '@'"},
		"huge number":         {`record.A == 99999999999999999999`, 1, 32, "9", `invalid integer literal: strconv.ParseInt: parsing "99999999999999999999": value out of range`},
		"text":                {`"x"`, 1, 1, `"x"`, "this is a text, not a condition: compare it with something"},
		"number":              {`len(record.Name)`, 1, 1, "len", "this is a number, not a condition: compare it with something"},
		"sum":                 {`record.A - 5`, 1, 10, "-", "this is a number, not a condition: compare it with something"},
		"plus":                {`record.A + 5`, 1, 10, "+", "this is a number or a text, not a condition: compare it with something"},
		"negative":            {`-5 && true`, 1, 1, "-", "this is a number, not a condition: compare it with something"},
		"float":               {`!1.5`, 1, 2, "1.5", "this is a number, not a condition: compare it with something"},
		"list":                {`true || map(record.A, #)`, 1, 9, "map", "this is a list, not a condition: compare it with something"},
		"lower":               {`any(record.A, lower(#))`, 1, 15, "lower", "this is a text, not a condition: compare it with something"},
		"list of literals":    {`[1] ? true : false`, 1, 1, "[", "this is a list, not a condition: compare it with something"},
		"chained":             {`1 < record.A < 5`, 1, 12, "A", "comparisons are not chained: write a < b && b < c"},
		"meta alone":          {`meta == 1`, 1, 1, "meta", "meta has type, id, source, object, action, received_at"},
		"meta unknown":        {`meta.foo == 1`, 1, 6, "foo", "meta has type, id, source, object, action, received_at"},
		"meta computed":       {`meta[record.A] == 1`, 1, 5, "[", "meta has type, id, source, object, action, received_at"},
		"method":              {`record.Name.lower() == "x"`, 1, 13, "lower", "values have no methods: write lower(record.Name)"},
		"method of the scope": {`$env.begin()`, 1, 6, "begin", "values have no methods: write lower(record.Name)"},
		"scope":               {`$env == 1`, 1, 1, "$env", `there is no such name: a field is record.$env, a text is "$env"`},
		"scope, field":        {`$env["event"] == 1`, 1, 1, "$env", `there is no such name: a field is record.$env, a text is "$env"`},
		"function":            {`look(1, 2)`, 1, 1, "look", "there is no such function"},
		"root called":         {`record(1)`, 1, 1, "record", "there is no such function"},
		"changed of nothing":  {`changed()`, 1, 1, "changed", `this takes the name of one field, as in changed("StageName")`},
		"was of two":          {`was("A", "B") == 1`, 1, 1, "was", `this takes the name of one field, as in was("StageName")`},
		"lower of two":        {`lower("A", "B") == "x"`, 1, 1, "lower", "this takes one value"},
		"any of nothing":      {`any(record.A)`, 1, 13, ")", "expected at least 2 arguments"},
		"range":               {`1 in 1..5`, 1, 7, "..", out},
		"repeat":              {`repeat("x", 1000000000) == ""`, 1, 1, "repeat", out},
		"now":                 {`now() == 1`, 1, 1, "now", out},
		"reduce":              {`reduce(record.A, #acc + #) == 1`, 1, 1, "reduce", out},
		"sortBy":              {`sortBy(record.A, #) == 1`, 1, 1, "sortBy", out},
		"index":               {`any(record.A, #index == 1)`, 1, 15, "#", out},
		"let":                 {`let x = 5; x == 5`, 1, 5, "x", out},
		"object":              {`{"a": 1} == record.A`, 1, 1, "{", out},
		"slice":               {`record.A[1:2] == "x"`, 1, 9, "[", out},
		"sequence":            {`true; true`, 1, 1, "true", out},
		"bytes":               {`b"x" == record.A`, 1, 1, `b"x"`, out},
		"pattern":             {`record.A matches "("`, 1, 18, `"("`, "error parsing regexp: missing closing ): `(`"},
		"computed pattern":    {`record.A matches record.B`, 1, 25, "B", "a pattern is a text in quotes"},
		"large pattern":       {`record.A matches "a{600}"`, 1, 18, `"a{600}"`, "this pattern is too large"},
		"too long":            {strings.Repeat("true\n||\n", 125) + "true", 251, 1, "", "an expression has at most 1000 characters"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := filter.Parse(tc.expression)
			var got *filter.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want an error", err)
			}
			if diff := cmp.Diff(filter.Error{Line: tc.line, Column: tc.col, Piece: tc.piece, Problem: tc.problem}, *got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestErrorReads(t *testing.T) {
	_, err := filter.Parse(`record.A = 5`)
	if want := "line 1, column 10, at =: this is not expected here: to compare, write =="; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	_, err = filter.Parse(`record.A ==`)
	if want := "line 1, column 11: the expression ends too early"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestLengthIsInCharacters(t *testing.T) {
	expression := `record.A == "` + strings.Repeat("ü", filter.MaxLength-14) + `"`
	if _, err := filter.Parse(expression); err != nil {
		t.Errorf("of %d characters: %v", utf8.RuneCountInString(expression), err)
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`record.Amount > 100000 && changed("StageName")`, `record.Priority in ["High", "Critical"]`, `meta.action == "created"`,
		`any(record.Items, .Price > 6 && # != nil)`, `sum(map(record.Items, .Price ?? 0)) > 1`, `was("A")[-1].b ?: true`,
		`record?.A?.["b"] matches "x+" ? !true : -1 ** 2 == .5`, `1 < 2 < 3`, `if true { $env } else { b'x' }`, "`raw` | lower() == 'é'",
		`any(record, any(#, any(#, record.X)))`, `headers["X"] startsWith "\u{1F600}" or {"a": 1}.b not in 1..2`, `let x = #; [[nil]][0:1]`,
	} {
		f.Add(seed, `{"record":{"Items":[{"Price":1},[null,"x"]],"A":"b"},"old":{"A":{}}}`)
	}
	f.Fuzz(func(t *testing.T, expression, body string) {
		began := time.Now()
		parsed, err := filter.Parse(expression)
		if err == nil {
			e := event.Event{Type: "Case.updated", Body: []byte(body)}
			_, err = parsed.Match(filter.NewScope(e, "fuzz"))
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		var told *filter.Error
		if err != nil && (!errors.As(err, &told) || told.Line < 1 || told.Column < 1 || told.Problem == "") {
			t.Errorf("error: %#v", err)
		}
	})
}
