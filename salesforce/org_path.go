package salesforce

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// apiRoot is what the REST API is below.
const apiRoot = "/services/data/"

// ErrPath is for paths that lead out of the REST API.
var ErrPath = errors.New("the path leads out of the REST API")

// addressOf puts an address together. However the path is read, it stays below apiRoot.
func addressOf(instance, path string, query url.Values) (string, error) {
	read, err := url.PathUnescape(path)
	if err != nil || !strings.HasPrefix(read, apiRoot) || strings.ContainsAny(path, "?#\\") || strings.ContainsFunc(read, unicode.IsControl) {
		return "", ErrPath
	}
	for segment := range strings.SplitSeq(strings.ReplaceAll(read, `\`, "/"), "/") {
		name, _, _ := strings.Cut(segment, ";") // some servers take the rest for parameters
		again, err := url.PathUnescape(name)
		if err != nil {
			again = name
		}
		if name == "." || name == ".." || again == "." || again == ".." {
			return "", ErrPath
		}
	}
	if len(query) == 0 {
		return instance + path, nil
	}
	return instance + path + "?" + query.Encode(), nil
}
