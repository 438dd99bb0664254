package salesforce

import (
	"net/http"
	"regexp"
	"strconv"
)

// Usage is how many calls an org has taken within the last 24 hours, from everybody, and how many it takes.
type Usage struct {
	Used, Max int
}

var usageShape = regexp.MustCompile(`(?:^|[;, ])api-usage=([0-9]{1,15})/([0-9]{1,15})`)

// count reads what an org says about its limits with every answer.
func (o *Org) count(header http.Header) {
	found := usageShape.FindStringSubmatch(header.Get("Sforce-Limit-Info"))
	if found == nil {
		return
	}
	used, _ := strconv.Atoi(found[1])
	most, _ := strconv.Atoi(found[2])
	o.usage.Store(&Usage{Used: used, Max: most})
}

// Usage is what the org said last, and whether it has said anything yet.
func (o *Org) Usage() (Usage, bool) {
	if last := o.usage.Load(); last != nil {
		return *last, true
	}
	return Usage{}, false
}
