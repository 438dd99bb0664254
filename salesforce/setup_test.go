package salesforce_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
)

const endpoint = "https://dispatch.example:8443/hooks/abc"

func TestSetupSignsAsTheIntakeVerifies(t *testing.T) {
	// A signature is what openssl dgst -sha256 -hmac <secret> says of the body; a secret that a shell cannot
	// pass on has none.
	const body = `{"event_type":"Opportunity.updated","record":{"Name":"Zoë"}}`
	tests := map[string]struct{ secret, signature string }{
		"as made":             {"5f3c0a", "ef59b76924a781c3b991a926535119b726470e4a4fcc7b1ab812ed6cc13c22b2"},
		"quote":               {"it's", ""},
		"breaks out":          {"'; System.debug(UserInfo.getSessionId()); String x = '", ""},
		"backslash":           {`a\`, ""},
		"backslash and quote": {`\'`, ""},
		"new line":            {"a\nb\r\n", ""},
		"line separator":      {"a\u2028b\u0085c\x00", ""},
		"not ASCII":           {"schlüssel 🔑", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			apex := setup(t, endpoint, tc.secret, "Acme")
			mac := hmac.New(sha256.New, []byte(tc.secret))
			mac.Write([]byte(body))
			want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
			if tc.signature != "" && want != "sha256="+tc.signature {
				t.Fatalf("the vector is %s, want %s", want, tc.signature)
			}
			if got := transliterate(t, apex, body); got != want {
				t.Errorf("X-Salesforce-Signature = %q, want %q", got, want)
			}
		})
	}
}

// transliterate does in Go what the generated Apex says it does with the body, step by step.
func transliterate(t *testing.T, apex, body string) string {
	t.Helper()
	prefix := find(t, apex, `setHeader\('X-Salesforce-Signature', '([^']*)' \+ signatureOf\(payload\)\)`)
	encode := find(t, apex, `return EncodingUtil\.(\w+)\(Crypto\.generateMac\('\w+', payload, Blob\.valueOf\(SECRET\)\)\)`)
	algorithm := find(t, apex, `Crypto\.generateMac\('(\w+)'`)
	find(t, apex, `Blob payload = (Blob\.valueOf\(body\));`)
	find(t, apex, `request\.(setBodyAsBlob\(payload\));`)
	hashes := map[string]func() hash.Hash{"HmacSHA256": sha256.New}
	encoders := map[string]func([]byte) string{"convertToHex": hex.EncodeToString}
	if hashes[algorithm] == nil || encoders[encode] == nil {
		t.Fatalf("unknown step: %s of %s", encode, algorithm)
	}
	mac := hmac.New(hashes[algorithm], []byte(literal(t, apex, "SECRET")))
	mac.Write([]byte(body))
	return prefix + encoders[encode](mac.Sum(nil))
}

func TestSetupKeepsTheURLInItsLiteral(t *testing.T) {
	const hostile = `https://dispatch.example/hooks/a'; x = '\b`
	if got := literal(t, setup(t, hostile, "s", "Acme"), "ENDPOINT"); got != hostile {
		t.Errorf("ENDPOINT = %q, want %q", got, hostile)
	}
	if files, err := salesforce.Setup("https://dispatch.example/\n", "s", "Acme", nil); err == nil {
		t.Errorf("Setup with a broken URL = %v, want an error", files)
	}
}

func TestSetupTriggers(t *testing.T) {
	tests := map[string]struct {
		objects []string
		want    []string
	}{
		"by default":  {nil, []string{"DispatchOpportunity on Opportunity", "DispatchCase on Case"}},
		"custom":      {[]string{"Invoice__c", "acme__Deal__c"}, []string{"DispatchInvoice_c on Invoice__c", "Dispatchacme_Deal_c on acme__Deal__c"}},
		"a long name": {[]string{strings.Repeat("Long_", 8) + "__c"}, []string{"DispatchLong_Long_Long_Long_Long_Long_Lo on " + strings.Repeat("Long_", 8) + "__c"}},
	}
	identifier := regexp.MustCompile(`^[A-Za-z](_?[A-Za-z0-9])*$`)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			files, err := salesforce.Setup(endpoint, "s", "Acme", tc.objects)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range regexp.MustCompile(`(?m)^trigger ((\w+) on \w+) \(`).FindAllStringSubmatch(string(files[0].Content), -1) {
				got = append(got, m[1])
				if !identifier.MatchString(m[2]) || len(m[2]) > 40 {
					t.Errorf("trigger %q is no Apex identifier", m[2])
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("triggers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSetupGuide(t *testing.T) {
	guide := setup(t, endpoint, "s3cret", "Acme\n## Extra")
	for _, want := range []string{
		"# Dispatch: setup for Acme ## Extra\n",
		"Remote Site URL:   https://dispatch.example:8443\n",
		"X-Salesforce-Event: Opportunity.updated\n",
		"Content-Type: application/json\n",
		"`SigningKey` = s3cret\n",
		"new List<Schema.SObjectType>{ Opportunity.SObjectType, Case.SObjectType }",
	} {
		if !strings.Contains(guide, want) {
			t.Errorf("the guide lacks %q", want)
		}
	}
}

func TestParseObjects(t *testing.T) {
	many := make([]string, salesforce.MaxSetupObjects+1)
	for i := range many {
		many[i] = "Object" + strconv.Itoa(i) + "__c"
	}
	tests := map[string]struct {
		list    string
		want    []string
		problem salesforce.ObjectProblem
	}{
		"none":              {"", nil, ""},
		"only commas":       {" , ,", nil, ""},
		"one":               {"Opportunity", []string{"Opportunity"}, ""},
		"several":           {"Opportunity, Case,Invoice__c ", []string{"Opportunity", "Case", "Invoice__c"}, ""},
		"twice":             {"Case,case", []string{"Case"}, ""},
		"namespace":         {"acme__Deal__c", []string{"acme__Deal__c"}, ""},
		"a label":           {"Won Deal", nil, salesforce.NotAnAPIName},
		"Apex":              {"Case (after insert) {}", nil, salesforce.NotAnAPIName},
		"three underscores": {"a___c", nil, salesforce.NotAnAPIName},
		"too long":          {strings.Repeat("a", 81), nil, salesforce.NotAnAPIName},
		"a digit first":     {"1Case", nil, salesforce.NotAnAPIName},
		"prices":            {"Case,pricebookentry", nil, salesforce.NoPriceTriggers},
		"metadata type":     {"Plan__mdt", nil, salesforce.NoTriggers},
		"platform event":    {"Shipped__e", nil, salesforce.NoTriggers},
		"the most":          {strings.Join(many[1:], ","), many[1:], ""},
		"too many":          {strings.Join(many, ","), nil, salesforce.TooManyObjects},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := salesforce.ParseObjects(tc.list)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("ParseObjects (-want +got):\n%s", diff)
			}
			var bad *salesforce.ObjectError
			if errors.As(err, &bad); (bad == nil) != (tc.problem == "") || bad != nil && bad.Problem != tc.problem {
				t.Errorf("ParseObjects: %v, want problem %q", err, tc.problem)
			}
		})
	}
}

func setup(t *testing.T, endpoint, secret, name string) string {
	t.Helper()
	files, err := salesforce.Setup(endpoint, secret, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[0].Content)
}

func find(t *testing.T, text, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("no %s in the guide", pattern)
	}
	return match[1]
}

// literal reads the value of an Apex constant as Apex does: up to the first quote that is not escaped,
// behind which the statement must end.
func literal(t *testing.T, apex, constant string) string {
	t.Helper()
	_, rest, found := strings.Cut(apex, "String "+constant+" = '")
	if !found {
		t.Fatalf("no constant %s", constant)
	}
	var value strings.Builder
	for {
		char, _, tail, err := strconv.UnquoteChar(rest, '\'')
		if err != nil {
			break
		}
		if strings.ContainsRune("\n\r\u2028\u0085", char) && !strings.HasPrefix(rest, `\`) {
			t.Fatalf("%s has a raw line break", constant)
		}
		value.WriteRune(char)
		rest = tail
	}
	if !strings.HasPrefix(rest, "';\n") {
		t.Fatalf("%s does not end where its literal ends: %.40q", constant, rest)
	}
	return value.String()
}
