package transform_test

import (
	"errors"
	"fmt"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"dispatch/transform"
)

// Bodies that make much of a program.
var (
	longText = `{"t":"` + strings.Repeat("a", 900_000) + `"}`
	longList = "[" + strings.TrimSuffix(strings.Repeat("0,", 99_000), ",") + "]"
	hugeList = "[" + strings.TrimSuffix(strings.Repeat("0,", 500_000), ",") + "]"
	wideBody = func() string {
		var fields strings.Builder
		for i := range 40_000 {
			fmt.Fprintf(&fields, `"k%d":%d,`, i, i)
		}
		return `{"x":{` + fields.String() + `"z":{}}}`
	}()
)

// Values that are small, but would be seen a billion times.
var (
	lists   = strings.Repeat(`[.,.]|`, 60)
	objects = strings.Repeat(`{a:.,b:.}|`, 60)
)

// hostile are programs that are made to take long, or much memory, with what keeps each from it; "" where it is done in
// time.
var hostile = map[string]struct{ program, body, want string }{
	"multiplied text":        {`"x" * 1e9`, "1", "a text would be longer than 1 MB"},
	"multiplied by a text":   {`1e9 * "x"`, "1", "a text would be longer than 1 MB"},
	"updated text":           {`.a = "x" | .a *= 1e9`, "{}", "a text would be longer than 1 MB"},
	"range":                  {`[range(1e9)]`, "1", "the program takes too many steps"},
	"limit and repeat":       {`[limit(1e9; repeat(1))]`, "1", "the program takes too many steps"},
	"endless":                {`def f: f; f`, "1", "the program takes too many steps"},
	"endless and deep":       {`def f: 1 + f; f`, "1", "the program takes too many steps"},
	"endless and wide":       {`def f: f, f; [f]`, "1", "the program takes too many steps"},
	"until":                  {`until(false; .)`, "1", "the program takes too many steps"},
	"last":                   {`last(range(1e12))`, "1", "the program takes too many steps"},
	"combinations":           {`[combinations(30)]`, "[1,2]", "the program takes too many steps"},
	"caught":                 {`def f: try f catch f; f`, "1", "the program takes too many steps"},
	"index":                  {`.[500000000] = 0`, "null", "a list would have more than 100000 elements"},
	"computed index":         {`.[5e8 | floor] = 0`, "null", "a list would have more than 100000 elements"},
	"index by a function":    {`def f: .[500000000]; f |= 1`, "null", "a list would have more than 100000 elements"},
	"index by nth":           {`nth(500000000) = 1`, "null", "a list would have more than 100000 elements"},
	"index by setpath":       {`setpath([500000000]; 1)`, "null", "a list would have more than 100000 elements"},
	"index by getpath":       {`getpath([500000000]) |= 1`, "null", "a list would have more than 100000 elements"},
	"index by pick":          {`pick(.[500000000])`, "null", "a list would have more than 100000 elements"},
	"index by update":        {`.[500000000] += 1`, "null", "a list would have more than 100000 elements"},
	"many indices":           {`reduce range(1e9) as $i (.; .[$i % 1000][99999] = 1)`, "null", "the program makes too much on the way"},
	"doubled text":           {`reduce range(1000) as $i ("aaaa"; . + .)`, "1", "a text would be longer than 1 MB"},
	"doubled inside a text":  {`reduce range(1000) as $i ("aaaa"; "\(.)\(.)")`, "1", "a text would be longer than 1 MB"},
	"doubled list":           {`reduce range(1000) as $i ([1]; . + .)`, "1", "a list would have more than 100000 elements"},
	"doubled by assignment":  {`reduce range(1000) as $i ([1]; .[0:0] = .)`, "1", "a list would have more than 100000 elements"},
	"doubled by an update":   {`reduce range(1000) as $i ([1]; . as $x | .[0:0] |= $x)`, "1", "there are more than 100000 values in what this goes through"},
	"doubled number":         {`reduce range(100000) as $i (10; . * .)`, "1", "a number has more than 1000 digits"},
	"added number":           {`reduce range(100000) as $i (1; . + .)`, "1", "a number has more than 1000 digits"},
	"number from a text":     {`("9" * 1000000) | tonumber`, "1", "a text of more than 1000 bytes is neither a number nor a time"},
	"number from JSON":       {`("9" * 100000) | fromjson | floor`, "1", "a number has more than 1000 digits"},
	"number in the body":     {`. + 1`, strings.Repeat("9", 100_000), "a number has more than 1000 digits"},
	"deep JSON":              {`("[" * 100000) + ("]" * 100000) | fromjson`, "1", "this is not valid JSON"},
	"join":                   {`[range(1000)] | join("x" * 1000000)`, "1", "a text would be longer than 1 MB"},
	"add":                    {`[range(100) as $i | "x" * 100000] | add`, "1", "a text would be longer than 1 MB"},
	"transpose":              {`[[range(50000)], (range(1000) | [])] | transpose`, "1", "a list would have more than 100000 elements"},
	"many texts":             {`[range(1e9) | "x" * 100000]`, "1", "the program makes too much on the way"},
	"many copies":            {`[range(1e9) as $i | .t + "x"]`, longText, "the program makes too much on the way"},
	"explode":                {`.t | explode`, longText, "a list would have more than 100000 elements"},
	"split":                  {`.t | split("")`, longText, "a list would have more than 100000 elements"},
	"divided":                {`.t / ""`, longText, "a list would have more than 100000 elements"},
	"split by a pattern":     {`.t[:200000] | [splits("")]`, longText, "a list would have more than 100000 elements"},
	"gsub":                   {`.t | gsub("a"; "b")`, longText, "this pattern is too much work on a text of 900000 bytes"},
	"pattern":                {`.t | test("` + strings.Repeat(".*a", 300) + `c")`, longText, "this pattern is too much work on a text of 900000 bytes"},
	"pattern, within reach":  {`.t[:80000] | test("(a*)*(a*)*(a*)*c")`, longText, ""},
	"large pattern":          {`"a" | test("(a{500}){2}")`, "1", "this pattern is too large"},
	"pattern from the body":  {`. as $x | $x.t | test($x.t)`, longText, "this pattern is too large"},
	"many patterns":          {`[range(1000) | tostring as $p | "a" | test($p)] | length`, "1", ""},
	"index in a text":        {`.t | index("aaaaaaab")`, longText, ""},
	"indices in a text":      {`.t | indices("a" * 500000)`, longText, "the text has too much of what is looked for"},
	"time":                   {`0 | strftime("%1024Y" * 1000)`, "1", "a text of more than 1000 bytes is neither a number nor a time"},
	"escaped again":          {`.t | [limit(30; recurse("\\" + tojson))] | length`, `{"t":"\\\"\\\""}`, "a text would be longer than 1 MB"},
	"sort":                   {`sort`, longList, "there are more than 20000 values in what this goes through"},
	"difference":             {`.[:2000] - .[:2000]`, longList, "this would compare more than 200000 pairs"},
	"contains":               {`[.[:1000][] | {a: .}] | contains([{a: 1}])`, longList, ""},
	"copies of a list":       {`[range(1e9) as $i | reverse]`, longList, "the program makes too much on the way"},
	"parts of a list":        {`[range(1e9) as $i | first(.[])]`, longList, "*"},
	"copies of an object":    {`[range(1e9) as $i | .x.a = $i]`, wideBody, "*"},
	"copies by an update":    {`[range(1e9) as $i | .x.z |= $i]`, wideBody, "*"},
	"grown object":           {`reduce range(1e9) as $i ({}; .[$i | tostring] = $i)`, "1", "*"},
	"deep list":              {`reduce range(10000) as $i (0; [.]) | tojson`, "1", "there are more than 500 lists and objects inside each other"},
	"deep result":            {`reduce range(10000) as $i (0; [.])`, "1", "there are more than 500 lists and objects inside each other"},
	"values of the body":     {`length`, hugeList, "JSON of more than 100000 values is not transformed"},
	"size of the body":       {`length`, `"` + strings.Repeat("a", 1<<20) + `"`, "JSON of more than 1048576 bytes is not transformed"},
	"size of the result":     {`[., .] | [., .] | [., .]`, longText, "the result is larger than 1048576 bytes"},
	"size of what is nested": {`[[range(200) | "x" * 10000], "x" * 10000]`, "1", "the result is larger than 1048576 bytes"},
	"escaped result":         {`"\u0001" * 1000000`, "1", "the result is larger than 1048576 bytes"},
	"result":                 {lists + `.`, "1", "the result is larger than 1048576 bytes"},
	"path":                   {`getpath([range(1000) | "a"])`, "1", "a path has more than 500 parts"},
	"walk":                   {lists + `walk(.)`, "1", "the program takes too many steps"},
	"paths":                  {lists + `[paths]`, "1", "the program takes too many steps"},
	"destructured":           {lists + `. as {(.): $x} | $x`, "1", "a list is no index: use indices"},
	"index by itself":        {lists + `.[.]`, "1", "a list is no index: use indices"},
	"index by a path":        {lists + `getpath(.)`, "1", "a list is no index: use indices"},
}

// seenOften are functions that go through all of a value at once.
var seenOften = []string{
	`tojson`, `tostring`, `"\(.)"`, `@json`, `@csv`, `@html "\(.)"`, `format("json")`, `error`, `error(.)`, `try error catch tojson`, `. == .`, `. != .`,
	`. < .`, `. <= .`, `. > .`, `. >= .`, `sort`, `unique`, `min`, `max`, `group_by(.)`, `sort_by(.)`, `unique_by(.)`, `min_by(.)`, `max_by(.)`, `bsearch(1)`,
	`flatten`, `flatten(9)`, `contains(.)`, `inside(.)`, `index(1)`, `rindex([1])`, `indices(1)`, `. - .`, `IN([.])`, `IN(.; .)`, `. as $x | INDEX($x; .)`,
	`del(.[0])`, `delpaths([[0]])`, `.[0] |= empty`, `.[0] += 1`, `.[0] //= empty`, `.[0] %= 2`, `map_values(empty)`,
}

func TestHostile(t *testing.T) {
	for name, tc := range hostile {
		t.Run(name, func(t *testing.T) { bounded(t, tc.program, tc.body, tc.want) })
	}
	for _, end := range seenOften {
		t.Run("seen often by "+end, func(t *testing.T) {
			bounded(t, lists+end, "1", "")
			bounded(t, objects+strings.ReplaceAll(end, "[0]", ".a"), "1", "")
		})
	}
}

// bounded runs a program and sees that it ends in time with the wanted problem ("*": any, "": any or none), and that
// memory stays in bounds.
func bounded(t *testing.T, program, body, want string) {
	t.Helper()
	before := allocated()
	began := time.Now()
	parsed, err := transform.Parse(program)
	if err == nil {
		_, err = parsed.Apply(t.Context(), []byte(body))
	}
	// A tenth of a second, and what was begun at its end.
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if made := allocated() - before; made > 512<<20 {
		t.Errorf("made %d MB", made>>20)
	}
	var told *transform.Error
	switch isError := errors.As(err, &told); {
	case want == "" && (err == nil || isError):
	case !isError:
		t.Errorf("got %v, want %s", err, want)
	case want != "*" && told.Problem != want && !strings.HasPrefix(told.Problem, "the program takes"):
		t.Errorf("got %s, want %s", told.Problem, want)
	}
}

// allocated is how many bytes the process has made so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
