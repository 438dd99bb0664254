package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxIntakeAnswer is more bytes than the intake ever answers.
const maxIntakeAnswer = 64 << 10

// hook is where a source takes callouts, as its admin is told.
type hook struct{ url, secret string }

// readHook takes the URL and the secret from their code spans, as a person would.
func readHook(reply string) (hook, error) {
	var found hook
	spans := strings.Split(strings.ReplaceAll(reply, "\\`", ""), "`") // an escaped one begins none
	for i, span := range spans {
		switch {
		case i%2 == 0 || strings.ContainsAny(span, " \n"):
		case strings.Contains(span, "://"):
			found.url = span
		default:
			found.secret = span
		}
	}
	if found.url == "" || found.secret == "" {
		return hook{}, errors.New("generate-url told no URL or no secret")
	}
	return found, nil
}

func (h hook) sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(h.secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// header is one header of a callout.
type header struct{ name, value string }

// headers are those of a callout. One without an event type leaves that to its body.
func (h hook) headers(eventType string, body []byte) []header {
	all := []header{{"Content-Type", "application/json"}}
	if eventType != "" {
		all = append(all, header{"X-Salesforce-Event", eventType})
	}
	return append(all, header{"X-Salesforce-Signature", h.sign(body)})
}

// request is a signed callout.
func (h hook) request(ctx context.Context, eventType string, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for _, set := range h.headers(eventType, body) {
		request.Header.Set(set.name, set.value)
	}
	return request, nil
}

// send sends a signed callout and gives the status and the body of the answer.
func (h hook) send(ctx context.Context, eventType string, body []byte) (status int, answered string, err error) {
	request, err := h.request(ctx, eventType, body)
	if err != nil {
		return 0, "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxIntakeAnswer))
	return answer.StatusCode, string(text), err
}

// curl is a line for a shell that sends the same.
func (h hook) curl(eventType string, body []byte) string {
	var line strings.Builder
	line.WriteString("curl -X POST " + quoted(h.url) + " \\\n")
	for _, set := range h.headers(eventType, body) {
		line.WriteString("  -H " + quoted(set.name+": "+set.value) + " \\\n")
	}
	line.WriteString("  --data-raw " + quoted(string(body))) // -d would read a file where the body begins with @
	return line.String()
}

// quoted is a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
