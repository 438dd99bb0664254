package render

import "strings"

// hosts are the domains that Salesforce serves its orgs under.
var hosts = []string{".salesforce.com", ".force.com", ".salesforce.mil", ".sfcrmproducts.cn"}

const (
	maxHost   = 253
	maxObject = 80 // characters of an object's API name, namespace included
	maxID     = 18
)

// recordURL is the record's Lightning page, "" unless all parts are beyond doubt: a forged callout must not
// make us link to somebody else's page.
func recordURL(instanceURL, object, id string) string {
	const scheme = "https://"
	if len(instanceURL) < len(scheme) || !strings.EqualFold(instanceURL[:len(scheme)], scheme) {
		return ""
	}
	host := strings.ToLower(strings.TrimSuffix(instanceURL[len(scheme):], "/"))
	if !isSalesforce(host) || !isObject(object) || !isID(id) {
		return ""
	}
	return scheme + host + "/lightning/r/" + object + "/" + id + "/view"
}

// isSalesforce takes a bare host only: no port, no user, no path.
func isSalesforce(host string) bool {
	if len(host) > maxHost || strings.Contains(host, "..") || strings.ContainsAny(host[:min(1, len(host))], ".-") {
		return false
	}
	for i := range len(host) {
		if c := host[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '.' {
			return false
		}
	}
	for _, domain := range hosts {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

func isObject(name string) bool {
	if name == "" || len(name) > maxObject || !isLetter(name[0]) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && c != '_' {
			return false
		}
	}
	return true
}

// isID takes whatever cannot lead elsewhere. Orgs give 15 or 18 characters; who tries things out types fewer.
func isID(id string) bool {
	for i := range len(id) {
		if !isLetter(id[i]) && !isDigit(id[i]) {
			return false
		}
	}
	return id != "" && len(id) <= maxID
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
