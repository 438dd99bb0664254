package orgtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
)

// refusal is why a request is not taken.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

func invalid(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, "INVALID_OPERATION", fmt.Sprintf(format, args...)}
}

// take begins a request: one that brings a package, or one that builds upon a check.
func (d *Deploys) take(w http.ResponseWriter, r *http.Request) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var made *deployRequest
	switch {
	case err != nil:
	case kind == "multipart/form-data":
		made, err = d.takeForm(multipart.NewReader(r.Body, params["boundary"]))
	case kind == "application/json":
		made, err = d.takeChecked(r.Body)
	default:
		err = &refusal{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "content type " + kind}
	}
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		Refuse(w, refused.status, refused.code, refused.message)
	case err != nil:
		Refuse(w, http.StatusBadRequest, "INVALID_MULTIPART_REQUEST", err.Error())
	default:
		Answer(w, http.StatusCreated, map[string]any{
			"id": made.ID, "validatedDeployRequestId": orNull(made.Checked), "deployOptions": made.Options, "deployResult": nil,
		})
	}
}

// takeForm wants exactly the two parts that the API names, each with its type.
func (d *Deploys) takeForm(form *multipart.Reader) (*deployRequest, error) {
	told, err := part(form, "json", "application/json")
	if err != nil {
		return nil, err
	}
	archive, err := part(form, "file", "application/zip")
	if err != nil {
		return nil, err
	}
	if _, err := form.NextPart(); !errors.Is(err, io.EOF) {
		return nil, invalid("there are more parts than json and file")
	}
	var wanted struct {
		DeployOptions *DeployOptions `json:"deployOptions"`
	}
	if err := strict(told, &wanted); err != nil || wanted.DeployOptions == nil {
		return nil, &refusal{http.StatusBadRequest, "JSON_PARSER_ERROR", fmt.Sprint("deployOptions: ", err)}
	}
	options := *wanted.DeployOptions
	if err := d.checkOptions(options); err != nil {
		return nil, err
	}
	pack, err := unpack(archive)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.begin(options, pack, ""), nil
}

func part(form *multipart.Reader, name, kind string) ([]byte, error) {
	p, err := form.NextPart()
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	if p.FormName() != name || p.Header.Get("Content-Type") != kind {
		return nil, fmt.Errorf("part %q is %q, want %s as %s", p.FormName(), p.Header.Get("Content-Type"), name, kind)
	}
	if (name == "file") != (p.FileName() != "") {
		return nil, fmt.Errorf("part %s has the file name %q", name, p.FileName())
	}
	return io.ReadAll(p)
}

// checkOptions refuses what an org refuses before it looks into the package.
func (d *Deploys) checkOptions(o DeployOptions) error {
	production := !d.org.opts.Sandbox
	switch {
	case !slices.Contains([]string{"NoTestRun", "RunSpecifiedTests", "RunLocalTests", "RunAllTestsInOrg"}, o.TestLevel):
		return invalid("testLevel %q is unknown", o.TestLevel)
	case o.TestLevel == "NoTestRun" && production:
		return invalid("testLevel of NoTestRun cannot be used in production organizations")
	case (o.TestLevel == "RunSpecifiedTests") != (len(o.RunTests) > 0):
		return invalid("runTests and testLevel %s do not go together", o.TestLevel)
	case production && (!o.RollbackOnError || o.AllowMissingFiles):
		return invalid("rollbackOnError must be true and allowMissingFiles false in production organizations")
	}
	return nil
}

// takeChecked takes what has passed a check with its tests.
func (d *Deploys) takeChecked(body io.Reader) (*deployRequest, error) {
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	var wanted struct {
		ID string `json:"validatedDeployRequestId"`
	}
	if err := strict(raw, &wanted); err != nil {
		return nil, &refusal{http.StatusBadRequest, "JSON_PARSER_ERROR", err.Error()}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.requests, func(r *deployRequest) bool { return r.ID == wanted.ID })
	if i < 0 || !d.requests[i].qualifies() {
		return nil, &refusal{http.StatusNotFound, "NOT_FOUND", "no validated package with this id"}
	}
	checked := d.requests[i]
	options := checked.Options
	options.CheckOnly = false
	return d.begin(options, checked.pack, checked.ID), nil
}

// qualifies says whether a request is a check that may be built upon.
func (r *deployRequest) qualifies() bool {
	return r.Options.CheckOnly && r.State == "Succeeded" && len(r.tests()) > 0
}

// strict reads JSON without anything that is not known.
func strict(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
