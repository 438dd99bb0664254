package webhook

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// Limits of what an event keeps of its callout's headers. What goes beyond them is left out.
const (
	maxHeaders     = 32
	maxHeadersJSON = 4 << 10 // bytes of all, as JSON
)

// known are headers that need no look at their name: what we call them, or "" for those that are not kept
// because they are about the way here, not about what happened, or are secrets that every callout has.
var known = map[string]string{
	"Content-Type":       "content-type",
	"User-Agent":         "user-agent",
	event.HopsHeader:     event.HopsKept,
	"X-Event-Type":       "x-event-type",
	"X-Github-Event":     "x-github-event",
	"X-Gitlab-Event":     "x-gitlab-event",
	"X-Salesforce-Event": "x-salesforce-event",

	"Accept": "", "Accept-Charset": "", "Accept-Encoding": "", "Accept-Language": "", "Authorization": "",
	"Cache-Control": "", "Cdn-Loop": "", "Connection": "", "Content-Encoding": "", "Content-Length": "", "Element-Instances": "",
	"Expect": "", "Forwarded": "", "Host": "", "Keep-Alive": "", "Origin": "", "Pragma": "",
	"Proxy-Connection": "", "Referer": "", "Te": "", "Trailer": "", "Transfer-Encoding": "", "Upgrade": "",
	"Via": "", "X-Dispatch-Signature": "", "X-Forwarded-For": "", "X-Forwarded-Host": "", "X-Forwarded-Port": "",
	"X-Forwarded-Proto": "", "X-Forwarded-Server": "", "X-Hub-Signature-256": "", "X-Real-Ip": "",
	"X-Salesforce-Signature": "",
}

// secrets are parts of the names of headers that may carry one. Rather one header too few is kept than a
// credential.
var secrets = []string{
	"auth", "cookie", "credential", "hmac", "jwt", "key", "pass", "secret", "session", "sig", "token",
}

// keepHeaders are the headers that are worth keeping, as a JSON object with names in lower case and in
// order, but for the hops, which come first: they must not be left out. It is nil when there are none.
func keepHeaders(header http.Header) json.RawMessage {
	type field struct{ name, value string }
	fields := make([]field, 0, maxHeaders)
	for name, values := range header {
		if name = keptAs(name); name != "" {
			fields = append(fields, field{name, strings.Join(values, ", ")})
		}
	}
	slices.SortFunc(fields, func(a, b field) int { return cmp.Compare(place(a.name), place(b.name)) })

	kept := make([]byte, 0, 256)
	for _, f := range fields[:min(len(fields), maxHeaders)] {
		before := len(kept)
		kept = gjson.AppendJSONString(append(kept, ','), f.name)
		kept = gjson.AppendJSONString(append(kept, ':'), f.value)
		if len(kept) > maxHeadersJSON-len("}") {
			kept = kept[:before]
		}
	}
	if len(kept) == 0 {
		return nil
	}
	kept[0] = '{'
	return append(kept, '}')
}

// place is where the header of the kept name stands.
func place(name string) string {
	if name == event.HopsKept {
		return ""
	}
	return name
}

// keptAs is the name under which the header of that canonical name is kept, "" when it is not.
func keptAs(name string) string {
	lower, ok := known[name]
	if ok {
		return lower
	}
	lower = strings.ToLower(name)
	if slices.ContainsFunc(secrets, func(part string) bool { return strings.Contains(lower, part) }) {
		return ""
	}
	return lower
}
