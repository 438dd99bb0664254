package transform_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/itchyny/gojq"

	"dispatch/transform"
)

// deal is a body as an org sends it.
const deal = `{"event_type":"Opportunity.updated","instance_url":"https://example.my.salesforce.com",
	"record":{"Id":"0061x00000D4eF5AAD","Name":"Acme - Größe & Co","StageName":"Closed Won","Amount":135000.00,
	"Serial":9007199254740993123,"IsWon":true,"NextStep":null,"Tags":["vip","new","vip"],"Account":{"Name":"Acme"},
	"Items":[{"Name":"Seat","Price":7.5},{"Name":"Desk","Price":5},{"Name":"Lamp","Price":7.5}]},
	"old":{"StageName":"Negotiation/Review"}}`

func apply(t *testing.T, program, body string) (string, error) {
	t.Helper()
	parsed, err := transform.Parse(program)
	if err != nil {
		t.Fatalf("parse %s: %v", program, err)
	}
	out, err := parsed.Apply(t.Context(), []byte(body))
	return string(out), err
}

func TestApply(t *testing.T) {
	tests := map[string]struct{ program, want string }{
		"a field":                   {`.record.Name`, `"Acme - Größe & Co"`},
		"an object":                 {`.record | {id: .Id, won: .IsWon, "n\(1)": .NextStep}`, `{"id":"0061x00000D4eF5AAD","n1":null,"won":true}`},
		"text with values":          {`"\(.record.Account.Name): \(.record.Amount)"`, `"Acme: 135000.00"`},
		"the first of many":         {`.record.Tags[]`, `"vip"`},
		"numbers keep their digits": {`.record | [.Amount, .Serial]`, `[135000.00,9007199254740993123]`},
		"large numbers are exact":   {`.record.Serial + 1`, `9007199254740993124`},
		"nothing is null":           {`.record.No.Way[3]`, `null`},
		"false":                     {`.record.IsWon | not`, `false`},
		"comments":                  {"# the name\n.record.Account.Name # of it", `"Acme"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := apply(t, tc.program, deal)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Programs are rewritten before they run. What they give must not show it.
func TestGivesWhatJQGives(t *testing.T) {
	for _, program := range []string{
		`.`, `..`, `keys, length`, `.record | to_entries, with_entries(.key |= ascii_upcase)`, `[.record[]]`, `.record.Tags[-1], .record.Tags[1:]`,
		`(1, 2) + (10, 20), (1, 2) - (3, 4), (2, 3) * (4, 5), 7 / 2, 7 % 4`, `1 < 2, 2 <= 1, 1 > 1, 1 >= 1, 1 == 1.0, 1 != "1", ([1] < [2])`,
		`null + 1, "a" + "b", [1] + [2, [3]], {a: 1} + {b: 2}, {a: {b: 1}} * {a: {c: 2}}, "ab" * 3, "ab" * 0, 2 * "ab", [1, 2, 1] - [1]`,
		`"a,b, c" / ", "`, `-.record.Amount, +.record.Amount, -(1 + 2)`, `99999999999999999999 + 1, 99999999999999999999 * 10`, `10 * 0.1`,
		`"x\(1 + 2)y\("z", "w")\([1, {a: "b"}])"`, `@json "v=\(.record.Tags)", @base64 "\("hi")!", (.record.Tags | @csv, @tsv, @sh, @html, @json, @text, @uri, @base64)`,
		`"aGk=" | @base64d`, `@text`, `{"a b": 1}."a b", .["rec\("ord")"].Id, ."rec\("ord")".Id`, `.record | {Name, "Id": 1, (.Name): 2, "x\(1)": 3}`,
		`.record.Items | sort_by(.Price, .Name), group_by(.Price), unique_by(.Price), min_by(.Price), max_by(.Price), map(.Price)`,
		`.record.Tags | sort, unique, min, max, reverse, join("-"), index("vip"), rindex("vip"), indices("vip"), contains(["vi"]), inside(["vip", "new"])`,
		`[1, 2, 1, 2] | indices([1, 2]), index(2)`, `"a-b-é-b" | index("b"), rindex("b"), indices("-"), index("x"), indices(""), contains("b")`,
		`"aaaa" | indices("aa")`, `null | index("a")`, `[1, [2, [3]]] | flatten, flatten(1)`, `[[1, 2], [3]] | transpose`, `[1, 3, 5] | bsearch(3), bsearch(4)`,
		`[1, null, 2] | add, add(.[]?)`, `["a", 1, null, true] | join(",")`, `{a: "x", b: "y"} | add, join("+")`, `[] | add, join(","), min, first?`,
		`"Test 123, test 45" | test("test"), test("TEST"; "i"), test(["TEST", "i"])`, `"foo bar foo" | [match("foo"; "g")], [match(["(?<x>f)(o)?(z)?", "g"])], match("bar")`,
		`"aéb éc" | [match("é(?<n>.)"; "g")]`, `"xyz, 12" | capture("(?<a>[a-z]+), (?<n>\\d+)")`, `"a1b22" | [scan("\\d+")], [scan("([a-z])(\\d)")], [scan("B"; "i")]`,
		`"a, b,c" | [splits(", *")], split(", *"; null), split(","), ascii_upcase`, `"abc" | sub("b"; "[\(.)]"), gsub("(?<l>[ac])"; "<\(.l)>"), gsub("x"; "y"), sub("(?<x>.)"; "1", "2")`,
		`"aBc" | gsub("b"; "-"; "i"), sub("B"; "b"; "g"), explode, (explode | implode), ascii_downcase`, `"12", "1e3", "0.50" | tonumber`, `[1, "a"] | tojson, tostring, (tojson | fromjson)`,
		`"2026-01-02T03:04:05Z" | fromdate, (fromdate | todate, strftime("%Y/%m"), gmtime), (strptime("%Y-%m-%dT%H:%M:%SZ") | mktime)`,
		`.record.Amount = 1, (.record.Amount |= . + 1), (.record.Amount += 1), (.a.b[2] = 5), (.record.Tags[1:] = ["x"]), (.record.Tags[0] |= ascii_upcase)`,
		`.record.Items[] |= (.Price *= 2), (.record.Items[].Price -= 1), (.record.Amount /= 2), (.record.NextStep //= "x"), (.n = 7 | .n %= 4)`,
		`.record.Tags |= map(select(. != "vip")), (.record.Tags[] |= empty), (.a += (1, 2)), (.record.Items[1:] |= map(.Name))`,
		`del(.old), del(.record.Tags[0, 2]), delpaths([["old"], ["record", "Id"]]), map_values(type), (.record | map_values(empty))`,
		`getpath(["record", "Tags", 0]), setpath(["x", 2]; 1), [paths], [paths(type == "number")], path(.record.Tags[0]), pick(.record.Name), (getpath(["a", "b"]) |= 3)`,
		`to_entries[0], (.record | from_entries?), ([{name: "a", value: 1}] | from_entries)`, `walk(if type == "number" then . + 1 else . end)`, `[recurse(.[]?; . != null)] | length`,
		`reduce .record.Items[] as {Price: $p} (0; . + $p), foreach range(3) as $i (0; . + $i; [$i, .])`, `. as {record: {Tags: [$a, $b]}} | [$a, $b]`, `. as [$a] ?// {old: $a} | $a`,
		`. as {("re" + "cord"): {"Na\("me")": $n}} | $n`, `label $out | 1, 2, break $out, 3`, `try error("x") catch ., (try error catch type), (.a.b.c?), [.record.Name.x?]`, `try (1 / 0) catch .`,
		`def f(x; $y): x * $y; def g: f(. + 1; 2); 3 | g`, `def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 10 | fac`, `def sort: "mine"; [2, 1] | sort`, `def tostring: "t"; "\(1)"`,
		`if .a then 1 elif .record then 2 else 3 end, (if false then 1 end | type)`, `(.a // "none"), (empty // 1), (false, 1) // 2, (true and null), (null or true)`,
		`[limit(3; repeat(1))], [range(5; 0; -2)], first(range(10)), [.[]? | strings], until(. == 5; 5), [while(length > 0; {})] | length`, `nth(1; range(5)), ([1, 2, 3] | nth(1), first, last, any(. > 2), all(. > 0))`,
		`IN("a", .event_type), ([1, 2] | IN([1, 2])), IN(1; 2, 1), INDEX(.record.Items[]; .Name), (.record.Items | INDEX(.Price))`, `[[1, 2], [3, 4]] | [combinations]`, `[skip(1; 1, 2, 3)], isempty(empty)`,
		`[1.5, -1.5] | map(floor, ceil, round, fabs, abs)`, `[pow(2; 10), (16 | sqrt), infinite > 1, (nan | isnan)]`, `splits("a")?, ltrimstr("x")?, ("xa" | ltrimstr("x"), startswith("x")), has("old"), ("old" | in({old: 1}))`,
		`@json, (.record.Tags | tojson | length), ("\u00e9" | utf8bytelength)`, `.[("old", "event_type")]`, `.record["Tags"][0], .record[("Name", "Id")], [.record.Tags[range(2)]]`, `1 as $x | [$x, $x + 1] | .[1:][0]`,
		`"\("a" + "b")\(1 == 1)"`, `{a: (1, 2), b: 3}`, `[.record.Items[] | select(.Price > 5 and (.Name | startswith("S")))]`, `ascii_downcase?, ([3, 1] | sort | .[0] = 9)`, `"x" as $x | "y" as $y | $x + $y + "z"`,
	} {
		t.Run(program, func(t *testing.T) {
			got, err := apply(t, "["+program+"]", deal)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain(t, "["+program+"]"), got); diff != "" {
				t.Errorf("-jq +ours\n%s", diff)
			}
		})
	}
}

// plain is what the interpreter itself makes of the deal.
func plain(t *testing.T, program string) string {
	t.Helper()
	query, err := gojq.Parse(program)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(deal))
	decoder.UseNumber()
	var input any
	if err := decoder.Decode(&input); err != nil {
		t.Fatal(err)
	}
	result, _ := query.Run(input).Next()
	if err, is := result.(error); is {
		t.Fatal(err)
	}
	written, err := gojq.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func TestFailure(t *testing.T) {
	tests := map[string]struct{ program, body, want string }{
		"no result":       {`empty`, deal, "the program gives nothing"},
		"said by itself":  {`error("no \(.record.Name)")`, deal, "no Acme - Größe & Co"},
		"said an object":  {`error({a: 1})`, deal, `{"a":1}`},
		"said too much":   {`error("ä" * 1000)`, deal, strings.Repeat("ä", 150) + "…"},
		"wrong type":      {`.record.Name + 1`, deal, `cannot add: string ("Acme - Größe & Co") and number (1)`},
		"no list":         {`.record.Name[]`, deal, `cannot iterate over: string ("Acme - Größe & Co")`},
		"by zero":         {`1 / 0`, deal, "cannot divide number (1) by: number (0)"},
		"index of a list": {`.record.Tags[["vip"]]`, deal, "a list is no index: use indices"},
		"strange pattern": {`.record.Name | test("(")`, deal, "error parsing regexp: missing closing ): `(`"},
		"strange flag":    {`.record.Name | test("x"; "q")`, deal, "the flags of patterns are g, i and m"},
		"pattern, number": {`1 | test("x")`, deal, "a pattern is looked for in a text"},
		"not JSON":        {`"{" | fromjson`, deal, "this is not valid JSON"},
		"JSON of what":    {`1 | fromjson`, deal, "fromjson reads a text"},
		"body":            {`.`, `{`, "this is not valid JSON"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := apply(t, tc.program, tc.body)
			var failure *transform.Error
			if !errors.As(err, &failure) {
				t.Fatalf("got %v, want an error", err)
			}
			if diff := cmp.Diff(transform.Error{Problem: tc.want}, *failure); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	parsed, err := transform.Parse(`.record | {name: .Name, n: (.Tags | length), t: (.Name | gsub("[A-Z]"; "x"))}`)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for range 50 {
				got, err := parsed.Apply(t.Context(), []byte(deal))
				if want := `{"n":3,"name":"Acme - Größe & Co","t":"xcme - xröße & xo"}`; err != nil || string(got) != want {
					t.Errorf("got %s (%v)", got, err)
				}
			}
		})
	}
	running.Wait()
}

func TestHeedsTheContext(t *testing.T) {
	parsed, err := transform.Parse(`.`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // whether it gets its turn or not
		if _, err := parsed.Apply(ctx, []byte(deal)); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	for name, program := range map[string]string{
		"identity": `.`,
		"typical":  `.record | {id: .Id, name: .Name, amount: (.Amount * 2), stage: "\(.StageName)!", tags: (.Tags | join(", "))}`,
	} {
		parsed, err := transform.Parse(program)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parsed.Apply(b.Context(), []byte(deal)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
