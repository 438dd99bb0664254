package playground

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// Limits on the size of what is uploaded.
const (
	maxBody  = 25 << 20 // One request.
	maxFile  = 10 << 20 // One file.
	maxFiles = 10
)

// call is one request to the REST API with its body read.
type call struct {
	*http.Request
	body  []byte // The JSON: the body, or the payload_json of a multipart one.
	files []upload
	fault error // What was wrong with reading the body.
}

// upload is a file that came with a request, as files[n].
type upload struct {
	n           int
	name        string
	contentType string
	data        []byte
}

// newCall reads a request. What is wrong with its body is kept for later: it matters only to one who may
// call at all.
func newCall(r *http.Request) *call {
	c := &call{Request: r}
	if r.Method == http.MethodGet {
		return c
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	switch {
	case kind == "multipart/form-data" && err == nil:
		c.fault = c.readParts(multipart.NewReader(body, params["boundary"]))
	default:
		c.body, c.fault = io.ReadAll(body)
		if c.fault == nil && len(c.body) > 0 && kind != "application/json" {
			found := new(issues)
			found.add("CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.")
			c.fault = invalidForm(found)
		}
	}
	if tooLarge := new(http.MaxBytesError); errors.As(c.fault, &tooLarge) {
		c.fault = errTooLarge
	}
	return c
}

func (c *call) readParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		index, isFile := strings.CutPrefix(part.FormName(), "files[")
		n, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		switch {
		case part.FormName() == "payload_json":
			c.body = data
		case !isFile || err != nil || part.FileName() == "":
			return invalid(part.FormName(), "MULTIPART_FIELD_UNKNOWN", "Files are files[n], with a name.")
		case len(data) > maxFile:
			return errTooLarge
		case len(c.files) == maxFiles:
			return invalid("files", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxFiles)
		default:
			c.files = append(c.files, upload{n, part.FileName(), contentType(part.FileName(), data), data})
		}
	}
}

// contentType goes by the name and then by the content, whatever the sender says it is.
func contentType(name string, data []byte) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if kind := mime.TypeByExtension(name[i:]); kind != "" {
			return kind
		}
	}
	return http.DetectContentType(data)
}

// value returns the body as encoding/json reads it.
func (c *call) value() (any, error) {
	if c.fault != nil {
		return nil, c.fault
	}
	if len(c.body) == 0 {
		return map[string]any{}, nil
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil || dec.More() {
		return nil, errInvalidJSON
	}
	return v, nil
}

// read checks the body by a rule and reads it into v.
func (c *call) read(r rule, v any) error {
	value, err := c.value()
	if err != nil {
		return err
	}
	return decode(value, r, v)
}

// decode checks a value by a rule and reads it into v.
func decode(value any, r rule, v any) error {
	found := new(issues)
	r.check(value, found)
	if !found.empty() {
		return invalidForm(found)
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
