package render

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// safeAddress is an address as Discord takes it, and whether it is one: of http or https, on a host with a name.
func safeAddress(text string) (string, bool) {
	u, err := url.Parse(percented(strings.TrimSpace(text)))
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "https" && scheme != "http" {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(u.Hostname(), "."))
	if err != nil || !strings.Contains(host, ".") || len(host) > maxHost {
		return "", false
	}
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	u.Scheme, u.Host = scheme, host
	return u.String(), true
}

// percented is the text with every character escaped that an address cannot have.
func percented(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		c := text[i]
		switch {
		case isLetter(c), isDigit(c), strings.IndexByte("-._~:/?#[]@!$&'()*+,;=", c) >= 0:
			b.WriteByte(c)
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
