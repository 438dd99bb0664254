package playground

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxRequests is how many requests are remembered.
const maxRequests = 2000

// Request is one request to the REST API and what became of it.
type Request struct {
	At        time.Time `json:"at"`
	Method    string    `json:"method"`
	Route     string    `json:"route"` // As in Discord's OpenAPI description, such as /channels/{channel_id}/messages.
	Path      string    `json:"path"`  // Behind /api/v10, with an interaction's token left out.
	Status    int       `json:"status"`
	Remaining int       `json:"remaining"` // In the bucket, after this request.
	Bucket    string    `json:"bucket"`
	// Code is Discord's error code, 0 when there is none.
	Code int `json:"-"`
	// Body is the JSON of the request: its body, or the payload_json of a multipart one.
	Body json.RawMessage `json:"-"`
	// Lost says that the answer never reached the client.
	Lost bool `json:"-"`
}

// requestLog remembers the last requests.
type requestLog struct {
	all       []Request
	observers []func(Request)
}

// Requests returns the last requests, 2,000 at most, oldest first.
func (d *Discord) Requests() []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(last(d.requests.all, maxRequests))
}

// Observe calls f after every request that follows, in the goroutine that serves it and before its client
// has the answer.
func (d *Discord) Observe(f func(Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests.observers = append(d.requests.observers, f)
}

// serve answers one request.
func (d *Discord) serve(w http.ResponseWriter, req *http.Request, r *route) {
	c := newCall(req)
	answer, seen, observers := d.settle(c, r)
	for _, observe := range observers {
		observe(seen)
	}
	if seen.Lost {
		panic(http.ErrAbortHandler)
	}
	answer.write(w, seen.At)
}

// settle decides about one request, remembers it and returns its answer, which needs no lock any more.
func (d *Discord) settle(c *call, r *route) (*response, Request, []func(Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer, seen := d.answer(c, r)
	if err := answer.encode(); err != nil {
		d.log.WithError(err).Error("answer not encoded")
	}
	d.limits.count(answer.status, answer.rate.scope, seen.At)
	d.requests.all = capped(append(d.requests.all, seen), maxRequests)
	d.page.publish("request", seen)
	d.touch()
	return answer, seen, d.requests.observers
}

// answer decides about one request. The caller holds the lock.
func (d *Discord) answer(c *call, r *route) (*response, Request) {
	seen := Request{
		At: d.now(), Method: c.Method, Route: r.path, Path: strings.TrimPrefix(c.URL.Path, api), Body: c.body,
	}
	for _, token := range []string{c.PathValue("interaction_token"), c.PathValue("webhook_token")} {
		if token != "" {
			seen.Path = strings.Replace(seen.Path, token, "token", 1)
		}
	}
	answer := d.refuse(c, r)
	if answer == nil {
		answer = d.handle(c, r, &seen)
	}
	seen.Status, seen.Bucket, seen.Remaining = answer.status, answer.rate.bucket, answer.rate.remaining
	if e, ok := answer.body.(*apiError); ok {
		seen.Code = e.code
	}
	return answer, seen
}

// refuse answers what does not even get to the rate limits, nil when a request does.
func (d *Discord) refuse(c *call, r *route) *response {
	wait, banned := d.limits.banned(d.now())
	switch {
	case d.mischief.outage:
		answer := unavailable
		return &answer
	case banned:
		return blocked(wait)
	case c.UserAgent() == "":
		return refusal(errUserAgent)
	case r.access == byBot && c.Header.Get("Authorization") != "Bot "+d.Token():
		return refusal(errUnauthorized)
	}
	return nil
}

// handle counts a request and does what it asks, unless something is to go wrong with it.
func (d *Discord) handle(c *call, r *route, seen *Request) *response {
	rate := d.rate(r, c.Request)
	if rate.wait > 0 {
		return &response{status: http.StatusTooManyRequests, body: rate.refusal(), rate: rate}
	}
	p := d.mischief.next(r, c.Request)
	if p != nil && p.times == 0 {
		d.mischiefChanged()
	}
	if p != nil && p.answer != nil {
		answer := *p.answer
		if !answer.proxy && answer.rate.scope != "global" {
			rate.wait, rate.scope = answer.rate.wait, answer.rate.scope
			answer.rate = rate
		}
		return &answer
	}
	seen.Lost = p != nil && p.lose
	status, body, err := r.handle(c)
	answer := &response{status: status, body: body}
	if err != nil {
		answer = refusal(err)
	}
	if answer.status == http.StatusInternalServerError {
		d.log.WithError(err).Error("request not served")
	}
	answer.rate = rate
	return answer
}
