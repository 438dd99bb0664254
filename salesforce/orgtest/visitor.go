package orgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// questionID finds the id of a consent page.
var questionID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// Visit is somebody who opens the address where an authorization goes on and presses Allow, or Deny. It gives where they are
// sent then, which they have not opened yet.
func Visit(ctx context.Context, authorizeURL string, allow bool) (string, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, authorizeURL, nil)
	if err != nil {
		return "", err
	}
	shown, to, err := open(client, request)
	if err != nil || to != "" {
		return to, err
	}
	found := questionID.FindStringSubmatch(shown)
	if found == nil {
		return "", fmt.Errorf("visit: there is no question: %s", shown)
	}
	form := url.Values{"id": {found[1]}, "answer": {"deny"}}
	if allow {
		form.Set("answer", "allow")
	}
	address, _, _ := strings.Cut(authorizeURL, "?")
	request, err = http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, to, err = open(client, request)
	if err == nil && to == "" {
		err = errors.New("visit: nobody is sent back")
	}
	return to, err
}

// open gives a page, or where it leads.
func open(client *http.Client, request *http.Request) (shown, to string, err error) {
	answer, err := client.Do(request)
	if err != nil {
		return "", "", fmt.Errorf("visit: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	return string(body), answer.Header.Get("Location"), err
}
