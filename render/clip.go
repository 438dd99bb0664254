package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	ellipsis   = "…"
	joiner     = '\u200d' // makes one character of several, such as a family of emoji
	maxCluster = 64       // bytes of one character with all its marks; a longer one is cut
)

// clip cuts escaped text to a number of UTF-16 units and says so with an ellipsis. It cuts neither inside an
// escape nor inside what a reader sees as one character.
func clip(text string, limit int) string {
	if len(text) <= limit || unitsOf(text) <= limit {
		return text // there are never more units than bytes
	}
	end, left := 0, limit-unitsOf(ellipsis)
	for {
		size := clusterLength(text[end:])
		left -= unitsOf(text[end : end+size])
		if left < 0 {
			return strings.TrimRight(text[:end], " \n\t") + ellipsis
		}
		end += size
	}
}

// clusterLength is how many bytes the text's first character has, with the marks and joined characters that
// belong to it. An escape is one with what it escapes.
func clusterLength(text string) int {
	last, size := utf8.DecodeRuneInString(text)
	if last == '\\' {
		escaped, n := utf8.DecodeRuneInString(text[size:])
		last, size = escaped, size+n
	}
	flag := isRegional(last)
	for size < len(text) && size < maxCluster {
		r, n := utf8.DecodeRuneInString(text[size:])
		switch {
		case flag && isRegional(r):
			flag = false // two letters make one
		case extends(r), last == joiner && r != '\\':
		default:
			return size
		}
		last, size = r, size+n
	}
	return size
}

// extends says whether the rune belongs to the character before it.
func extends(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r == joiner, '\U0001f3fb' <= r && r <= '\U0001f3ff', '\U000e0020' <= r && r <= '\U000e007f':
		return true // the colours of skins, and the letters of flags
	default:
		return unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me)
	}
}

func isRegional(r rune) bool { return '\U0001f1e6' <= r && r <= '\U0001f1ff' }

// unitsOf is the text's length in UTF-16 units.
func unitsOf(text string) int {
	units := 0
	for _, r := range text {
		units++
		if r > 0xffff {
			units++
		}
	}
	return units
}
