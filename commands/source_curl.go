package commands

import (
	"encoding/json"
	"strconv"
	"strings"

	"dispatch/event"
)

// curlOf is a callout to the source, ready for a shell. What is not known stands there as what it is called.
func curlOf(source event.Source, url, secret string) string {
	if secret == "" {
		secret = "your-signing-secret"
	}
	lines := []string{"```sh", "BODY='" + strings.ReplaceAll(bodyFor(source), "'", `'\''`) + "'"}
	headers := []string{`-H "Content-Type: application/json"`}
	if source.EventTypePath == "" {
		headers = append(headers, `-H "X-Event-Type: issue.opened"`)
	}
	switch source.Auth {
	case event.AuthSecret:
		lines = append(lines, `SIG=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "`+secret+`" | cut -d' ' -f2)`)
		headers = append(headers, `-H "X-Dispatch-Signature: sha256=$SIG"`)
	case event.AuthAPIKey:
		headers = append(headers, `-H "Authorization: Bearer dsp_your-api-key"`)
	}
	lines = append(lines, "curl -X POST "+url+` \`)
	for _, h := range headers {
		lines = append(lines, h+` \`)
	}
	return strings.Join(append(lines, `-d "$BODY"`, "```"), "\n")
}

// bodyFor is a payload with its type where the source looks for it.
func bodyFor(source event.Source) string {
	const escaped = "\x00" // no path has it
	payload := map[string]any{"issue": map[string]any{"title": "Bug report"}}
	if source.EventTypePath != "" {
		first, steps, _ := strings.Cut(strings.ReplaceAll(source.EventTypePath, `\.`, escaped), ".")
		payload[strings.ReplaceAll(first, escaped, ".")] = below(steps, escaped)
	}
	body, _ := json.Marshal(payload) // cannot fail
	return string(body)
}

// below is what is at the steps of a path, with a type at its end.
func below(steps, escaped string) any {
	if steps == "" {
		return "opened"
	}
	const longest = 5 // A list with more in front of what counts would not help anybody to read it.
	step, rest, _ := strings.Cut(steps, ".")
	if n, err := strconv.Atoi(step); err == nil && n >= 0 && n < longest {
		list := make([]any, n, n+1)
		for i := range list {
			list[i] = struct{}{}
		}
		return append(list, below(rest, escaped))
	}
	return map[string]any{strings.ReplaceAll(step, escaped, "."): below(rest, escaped)}
}
