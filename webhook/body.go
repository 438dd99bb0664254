package webhook

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
)

// firstRead is how many bytes of a body get memory because they were announced. More has to arrive first,
// or anybody could make us hold max_body with one header.
const firstRead = 64 << 10

// readBody reads the body, which may have at most limit bytes.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
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
		return nil, tooLarge(limit)
	}
	return buf.Bytes(), nil
}

func tooLarge(limit int64) error {
	refused := refuse(http.StatusRequestEntityTooLarge, "The body has more than %d bytes.", limit)
	refused.hangUp = true
	return refused
}

// checkContent says whether the headers announce JSON that we can read as it is.
func checkContent(header http.Header) error {
	if !isJSON(header.Get("Content-Type")) {
		return errNotJSON
	}
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return errEncoded
	}
	return nil
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
