package salesforce

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	callTime  = time.Minute
	maxAnswer = 16 << 20 // bytes; the largest page of records is smaller
)

var (
	// ErrUntrusted is for answers that would have us send a token to somebody who is not Salesforce, or that are about
	// another org than the one that was asked.
	ErrUntrusted = errors.New("what Salesforce answered leads elsewhere")
	// ErrTooLarge is for answers that are larger than any we ask for.
	ErrTooLarge = errors.New("the answer is too large")
)

// Client talks to Salesforce and nobody else: bounded in time and size, and never redirected.
type Client struct {
	logins Logins
	http   *http.Client
}

// NewClient makes a client that trusts Salesforce's hosts and those of the logins.
func NewClient(logins Logins) *Client {
	return &Client{logins: logins, http: &http.Client{
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer is what Salesforce answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// send is the one place where a request leaves for Salesforce. No error shows its address, or what it carries.
func (c *Client) send(request *http.Request) (Answer, error) {
	if _, trusted := c.logins.origin(request.URL.String()); !trusted {
		return Answer{}, ErrUntrusted
	}
	request.Header.Set("User-Agent", "Dispatch") // for those who look at the org's log
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("ask %s: %w", request.URL.Host, withoutURL(err))
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return Answer{}, fmt.Errorf("read answer of %s: %w", request.URL.Host, err)
	}
	if len(body) > maxAnswer {
		return Answer{}, fmt.Errorf("read answer of %s: %w", request.URL.Host, ErrTooLarge)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

func withoutURL(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

// get asks for a resource, with the token unless it is "".
func (c *Client) get(ctx context.Context, address string, token Token) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Answer{}, fmt.Errorf("make request: %w", withoutURL(err))
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	request.Header.Set("Accept", "application/json")
	return c.send(request)
}

// post sends a form.
func (c *Client) post(ctx context.Context, address string, form url.Values) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return Answer{}, fmt.Errorf("make request: %w", withoutURL(err))
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	return c.send(request)
}
