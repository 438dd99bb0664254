package transform_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/transform"
)

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	tests := map[string]struct {
		program   string
		line, col int
		piece     string
		problem   string
	}{
		"empty":               {" ", 1, 1, "", "the program is empty: . gives the whole body"},
		"ends":                {`{a: 1`, 1, 6, "", "the program ends too early"},
		"no end":              {"if .a\nthen 1", 2, 7, "", "the program ends too early"},
		"no closing quote":    {`"abc`, 1, 5, "", "unterminated string literal"},
		"escape":              {`"a\qb"`, 1, 3, `\q`, `invalid escape sequence "\q" in string literal`},
		"second line":         {"[\n\"ö\", .a = = 2", 2, 11, "=", "this is not expected here: to compare, write =="},
		"&&":                  {`.a && .b`, 1, 4, "&", "this is not expected here: for and, write and"},
		"||":                  {`.a || .b`, 1, 5, "|", "this is not expected here: for or, write or"},
		"!":                   {`!.a`, 1, 1, "!", "this is not expected here: for not, write | not"},
		"single quotes":       {`'x'`, 1, 1, "'", `this is not expected here: texts stand in double quotes: "`},
		"strange":             {`.a ~ .b`, 1, 4, "~", "this is not expected here"},
		"function":            {`.a | foo(1; 2)`, 1, 6, "foo", "there is no function foo/2"},
		"number of arguments": {`.a | map`, 1, 6, "map", "there is no function map/0"},
		"of the interpreter":  {`_add(1; 2)`, 1, 1, "_add", "there is no function _add/2"},
		"of the prelude":      {`.a | __walk`, 1, 6, "__walk", "there is no function __walk/0"},
		"defined elsewhere":   {`(def f: 1; f) | f`, 1, 6, "f", "there is no function f/0"},
		"variable":            {`.a as $x | [$x, $xy]`, 1, 17, "$xy", "there is no such variable"},
		"variable of ours":    {`.a += 1 | $__by`, 1, 11, "$__by", "there is no such variable"},
		"place":               {`$__loc__`, 1, 1, "$__loc__", "there is no such variable"},
		"environment":         {`$ENV.HOME`, 1, 1, "$ENV", "there is no such variable"},
		"env":                 {`[env]`, 1, 2, "env", "this cannot be in a transform: there is no environment"},
		"now":                 {`now | todate`, 1, 1, "now", "this cannot be in a transform: what comes out must not depend on when it is asked"},
		"localtime":           {`.a|localtime`, 1, 4, "localtime", "this cannot be in a transform: times are in UTC: use gmtime"},
		"input":               {`[., input]`, 1, 5, "input", "this cannot be in a transform: there is one body and nothing else"},
		"debug":               {`.input | debug`, 1, 10, "debug", "this cannot be in a transform: nobody would read it"},
		"halt":                {`halt_error`, 1, 1, "halt_error", "this cannot be in a transform: use error"},
		"modules":             {`import "a" as a; .`, 1, 1, "import", "there are no modules"},
		"include":             {`include "a"; .`, 0, 0, "", "import: there are no modules"},
		"our names":           {`def __walk: .; .`, 1, 5, "__walk", "names do not begin with __"},
		"our argument":        {`def f(__x): .; .`, 1, 7, "__x", "names do not begin with __"},
		"our variable":        {`. as [$__by] | .`, 1, 7, "$__by", "names do not begin with __"},
		"label":               {`break $out`, 1, 7, "$out", "there is no such label"},
		"within a text":       {`"a \(foo) b"`, 1, 6, "foo", "there is no function foo/0"},
		"within a key":        {`{"a\(foo)": 1}`, 1, 6, "foo", "there is no function foo/0"},
		"within a pattern":    {`. as {"a\(foo)": $x} | $x`, 1, 11, "foo", "there is no function foo/0"},
		"within an index":     {`.a[foo:]`, 1, 4, "foo", "there is no function foo/0"},
		"within a condition":  {`if . then 1 elif foo then 2 end`, 1, 18, "foo", "there is no function foo/0"},
		"within a loop":       {`foreach .[] as $x (0; foo; .)`, 1, 23, "foo", "there is no function foo/0"},
		"within a try":        {`try . catch foo`, 1, 13, "foo", "there is no function foo/0"},
		"too long":            {strings.Repeat(".|", 2000) + ".", 0, 0, "", "a program has at most 4000 characters"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := transform.Parse(tc.program)
			var got *transform.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want an error", err)
			}
			if diff := cmp.Diff(transform.Error{Line: tc.line, Column: tc.col, Piece: tc.piece, Problem: tc.problem}, *got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestErrorReads(t *testing.T) {
	tests := map[string]string{
		`.a || .b`: "line 1, column 5, at |: this is not expected here: for or, write or",
		`{a: 1`:    "line 1, column 6: the program ends too early",
		`error(1)`: "1",
	}
	for program, want := range tests {
		parsed, err := transform.Parse(program)
		if err == nil {
			_, err = parsed.Apply(t.Context(), []byte(deal))
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", program, err, want)
		}
	}
}

func FuzzTransform(f *testing.F) {
	for _, seed := range []string{
		`.record | {id: .Id, "n\(.Name)": (.Amount * 2), t: (.Tags | join(", "))}`, `"\(.a): \("b" + @json "\(.c)")"[1:]`, `.a[.b]? += (.c, 1) | del(.d[0])`,
		`reduce .[] as [$a, {b: $c}] (0; . + $a) | ."x\(1)"."y"`, `[limit(3; repeat(.))] | group_by(.a) | .[-1:] = ["x"]`, `def f(g; $x): g | $x; f(. as {("a" + "b"): $y} | $y; 2)`,
		`label $l | foreach range(9) as $i (.; . * 2; break $l) | @base64`, `gsub("(?<x>a)|b"; "\(.x)" , "y"; "gi")`, `try (.[500000000] = 0) catch (.. |= . + 1) // "x" * 1e9`,
		`[.,.] | [.,.] | . == . | tojson | fromjson | walk(.)`, `.. as [$a] ?// $a | if $a then -$a elif . then setpath(["a", 1e9]; 2) else empty end`, `[splits("a*")] | indices("a") | transpose`,
	} {
		f.Add(seed, `{"record":{"Id":"1","Name":"aab","Amount":1.50,"Tags":["a","b"]},"a":[1,{"b":null}],"b":"a"}`)
	}
	f.Fuzz(func(t *testing.T, program, body string) {
		began := time.Now()
		parsed, err := transform.Parse(program)
		if err == nil {
			_, err = parsed.Apply(t.Context(), []byte(body))
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
		var told *transform.Error
		if err != nil && (!errors.As(err, &told) || told.Problem == "") {
			t.Errorf("error: %#v", err)
		}
	})
}
