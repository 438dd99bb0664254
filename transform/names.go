package transform

import (
	_ "embed" // the prelude
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/itchyny/gojq"
)

//go:embed prelude.jq
var preludeText string

// harmless are the functions of the interpreter that programs may call as they are: what they do at once is little, or
// they look at the clock meanwhile.
const harmless = `
length/0 utf8bytelength/0 not/0 has/1 in/1 type/0 toboolean/0 empty/0 select/1 recurse/0 recurse/1 recurse/2
map/1 path/1 paths/0 paths/1 pick/1 to_entries/0 from_entries/0 with_entries/1 while/2 until/2 repeat/1 range/1 range/2
range/3 arrays/0 objects/0 iterables/0 booleans/0 numbers/0 finites/0 normals/0 strings/0 nulls/0 values/0 scalars/0
combinations/0 combinations/1 walk/1 first/0 first/1 last/0 last/1 nth/2 isempty/1 all/0 all/1 all/2 any/0 any/1 any/2
limit/2 skip/2 startswith/1 endswith/1 ltrimstr/1 rtrimstr/1 trimstr/1 ltrim/0 rtrim/0 trim/0 implode/0 abs/0
infinite/0 nan/0 isinfinite/0 isfinite/0 isnan/0 isnormal/0 floor/0 ceil/0 round/0 trunc/0 rint/0 nearbyint/0 fabs/0
sqrt/0 cbrt/0 pow/2 exp/0 exp2/0 exp10/0 expm1/0 log/0 log2/0 log10/0 log1p/0 logb/0 frexp/0 modf/0 ldexp/2
significand/0 sin/0 cos/0 tan/0 asin/0 acos/0 atan/0 atan2/2 sinh/0 cosh/0 tanh/0 asinh/0 acosh/0 atanh/0 fmin/2 fmax/2
fmod/2 fma/3 hypot/2 copysign/2 remainder/2 gmtime/0 mktime/0 todate/0 fromdate/0 todateiso8601/0 fromdateiso8601/0`

// refused are functions that other programs know, with the reason why these do not have them.
var refused = map[string]string{
	"now": "what comes out must not depend on when it is asked", "localtime": "times are in UTC: use gmtime",
	"strflocaltime": "times are in UTC: use strftime", "input": "there is one body and nothing else", "inputs": "there is one body and nothing else",
	"debug": "nobody would read it", "stderr": "nobody would read it", "env": "there is no environment",
	"halt": "use empty or error", "halt_error": "use error",
}

// refusal says why a function cannot be called.
func refusal(name string, arguments int) string {
	if why, ok := refused[name]; ok {
		return "this cannot be in a transform: " + why
	}
	return "there is no function " + signature(name, arguments)
}

// part is a function of the prelude, with the words of its body.
type part struct {
	*gojq.FuncDef
	words []string
}

var word = regexp.MustCompile(`[a-z_]\w*`)

// prelude is what programs call instead of what the interpreter brings along.
var prelude = sync.OnceValue(func() []part {
	parsed, err := gojq.Parse(preludeText + " .")
	if err != nil {
		panic(err) // our own text
	}
	parts := make([]part, len(parsed.FuncDefs))
	for i, definition := range parsed.FuncDefs {
		parts[i] = part{definition, word.FindAllString(definition.Body.String(), -1)}
	}
	return parts
})

// allowed are the functions that programs may call.
var allowed = sync.OnceValue(func() map[string]bool {
	names := make(map[string]bool)
	for _, name := range strings.Fields(harmless) {
		names[name] = true
	}
	for _, p := range prelude() {
		names[signature(p.Name, len(p.Args))] = !strings.HasPrefix(p.Name, "__")
	}
	return names
})

// needed are the parts of the prelude that the called functions need, in its order. Each stands behind what it needs.
func needed(called []string) []*gojq.FuncDef {
	var (
		wanted = make(map[string]bool)
		found  []*gojq.FuncDef
	)
	for _, name := range called {
		wanted[name] = true
	}
	for _, p := range slices.Backward(prelude()) {
		if wanted[p.Name] {
			found = append(found, p.FuncDef)
			for _, name := range p.words {
				wanted[name] = true
			}
		}
	}
	slices.Reverse(found)
	return found
}
