package playground

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// nonceSpan is how long a nonce is remembered. Discord says "the past few minutes".
const nonceSpan = 5 * time.Minute

// nonces remembers the messages that were sent with a nonce, oldest first. A nonce is the author's, so
// the same one in another channel is a repetition, too.
type nonces struct {
	sent []nonce
}

type nonce struct {
	value   string
	message string
	at      time.Time
}

// find returns the id of the message that was sent with a nonce a short time ago, "" when there is none.
func (ns *nonces) find(value string, now time.Time) string {
	fresh := slices.IndexFunc(ns.sent, func(n nonce) bool { return now.Sub(n.at) < nonceSpan })
	if fresh < 0 {
		fresh = len(ns.sent)
	}
	ns.sent = ns.sent[fresh:]
	for _, n := range ns.sent {
		if n.value == value {
			return n.message
		}
	}
	return ""
}

func (ns *nonces) add(value, message string, now time.Time) {
	ns.sent = append(ns.sent, nonce{value, message, now})
}

// nonceText returns a nonce, which comes as a string or a number, as text.
func nonceText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.TrimSpace(string(raw))
}

// repeated returns the message that was sent with the same nonce before, nil when there is none. The caller
// holds the lock.
func (d *Discord) repeated(in draft) *Message {
	value := nonceText(in.Nonce)
	if !in.EnforceNonce || value == "" || value == "null" {
		return nil
	}
	id := d.nonces.find(value, d.now())
	if id == "" {
		return nil
	}
	for _, ch := range d.everyChannel() {
		if m := ch.message(id); m != nil {
			return m
		}
	}
	return nil
}
