package commands

import (
	"encoding/json"
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
	at := payload
	steps := strings.Split(strings.ReplaceAll(source.EventTypePath, `\.`, escaped), ".")
	for i, step := range steps {
		step = strings.ReplaceAll(step, escaped, ".")
		if i == len(steps)-1 && step != "" {
			at[step] = "opened"
		} else if step != "" {
			next := map[string]any{}
			at[step], at = next, next
		}
	}
	body, _ := json.Marshal(payload) // cannot fail
	return string(body)
}
