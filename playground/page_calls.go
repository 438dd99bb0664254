package playground

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what the page sends.
const (
	maxPageBody    = 1 << 20
	maxPageCallout = 16 << 20                  // More than an intake takes, so that it can say so itself.
	maxPageUpload  = maxBody/3*4 + maxPageBody // Files are in base64.
)

// pageError is what is wrong with what the page asked, in a sentence for the person.
type pageError struct {
	status int
	text   string
}

// Error returns the sentence.
func (e *pageError) Error() string { return e.text }

// pageGet serves something that the page reads.
func (d *Discord) pageGet(do func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r)
		d.answerPage(w, out, err)
	})
}

// pagePost serves something that the page does, whose JSON is of type T and of limited size.
func pagePost[T any](d *Discord, limit int64, do func(context.Context, T) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in T
		err := readPage(w, r, limit, &in)
		if err != nil {
			d.answerPage(w, nil, err)
			return
		}
		out, err := do(r.Context(), in)
		d.answerPage(w, out, err)
	})
}

// readPage takes JSON only. A form, which another site's page could send without asking, is none.
func readPage(w http.ResponseWriter, r *http.Request, limit int64, in any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &pageError{http.StatusUnsupportedMediaType, "Only JSON is taken here."}
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	err := dec.Decode(in)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) { // There is nothing behind it.
			return nil
		}
	}
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return &pageError{http.StatusRequestEntityTooLarge, "That is too large."}
	}
	return &pageError{http.StatusBadRequest, "That is not the JSON that is expected here."}
}

// answerPage answers with what there is to say, or with what is wrong. A bot that does not answer is no error
// of the page's: it is something to be shown.
func (d *Discord) answerPage(w http.ResponseWriter, out any, err error) {
	status := http.StatusOK
	switch wrong := new(pageError); {
	case errors.Is(err, ErrNoAnswer), errors.Is(err, ErrOffline):
		out = complaint(ErrNoAnswer.Error())
	case errors.As(err, &wrong):
		status, out = wrong.status, complaint(wrong.text)
	case errors.Is(err, ErrClosed), errors.Is(err, context.Canceled):
		status, out = http.StatusServiceUnavailable, complaint("The playground is closing.")
	case err != nil:
		status, out = http.StatusBadRequest, complaint(sentence(err))
	case out == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	raw, err := json.Marshal(out)
	if err != nil {
		d.log.WithError(err).Error("page not answered")
		status, raw = http.StatusInternalServerError, []byte(`{"error":"The playground has a fault."}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // A page that has gone away is no concern of ours.
}

func complaint(text string) any { return map[string]string{"error": text} }

// sentence makes an error one that a person is shown.
func sentence(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*apiError](err); ok {
		text = e.message
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}

// pageLocale checks a user's language. Empty is en-US.
func pageLocale(locale string) (string, error) {
	if locale = orElse(locale, "en-US"); !slices.Contains(locales, locale) {
		return "", &pageError{http.StatusBadRequest, "Discord does not know this language."}
	}
	return locale, nil
}
