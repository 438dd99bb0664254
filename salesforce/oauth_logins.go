package salesforce

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"dispatch/event"
)

// ErrDomain is for what was typed as a My Domain and is none.
var ErrDomain = errors.New("not a My Domain")

// Logins are where people log in to Salesforce: URLs without a path. Besides Salesforce's own hosts, tokens go to these
// two and nowhere else.
type Logins struct {
	Production string
	Sandbox    string
}

// of is where the people of an environment log in.
func (l Logins) of(environment event.Environment) string {
	if environment == event.Sandbox {
		return l.Sandbox
	}
	return l.Production
}

var (
	// ownHosts are Salesforce's. One with a port or a dot at its end is not meant.
	ownHosts = regexp.MustCompile(`^([a-z0-9-]+\.)+(salesforce|force)\.com$`)
	// myDomain is the part of an org's hosts that is its own: "acme", "acme--qa.sandbox".
	myDomain = regexp.MustCompile(`^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z]+)?$`)
)

// origin is the scheme and host of an address that a token may travel to, and whether it is one.
func (l Logins) origin(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return "", false
	}
	found := strings.ToLower(u.Scheme + "://" + u.Host)
	for _, login := range []string{l.Production, l.Sandbox} {
		if found == strings.ToLower(login) {
			return found, true
		}
	}
	return found, u.Scheme == "https" && ownHosts.MatchString(strings.ToLower(u.Host))
}

// ownLogins are where everybody can log in to Salesforce.
var ownLogins = []string{"https://login.salesforce.com", "https://test.salesforce.com"}

// myDomainHosts are the ends of the hosts that an org shows in an address bar.
var myDomainHosts = []string{".my.salesforce.com", ".lightning.force.com", ".my.salesforce-setup.com"}

// at is where the people of one org log in. What was typed is its My Domain, alone or in any address of the org: "acme",
// "acme.my.salesforce.com", "https://acme--qa.sandbox.lightning.force.com/lightning/page/home".
func (l Logins) at(typed string) (string, error) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	for _, login := range append([]string{l.Production, l.Sandbox}, ownLogins...) {
		if login = strings.ToLower(login); typed == login || strings.HasPrefix(typed, login+"/") {
			return login, nil
		}
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "https" || u.User != nil {
		return "", ErrDomain
	}
	name, whole := u.Host, false
	for _, end := range myDomainHosts {
		if before, found := strings.CutSuffix(name, end); found {
			name, whole = before, true
			break
		}
	}
	if !myDomain.MatchString(name) || !whole && strings.Contains(name, ".") {
		return "", ErrDomain
	}
	return "https://" + name + myDomainHosts[0], nil
}
