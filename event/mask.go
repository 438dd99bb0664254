package event

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// masked stands for what is not shown.
const masked = `"` + Masked + `"`

// secretWords are what the name of a secret has in it, whatever its case and whatever stands between the words.
var secretWords = []string{
	"password", "passwd", "passphrase", "token", "secret", "apikey", "authorization", "signature", "privatekey",
}

// Mask gives the body with "********" in place of each value whose key names a secret, at any depth: such values
// are for the destination, not for people who look something up. All else stays byte for byte. Only true, false and
// null are shown under such a key. A body that is no JSON is masked as a whole.
func Mask(body []byte) []byte {
	if !json.Valid(body) {
		return []byte(masked)
	}
	out, kept := make([]byte, 0, len(body)), 0
	eachSecret(body, func(from, to int) {
		out = append(append(out, body[kept:from]...), masked...)
		kept = to
	})
	return append(out, body[kept:]...)
}

// eachSecret tells where in a body, which is JSON, each value is whose key names a secret. It does not look for others
// in these.
func eachSecret(body []byte, found func(from, to int)) {
	for i := 0; i < len(body); {
		if body[i] != '"' {
			i++
			continue
		}
		end := endOfString(body, i)
		value, isKey := valueBehind(body, end)
		if !isKey || !namesSecret(body[i:end]) || isWord(body[value]) {
			i = end
			continue
		}
		i = endOfValue(body, value)
		found(value, i)
	}
}

// HoldsSecrets says whether the body is known to hold secrets, so that it is sealed where it is stored.
func (e Event) HoldsSecrets() bool { return e.Type == PreferencesUpdated }

// Shown is the event for what people make of it, such as templates: a body that is known to hold secrets is masked. What
// others hold is up to whoever asks for it by its name.
func (e Event) Shown() Event {
	if e.HoldsSecrets() {
		e.Body = Mask(e.Body)
	}
	return e
}

// isWord says whether a value that begins so is true, false or null.
func isWord(first byte) bool { return first == 't' || first == 'f' || first == 'n' }

// endOfString is the index behind the string that begins at i.
func endOfString(body []byte, i int) int {
	for i++; body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// valueBehind is where the value of a key begins, when what ended before i was a key.
func valueBehind(body []byte, i int) (int, bool) {
	i = skipSpace(body, i)
	if i == len(body) || body[i] != ':' {
		return 0, false
	}
	return skipSpace(body, i+1), true
}

func skipSpace(body []byte, i int) int {
	for i < len(body) && bytes.IndexByte([]byte(" \t\r\n"), body[i]) >= 0 {
		i++
	}
	return i
}

// endOfValue is the index behind the value that begins at i.
func endOfValue(body []byte, i int) int {
	depth := 0
	for i < len(body) {
		switch body[i] {
		case '"':
			i = endOfString(body, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
		default: // a number: its last character is what counts
			for i+1 < len(body) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(body[i+1])) {
				i++
			}
		}
		i++
		if depth == 0 {
			break
		}
	}
	return i
}

// namesSecret looks at the letters and digits of a key, which is a JSON string.
func namesSecret(key []byte) bool {
	name := string(key)
	if bytes.IndexByte(key, '\\') >= 0 && json.Unmarshal(key, &name) != nil {
		return true
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}
