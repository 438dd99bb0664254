package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForeignFields(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"top first":           {`{"a":{"b":1},"c":2,"d":["x","y"]}`, []string{"C: 2", "D: x, y", "a.b: 1"}},
		"further in":          {`{"a":{"b":{"c":{"d":true}},"e":"f"}}`, []string{"a.b.c.d: Yes", "a.e: f"}},
		"empty":               {`{"a":"","b":null,"c":{},"d":[],"e":" ","f":{"g":null,"h":[null,""]}}`, nil},
		"lists":               {`{"a":[1,"x*",true,null,2.50],"b":[{"c":1}],"d":[1,[2]],"e":{"f":["g"]}}`, []string{`A: 1, x\*, Yes, 2.50`, "e.f: g"}},
		"markup in a name":    {`{"a":{"b_c*":1}}`, []string{`a.b\_c\*: 1`}},
		"dot in a name":       {`{"a":{"b.c":1}}`, []string{"a.b.c: 1"}},
		"no name":             {`{"":1,"a":{"":2}}`, []string{"a.: 2"}},
		"secret":              {`{"auth":{"token":"x","user":"y"},"secret":["x"]}`, []string{"Secret: ••••••••", "auth.token: ••••••••", "auth.user: y"}},
		"inside a secret":     {`{"secrets":{"a":{"b":"x","c":""}},"d":{"api_key":{"id":7}}}`, []string{"secrets.a.b: ••••••••", "d.api\\_key.id: ••••••••"}},
		"moment":              {`{"at":"2026-03-31T09:40:00Z","days":["2026-03-31T09:40:00Z"]}`, []string{"At: <t:1774950000:f>", "Days: 2026-03-31T09:40:00Z"}},
		"day or version":      {`{"api_version":"2026-03-31"}`, []string{"Api version: 2026-03-31"}},
		"type and name":       {`{"type":"thing.made","name":"Boiler","data":{"type":"thing.made","name":"x"}}`, []string{"data.type: thing.made", "data.name: x"}},
		"six objects at most": {`{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1},"i":2}}}}}}}`, []string{"a.b.c.d.e.f.i: 2"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw("thing.made", tc.body)
			check(t, embed)
			checkMarkup(t, embed)
			if diff := cmp.Diff(tc.want, lines(embed)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForeignFieldsAreFew(t *testing.T) {
	var members strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&members, `,"f%d":%q`, i, strings.Repeat("x", 2000))
	}
	long := "[" + strings.TrimSuffix(strings.Repeat(`"abcdefghi",`, 5000), ",") + "]"
	for name, body := range map[string]string{
		"top":    `{"a":1` + members.String() + `}`,
		"inside": `{"d":{"a":1` + members.String() + `}}`,
		"mixed":  `{"a":1,"d":{"e":{"b":1` + members.String() + `}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			embed := draw("thing.made", body)
			check(t, embed)
			if len(embed.Fields) != 24 {
				t.Errorf("%d fields, want 24", len(embed.Fields))
			}
		})
	}
	embed := draw("thing.made", `{"list":`+long+`}`)
	check(t, embed)
	if value := embed.Fields[0].Value; !strings.HasPrefix(value, "abcdefghi, abcdefghi") || !strings.HasSuffix(value, "…") || len(value) < 1000 {
		t.Errorf("the list is %q", value)
	}
}

// Others have orders and users, too: what is not written like Salesforce's is not drawn like it.
func TestForeignLooks(t *testing.T) {
	const plain, platform = 0x7089B2, 0x6F8D9B
	tests := map[string]struct {
		typ, body, title string
		colour           int
	}{
		"another's":          {"user.created", `{"data":{"username":"mona"}}`, "User created", plain},
		"as Salesforce's":    {"User.created", `{"Username":"mona"}`, "User created", platform},
		"from an org":        {"user.created", `{"instance_url":"https://acme.my.salesforce.com","Username":"mona"}`, "User created", platform},
		"a record":           {"user.created", `{"record":{"Username":"mona"}}`, "User created", platform},
		"deleted":            {"user.deleted", `{}`, "User deleted", 0x95A5A6},
		"with a slash":       {"orders/create", `{"name":"#1001"}`, `Orders create: \#1001`, plain},
		"with spaces":        {"Push Hook", `{}`, "Push Hook", plain},
		"with both and more": {"a/b.c_d", `{}`, "A/b c d", plain},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			embed := draw(tc.typ, tc.body)
			check(t, embed)
			if embed.Title != tc.title || embed.Color != tc.colour {
				t.Errorf("%q in #%06X, want %q in #%06X", embed.Title, embed.Color, tc.title, tc.colour)
			}
		})
	}
}
