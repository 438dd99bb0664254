package salesforce

import (
	"regexp"
	"strings"
)

// orgIDShape is an org's id: 15 characters, which case tells apart, or 18, the last three of which repeat their case.
var orgIDShape = regexp.MustCompile(`^00D[0-9A-Za-z]{12}([A-Za-z0-5]{3})?$`)

// ParseOrgID reads the id of an org, 15 or 18 characters, and gives it in 18. It says whether it is one.
func ParseOrgID(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if !orgIDShape.MatchString(typed) {
		return "", false
	}
	full := typed[:15] + caseOf(typed[:15])
	return full, len(typed) == 15 || strings.EqualFold(typed, full)
}

// caseOf is what follows the 15 characters of an id: for each five, one that tells which of them are capitals.
func caseOf(id string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	var sum []byte
	for begin := 0; begin < len(id); begin += 5 {
		bits := 0
		for i, c := range []byte(id[begin : begin+5]) {
			if c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		sum = append(sum, alphabet[bits])
	}
	return string(sum)
}
