package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dispatch/event"
)

// post makes one attempt, which is let finish in its own time.
func (s *HTTPSender) post(ctx context.Context, to target, m message) Outcome {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
	defer cancel()
	began := time.Now()
	response, err := s.way.RoundTrip(to.request(ctx, m, s.agent, began)) // which, unlike a client, follows no redirect
	if err != nil {
		outcome := missed(err, to)
		outcome.Latency = time.Since(began)
		return outcome
	}
	defer func() { _ = response.Body.Close() }()
	outcome := answered(response)
	outcome.Response = to.withoutURL(beginning(response))
	outcome.Latency = time.Since(began)
	return outcome
}

// beginning is what is kept of the answer's body. One that breaks off has said its status.
func beginning(response *http.Response) string {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return "" // what follows is the bare connection, which no time-out ends
	}
	kept, _ := io.ReadAll(io.LimitReader(response.Body, MaxResponse+1))
	return Clip(string(kept), MaxResponse)
}

// withoutURL is a text of the endpoint's without its URL, which often is a secret.
func (t target) withoutURL(text string) string {
	known := []string{t.URL, "[url]"}
	for _, part := range []string{t.url.RequestURI(), t.url.EscapedPath(), t.url.Path} {
		if len(part) > len("/") {
			known = append(known, part, "[path]")
		}
	}
	if t.url.RawQuery != "" {
		known = append(known, t.url.RawQuery, "[query]")
	}
	return strings.NewReplacer(known...).Replace(text)
}

// answered says what an answer means.
func answered(response *http.Response) Outcome {
	meaning := meaningOf(response.StatusCode)
	outcome := Outcome{Verdict: meaning.verdict, Reason: meaning.pause, Status: response.StatusCode}
	switch meaning.verdict {
	case Sent:
		return outcome
	case Later:
		outcome.After = retryAfter(response.Header.Get("Retry-After"))
	}
	outcome.Err = fmt.Errorf("answer is %s", strings.TrimSpace(strconv.Itoa(outcome.Status)+" "+http.StatusText(outcome.Status)))
	return outcome
}

// maxSeconds is more than anybody waits, and within a time.Duration.
const maxSeconds = 1 << 30

// retryAfter is how long the header asks to wait, in seconds or until a date; 0 when it does not.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), maxSeconds)) * time.Second
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return max(time.Until(date), 0)
}

// Ping posts a sample to the destination, paused or not, and says what came of it. No link reshapes it, and it is not
// counted against the endpoint's rate limit.
func (s *HTTPSender) Ping(ctx context.Context, d Destination) Outcome {
	to, err := targetOf(d)
	if err != nil {
		return unfit(err)
	}
	type data struct {
		Destination string `json:"destination"`
	}
	now := time.Now()
	body, err := json.Marshal(struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      data      `json:"data"`
	}{"dispatch.test", now.UTC(), data{d.Name}})
	if err != nil {
		return Outcome{Err: fmt.Errorf("encode sample: %w", err)}
	}
	id := event.FirstID(now).String()
	return s.post(ctx, to, message{id: id, eventID: id, hops: 1, body: body})
}
