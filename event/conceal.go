package event

import (
	"cmp"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

const (
	// minSecret is how many bytes a secret has at least that is looked for in a text: what is shorter is in every text.
	minSecret = 4
	// maxSecrets is how many are looked for. Nobody has more, but for those who want us to be busy with it.
	maxSecrets = 200
)

// Conceal gives a text from outside with "********" in place of what Mask hides of the body: whoever got the body may
// have sent it back, as a whole, in part, or in an error. A text may be cut, so that it ends with the beginning of a secret.
// Of a body with too many secrets to look for, nothing of the text is shown.
func Conceal(text string, body []byte) string {
	if len(text) < minSecret || !gjson.ValidBytes(body) {
		return text
	}
	known := make(secrets)
	eachSecret(body, func(from, to int) { known.add(gjson.ParseBytes(body[from:to])) })
	if len(known) > maxSecrets {
		return Masked
	}
	hidden := known.spelt()
	for _, secret := range hidden {
		text = strings.ReplaceAll(text, secret, Masked)
	}
	for _, secret := range hidden {
		if cut := beginning(text, secret); cut >= minSecret {
			text = text[:len(text)-cut] + Masked
		}
	}
	return text
}

// secrets are texts and numbers, each with how it is written in the body.
type secrets map[string]string

// add adds those in a value, unless there are too many anyway.
func (s secrets) add(value gjson.Result) {
	if value.IsObject() || value.IsArray() {
		value.ForEach(func(_, inside gjson.Result) bool {
			s.add(inside)
			return len(s) <= maxSecrets
		})
		return
	}
	if secret := value.String(); len(secret) >= minSecret && !value.IsBool() && len(s) <= maxSecrets {
		s[secret] = strings.Trim(value.Raw, `"`)
	}
}

// spelt are the secrets in all forms in which they are written elsewhere, the longest first: one may be in another.
func (s secrets) spelt() []string {
	var all []string
	for secret, raw := range s {
		all = append(all, secret, raw)
		for _, spell := range spellings {
			all = append(all, spell(secret))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// beginning is how many bytes at the end of the text are the beginning of the secret, but not all of it. What it takes grows
// with their lengths, and not faster.
func beginning(text, secret string) int {
	text = text[max(0, len(text)-len(secret)+1):]
	if !strings.Contains(text, secret[:minSecret]) {
		return 0
	}
	back := make([]int, len(secret)) // for each beginning, the longest shorter one that it ends with
	for i := 1; i < len(secret); i++ {
		n := back[i-1]
		for n > 0 && secret[i] != secret[n] {
			n = back[n-1]
		}
		if secret[i] == secret[n] {
			n++
		}
		back[i] = n
	}
	n := 0
	for i := range len(text) {
		for n > 0 && text[i] != secret[n] {
			n = back[n-1]
		}
		if text[i] == secret[n] {
			n++
		}
	}
	return n
}

// spellings are how a text is written in JSON, in JSON within that, in addresses and in pages.
var spellings = []func(string) string{
	inString, inCarefulString,
	func(text string) string { return strings.ReplaceAll(inString(text), "/", `\/`) },
	func(text string) string { return inString(inString(text)) },
	url.QueryEscape, url.PathEscape, html.EscapeString,
}

// inString is a text as it stands in a string of JSON.
func inString(text string) string {
	written, _ := marshal(text) // of a text that is always possible
	return string(written[1 : len(written)-1])
}

// inCarefulString is inString by those who expect the JSON to stand in a page.
func inCarefulString(text string) string {
	written, _ := json.Marshal(text)
	return string(written[1 : len(written)-1])
}
