package delivery

import "dispatch/event"

// Endpoint is where and how a webhook destination is called. Its URL may hold secrets: it is never logged.
type Endpoint struct {
	URL       string
	Secret    event.SigningKey // signs by Standard Webhooks; without one nothing is signed
	Unordered bool             // what fails does not hold up what is behind it
	RateLimit int              // requests a second; 0: no limit
	Prefix    string           // of our headers: "dispatch" gives X-Dispatch-Event-ID
	Callback  *Callback        // of an Open Connectors instance; nil: events are told as they are
}

// unordered says whether what fails does not hold up what is behind it.
func (d Destination) unordered() bool { return d.Endpoint != nil && d.Endpoint.Unordered }
