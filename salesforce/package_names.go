package salesforce

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// Limits of names, in characters.
const (
	maxIdentifier = 40 // of a class, a trigger or a custom object
	maxPrefixName = 8
	maxFolderName = 40
)

// prefixOf begins the name of all that a package puts into an org, so that packages of several sources get along
// there. It stays the same for a source, however often the package is made.
func prefixOf(source string, endpoint *url.URL) string {
	var name strings.Builder
	for _, word := range asciiWords(source) {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return "Dispatch" + name.String()[:min(name.Len(), maxPrefixName)] + fingerprint(path.Base(endpoint.Path))
}

// folderOf is the name of the package's folder.
func folderOf(source string, endpoint *url.URL) string {
	name := strings.Join(asciiWords(strings.ToLower(source)), "-")
	name = strings.TrimRight(name[:min(len(name), maxFolderName)], "-")
	if name == "" {
		name = fingerprint(path.Base(endpoint.Path))
	}
	return "dispatch-" + name
}

// asciiWords are the runs of letters and digits that Apex takes for a name.
func asciiWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// fingerprint tells texts apart that look alike.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:2])
}

// names gives out Apex identifiers. Apex takes no notice of upper and lower case.
type names map[string]bool

// identifier is one for the object that begins with the prefix and is not taken: at most 40 characters, no two
// underscores in a row.
func (n names) identifier(prefix, object string) string {
	name := prefix + strings.ReplaceAll(object, "__", "_")
	if len(name) > maxIdentifier || n[strings.ToLower(name)] {
		mark := fingerprint(object)
		name = strings.TrimRight(name[:min(len(name), maxIdentifier-len(mark))], "_") + mark
	}
	n[strings.ToLower(name)] = true
	return name
}
