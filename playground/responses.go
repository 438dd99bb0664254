package playground

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// response is an answer to a request.
type response struct {
	status int
	body   any    // Written as JSON.
	html   string // Written instead of body.
	rate   verdict
	proxy  bool   // From the proxy before Discord: without its Via header and rate-limit headers.
	raw    []byte // What is sent, once it is encoded.
}

// unavailable is what everything is answered with in an outage.
var unavailable = response{status: http.StatusServiceUnavailable, html: "<html><title>503 Service Unavailable</title></html>", proxy: true}

// blocked is what the proxy before Discord answers an address that it locks out.
func blocked(wait time.Duration) *response {
	return &response{
		status: http.StatusTooManyRequests, html: "<!DOCTYPE html><title>Access denied</title><p>error code: 1015</p>",
		rate: verdict{wait: wait}, proxy: true,
	}
}

// refusal is the answer to a request that something is wrong with.
func refusal(err error) *response {
	e := errInternal
	errors.As(err, &e)
	return &response{status: e.status, body: e}
}

// encode makes the answer's body what is sent. It needs the lock that guards what the body is made of.
func (r *response) encode() error {
	if r.html != "" || r.body == nil {
		r.raw = []byte(r.html)
		return nil
	}
	var err error
	r.raw, err = json.Marshal(r.body)
	return err
}

// write sends an answer that has been encoded.
func (r *response) write(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	r.rate.write(h, now)
	if !r.proxy {
		h.Set("Via", "1.1 google")
	}
	switch {
	case r.html != "":
		h.Set("Content-Type", "text/html; charset=UTF-8")
	case len(r.raw) > 0:
		h.Set("Content-Type", "application/json")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.raw) // A client that has gone away is no concern of ours.
}
