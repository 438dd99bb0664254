package commands

import (
	"net/http"

	"dispatch/delivery"
	"dispatch/event"
)

// maxReason is how many characters are shown of what a destination wrote about a failure.
const maxReason = 200

// failureOf tells of the last failure: what, why, and what becomes of it or is to be done.
func failureOf(f *delivery.Failure) []text {
	if f == nil {
		return nil
	}
	to := say("event.show.gone")
	switch {
	case f.ChannelID != "":
		to = asWritten(channel(f.ChannelID))
	case f.Name != "":
		to = asWritten(quoted(f.Name, maxSourceName))
	}
	what := say("failure.what", "type", quoted(f.Type, event.MaxType), "channel", to, "time", ago(f.At))
	return []text{what, reasonOf(f.Kind, f.Status, f.Error), remedyOf(f)}
}

// reasonOf puts a failed attempt into words. What a destination wrote itself is shown only where its status
// does not say it all.
func reasonOf(kind delivery.Kind, status int, written string) text {
	switch {
	case kind == delivery.KindSalesforce:
		return say("failure.org", "error", quoted(written, maxReason))
	case kind == delivery.KindWebhook && status == 0:
		return say("failure.no_answer", "error", quoted(written, maxReason))
	case kind == delivery.KindWebhook:
		return say("failure.answered", "status", status)
	case status == 0:
		return say("failure.unreachable")
	case status == http.StatusUnauthorized:
		return say("failure.token")
	case status == http.StatusForbidden:
		return say("failure.forbidden")
	case status == http.StatusNotFound:
		return say("failure.gone")
	case status == http.StatusTooManyRequests:
		return say("failure.slow_down")
	case status >= http.StatusInternalServerError:
		return say("failure.discord_down")
	}
	return say("failure.refused", "status", status, "error", quoted(written, maxReason))
}

func remedyOf(f *delivery.Failure) text {
	switch {
	case f.State == delivery.Delivered:
		return say("failure.delivered_since")
	case f.State == delivery.Abandoned:
		return sayCount("failure.given_up", f.Attempt)
	case f.DueAt.IsZero() && (f.Kind == delivery.KindWebhook || f.Kind == delivery.KindSalesforce):
		return say("failure.paused")
	case f.DueAt.IsZero():
		return say("failure.on_hold")
	}
	return say("failure.trying_again", "time", ago(f.DueAt))
}
