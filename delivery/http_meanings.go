package delivery

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// meaning is what an answer means for its delivery and its destination.
type meaning struct {
	verdict Verdict
	pause   string // locale key of why the destination is paused, and of what to do
}

// meanings are the statuses that are neither a success nor worth another try. Any other may be: what a receiver
// refuses today, with 400, 401, 404 or 422, its owner mends tomorrow; a redirect is not followed, since it would
// lead the event to where nobody has sent it, but its target can be set right; and 408, 425, 429 and 5xx say so
// themselves. None is Down: each endpoint is an other side of its own.
var meanings = map[int]meaning{
	http.StatusGone:                  {verdict: Gone, pause: "pause.gone"},
	http.StatusRequestEntityTooLarge: {verdict: Wrong}, // the next may be smaller; this one will not be
	http.StatusLoopDetected:          {verdict: Wrong}, // it has come around too often, and would again
}

func meaningOf(status int) meaning {
	known, ok := meanings[status]
	switch {
	case ok:
		return known
	case status >= 200 && status < 300:
		return meaning{verdict: Sent}
	}
	return meaning{verdict: Later}
}

// unfit is the outcome at a destination whose URL cannot be called.
func unfit(err error) Outcome {
	outcome := Outcome{Verdict: Pause, Err: err}
	var wrong *URLError
	if errors.As(err, &wrong) {
		outcome.Reason = wrong.Reason
	}
	return outcome
}

// missed is the outcome without an answer.
func missed(err error, to target) Outcome {
	if errors.Is(err, errPrivate) {
		return Outcome{Verdict: Pause, Reason: "pause.private_address", Err: errPrivate}
	}
	return Outcome{Verdict: Later, Err: errors.New(plain(err, to))}
}

// plain says what went wrong without the endpoint's URL and without our own addresses.
func plain(err error, to target) string {
	var (
		lookup  *net.DNSError
		op      *net.OpError
		reason  syscall.Errno
		late    interface{ Timeout() bool }
		foreign x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		noTLS   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return "look up host: there is no such host"
	case errors.As(err, &lookup):
		return "look up host: the name server does not answer"
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return "connect: timed out"
	case errors.As(err, &late) && late.Timeout():
		return "no answer in time"
	case errors.As(err, &foreign):
		return "TLS: the certificate is for another host"
	case errors.As(err, &unknown):
		return "TLS: the certificate is signed by an unknown authority"
	case errors.As(err, &invalid):
		return "TLS: the certificate is not valid, or not any more"
	case errors.As(err, &noTLS):
		return "TLS: the endpoint does not speak it"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed without an answer"
	case errors.As(err, &reason):
		return reason.Error()
	case errors.As(err, &op):
		return op.Op + ": " + op.Err.Error() // without its addresses
	}
	return strings.NewReplacer(to.URL, "[url]", to.url.Host, "[host]", to.url.Hostname(), "[host]").Replace(err.Error())
}
