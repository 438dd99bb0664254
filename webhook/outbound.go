package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
)

// Salesforce's Outbound Messages: what an org pushes without a line of Apex. It retries for a day what is not
// acknowledged, may send a notification twice, and cannot sign. See
// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_notifications.htm

const (
	outboundSpace    = "http://soap.sforce.com/2005/09/outbound"
	maxNotifications = 100
	maxTags          = 100_000 // elements in one message; a record has at most 800 fields
)

// acknowledgement is what an org wants to hear once all of a message is stored.
const acknowledgement = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
	`<notificationsResponse xmlns="` + outboundSpace + `"><Ack>true</Ack></notificationsResponse>` +
	`</soapenv:Body></soapenv:Envelope>`

var (
	errForeignOrg = refuse(http.StatusUnauthorized, "The message is not from the org that this source belongs to.")
	errUnknownOrg = refuse(http.StatusUnauthorized,
		"This source does not know its org yet: authorize it, or give its id with /salesforce generate-url org.")
	errNotOutbound = refuse(http.StatusBadRequest, "The body is not an outbound message of Salesforce.")
)

// isOutbound says whether the headers announce an Outbound Message for a source that can take one.
func isOutbound(source event.Source, header http.Header) bool {
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return source.Kind == event.SourceSalesforce && strings.EqualFold(strings.TrimSpace(media), "text/xml")
}

// acceptOutbound has the notifications of a message stored, but for those that were before.
func (h *hooks) acceptOutbound(ctx context.Context, source event.Source, body []byte, now time.Time) (outboundReceipt, error) {
	message, err := readOutbound(body)
	if err != nil {
		return 0, err
	}
	if err := message.from(source); err != nil {
		return 0, err
	}
	events := message.events
	for i := range events {
		events[i].SourceID, events[i].ReceivedAt = source.ID, now
	}
	_, err = h.inbox.Accept(ctx, events)
	if err == nil {
		return outboundReceipt(len(events)), nil
	}
	if _, ok := errors.AsType[*event.DuplicateError](err); !ok {
		return 0, fmt.Errorf("accept events: %w", err)
	}
	var accepted outboundReceipt
	for i := range events { // one by one: those that came before are known
		_, err := h.inbox.Accept(ctx, events[i:i+1])
		if _, ok := errors.AsType[*event.DuplicateError](err); err != nil && !ok {
			return 0, fmt.Errorf("accept events: %w", err)
		}
		if err == nil {
			accepted++
		}
	}
	return accepted, nil
}

// outboundReceipt is how many events a message was new of.
type outboundReceipt int

func (r outboundReceipt) events() int { return int(r) }

func (outboundReceipt) write(w gin.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, acknowledgement) // a sender that has gone cannot be told so
}

// outbound is a message as it was read.
type outbound struct {
	orgID  string // 15 or 18 characters
	events []event.Event
}

// from says whether the message is from the source's org. Verification can be off, as for other callouts.
func (o outbound) from(source event.Source) error {
	switch {
	case source.OrgID != "" && sameID(source.OrgID, o.orgID):
		return nil
	case source.OrgID != "":
		return errForeignOrg
	case source.Auth == event.AuthNone:
		return nil
	}
	return errUnknownOrg
}

// sameID compares ids of Salesforce: the last three of 18 characters are a check sum of the others.
func sameID(a, b string) bool {
	const exact = 15
	return len(a) >= exact && len(b) >= exact && a[:exact] == b[:exact]
}
