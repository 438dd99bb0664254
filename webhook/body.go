package webhook

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// firstRead is how many bytes of a body get memory because they were announced. More has to arrive first,
// or anybody could make us hold max_body with one header.
const firstRead = 64 << 10

// readBody reads the body, which may have at most limit bytes.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(r, limit)
	}
	var buf bytes.Buffer
	// ReadFrom wants room for one more read before it learns that there is nothing more.
	buf.Grow(int(min(max(r.ContentLength, 0), firstRead)) + bytes.MinRead)
	_, err := buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errTooSlow
	case err != nil:
		return nil, errCutOff
	case int64(buf.Len()) > limit:
		return nil, tooLarge(r, limit)
	}
	return buf.Bytes(), nil
}

// tooLarge refuses the body. Many senders look for an answer only when they have sent all of it, and learn nothing from a
// connection that breaks: so as much as was allowed is still taken, but for those who ask first.
func tooLarge(r *http.Request, limit int64) error {
	refused := refuse(http.StatusRequestEntityTooLarge, "The body has more than %d bytes.", limit)
	refused.hangUp = true
	if r.Header.Get("Expect") == "" {
		refused.rest = io.LimitReader(r.Body, limit)
	}
	return refused
}

// content is the JSON that the body is, by what the headers announce, or that is in it, where the preset has it so.
func content(body []byte, header http.Header, p *preset) ([]byte, error) {
	contentType := header.Get("Content-Type")
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, errEncoded
	}
	switch {
	case isJSON(contentType):
		return body, nil
	case p.forms && isForm(contentType):
		return formPayload(body)
	default:
		return nil, errNotJSON
	}
}

// isForm takes a form as browsers send it, whatever its parameters.
func isForm(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/x-www-form-urlencoded")
}

// formPayload is what the first field of the name payload holds.
func formPayload(form []byte) ([]byte, error) {
	for field := range bytes.SplitSeq(form, []byte("&")) {
		if escaped, ok := bytes.CutPrefix(field, []byte("payload=")); ok {
			payload, err := url.QueryUnescape(string(escaped))
			if err != nil {
				return nil, errNoPayload
			}
			return []byte(payload), nil
		}
	}
	return nil, errNoPayload
}

// isJSON takes application/json and application/*+json, whatever their parameters.
func isJSON(contentType string) bool {
	if contentType == "application/json" { // as nearly everybody writes it
		return true
	}
	media, _, _ := strings.Cut(contentType, ";")
	subtype, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(media)), "application/")
	if !ok {
		return false
	}
	format, suffixed := strings.CutSuffix(subtype, "+json")
	return subtype == "json" || suffixed && format != "" && !strings.ContainsAny(format, " \t,/")
}
