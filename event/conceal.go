package event

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// minSecret is how many bytes a secret has at least that is looked for in a text: what is shorter is in every text.
const minSecret = 4

// Conceal gives a text from outside with "********" in place of what Mask hides of the body: whoever got the body may
// have sent it back, as a whole, in part, or in an error. A text may be cut, so that it ends with the beginning of a secret.
func Conceal(text string, body []byte) string {
	if len(text) < minSecret || !json.Valid(body) {
		return text
	}
	var hidden []string
	eachSecret(body, func(from, to int) { hidden = appendSecrets(hidden, gjson.ParseBytes(body[from:to])) })
	slices.SortFunc(hidden, func(a, b string) int { return len(b) - len(a) }) // one may be in another
	for _, secret := range hidden {
		text = strings.ReplaceAll(text, secret, Masked)
	}
	for _, secret := range hidden {
		for cut := min(len(secret)-1, len(text)); cut >= minSecret; cut-- {
			if before, is := strings.CutSuffix(text, secret[:cut]); is {
				text = before + Masked
				break
			}
		}
	}
	return text
}

// appendSecrets adds the texts and numbers in a value, in the forms in which they are written elsewhere.
func appendSecrets(known []string, value gjson.Result) []string {
	if value.IsObject() || value.IsArray() {
		value.ForEach(func(_, inside gjson.Result) bool {
			known = appendSecrets(known, inside)
			return true
		})
		return known
	}
	secret := value.String()
	if len(secret) < minSecret || value.IsBool() {
		return known
	}
	known = append(known, secret, strings.Trim(value.Raw, `"`))
	for _, spell := range spellings {
		if spelt := spell(secret); !slices.Contains(known, spelt) {
			known = append(known, spelt)
		}
	}
	return known
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
