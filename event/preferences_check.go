package event

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of preferences.
const (
	MaxRetries        = 100  // after a failure
	MaxPreference     = 255  // characters of a text, but
	MaxPreferenceLong = 1600 // characters of the message and of the download URL: as many as one SMS in parts can have
)

// Max is how many characters a text in the field may have.
func (f PreferenceField) Max() int {
	if f.Name == "messageBody" || f.Name == "downloadUrl" {
		return MaxPreferenceLong
	}
	return MaxPreference
}

func (f PreferenceField) checkText(text string) Problem {
	lines := f.Name == "messageBody"
	control := func(r rune) bool { return unicode.IsControl(r) && (!lines || !strings.ContainsRune("\n\r\t", r)) }
	switch {
	case utf8.RuneCountInString(text) > f.Max():
		return ProblemLong
	case strings.ContainsFunc(text, control):
		return ProblemControl
	case text == "" || f.check == nil:
		return ""
	}
	return f.check(text)
}

var (
	subdomains    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	phonePrefixes = regexp.MustCompile(`^\+?[0-9 ()-]{1,15}$`)
	placeholders  = strings.NewReplacer("{{itemId}}", "1", "{{phone}}", "1")
)

func checkSubdomain(text string) Problem {
	if !subdomains.MatchString(text) {
		return ProblemSubdomain
	}
	return ""
}

func checkPhonePrefix(text string) Problem {
	if !phonePrefixes.MatchString(text) || !strings.ContainsAny(text, "0123456789") {
		return ProblemPhonePrefix
	}
	return ""
}

func checkDownloadURL(text string) Problem {
	filled := placeholders.Replace(text)
	if strings.Contains(filled, "{{") || strings.Contains(filled, "}}") {
		return ProblemPlaceholder
	}
	u, err := url.Parse(filled)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return ProblemURL
	}
	return ""
}
