package delivery

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// MaxURL is how many bytes the URL of an endpoint may have.
const MaxURL = 2048

// URLError says why an endpoint cannot have a URL. It does not repeat it.
type URLError struct {
	Reason string // locale key
}

func (e *URLError) Error() string { return "check URL: " + e.Reason }

// ValidateURL says why an endpoint cannot have the URL; its error is a *URLError. Where a name leads is not looked up:
// that is checked with each call, since it can change.
func ValidateURL(raw string, allowPrivate bool) error {
	u, err := parseURL(raw)
	if err != nil {
		return err
	}
	if host, _ := asciiHost(u); !allowPrivate && isPrivate(host) {
		return &URLError{"endpoint.private"}
	}
	return nil
}

func parseURL(raw string) (*url.URL, error) {
	if len(raw) > MaxURL {
		return nil, &URLError{"endpoint.too_long"}
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, &URLError{"endpoint.invalid"}
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, &URLError{"endpoint.scheme"}
	case u.User != nil:
		return nil, &URLError{"endpoint.user"}
	}
	host, ok := asciiHost(u)
	if !ok || host == "" || isDisguised(host) || !isPort(u.Port()) {
		return nil, &URLError{"endpoint.invalid"}
	}
	return u, nil
}

// asciiHost is the host as it will be looked up, without the dot of a name that is complete.
func asciiHost(u *url.URL) (host string, ok bool) {
	host = u.Hostname()
	if strings.ContainsFunc(host, func(r rune) bool { return r > 127 }) {
		var err error
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", false
		}
	}
	return strings.ToLower(strings.TrimSuffix(host, ".")), true
}

// numeric matches the last label of what some resolvers take for an IPv4 address: no name ends like that.
var numeric = regexp.MustCompile(`^(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)$`)

// isDisguised says whether the host is an address that is not written like one: 2130706433, 0177.0.0.1 or 0x7f.1.
func isDisguised(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && numeric.MatchString(host)
}

// isPrivate says whether the host is an address, or a name for one, that only we can reach.
func isPrivate(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return public.SafeAddr(addr.Unmap()) != nil
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func isPort(port string) bool {
	number, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && number > 0
}
