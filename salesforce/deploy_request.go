package salesforce

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
)

// deployPath is the resource for deployments, below the version of the API.
const deployPath = "metadata/deployRequest"

// errNoRequest is for an org that takes a request and does not say what it calls it.
var errNoRequest = errors.New("the org did not name the request")

// deployOptions are how an archive is to be deployed.
type deployOptions struct {
	AllowMissingFiles bool      `json:"allowMissingFiles"`
	CheckOnly         bool      `json:"checkOnly"`
	IgnoreWarnings    bool      `json:"ignoreWarnings"`
	RollbackOnError   bool      `json:"rollbackOnError"`
	RunTests          []string  `json:"runTests,omitempty"`
	SinglePackage     bool      `json:"singlePackage"`
	TestLevel         TestLevel `json:"testLevel"`
}

// optionsFor are those of the deployment's phase. What is to be removed and is not there is worth a warning to the org,
// and none of our business.
func optionsFor(d Deployment) (deployOptions, error) {
	options := deployOptions{
		CheckOnly: d.Phase == DeployChecking, IgnoreWarnings: d.Removal,
		RollbackOnError: true, SinglePackage: true, TestLevel: d.TestLevel,
	}
	var err error
	if d.TestLevel == RunSpecifiedTests {
		options.RunTests, err = testsIn(d.Cargo.Archive)
	}
	return options, err
}

// testLevel is what the org wants: no tests where nobody works. Elsewhere ours have to run; when they are removed, those
// that are left.
func testLevel(about About, removal bool) TestLevel {
	switch {
	case about.Sandbox || about.Type == "Developer Edition": // scratch orgs call themselves sandboxes
		return NoTestRun
	case removal:
		return RunLocalTests
	}
	return RunSpecifiedTests
}

// isTest finds the annotation of a test class, which stands in front of the class itself.
var isTest = regexp.MustCompile(`(?i)@istest\b`)

// testsIn are the names of the test classes in an archive.
func testsIn(archive []byte) ([]string, error) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("read archive: %w", err)
	}
	var tests []string
	for _, file := range files.File {
		name, found := strings.CutSuffix(file.Name, ".cls")
		if !found {
			continue
		}
		code, err := file.Open()
		if err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		text, err := io.ReadAll(code)
		if err := errors.Join(err, code.Close()); err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		if isTest.Match(text) {
			tests = append(tests, name[strings.LastIndexByte(name, '/')+1:])
		}
	}
	return tests, nil
}

// submit asks the org to do the deployment's phase and gives what it calls the request. What has passed a check with its
// tests is taken as it was checked.
func submit(ctx context.Context, org *Org, d Deployment) (string, error) {
	request := Request{Method: http.MethodPost, Path: deployPath}
	var err error
	if d.CheckedID != "" {
		request.Body, err = json.Marshal(map[string]string{"validatedDeployRequestId": d.CheckedID})
	} else {
		request.ContentType, request.Body, err = formFor(d)
	}
	if err != nil {
		return "", fmt.Errorf("make deployment: %w", err)
	}
	answer, err := org.Do(ctx, request)
	if err != nil {
		return "", fmt.Errorf("deploy: %w", err)
	}
	id, _, err := readReport(answer.Body)
	if err == nil && id == "" {
		err = errNoRequest
	}
	if err != nil {
		return "", fmt.Errorf("deploy: %w", err)
	}
	return id, nil
}

// formFor is what a deployment with an archive is sent as.
func formFor(d Deployment) (contentType string, body []byte, err error) {
	options, err := optionsFor(d)
	if err != nil {
		return "", nil, err
	}
	told, err := json.Marshal(map[string]deployOptions{"deployOptions": options})
	if err != nil {
		return "", nil, err
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	for _, p := range []struct {
		disposition, contentType string
		content                  []byte
	}{
		{`form-data; name="json"`, "application/json", told},
		{`form-data; name="file"; filename="deploy.zip"`, "application/zip", d.Cargo.Archive},
	} {
		part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Disposition": {p.disposition}, "Content-Type": {p.contentType}})
		if err != nil {
			return "", nil, err
		}
		if _, err := part.Write(p.content); err != nil {
			return "", nil, err
		}
	}
	err = parts.Close()
	return parts.FormDataContentType(), form.Bytes(), err
}

// lookAfter asks the org how the request is doing.
func lookAfter(ctx context.Context, org *Org, requestID string) (DeployReport, error) {
	answer, err := org.Do(ctx, Request{
		Method: http.MethodGet, Path: deployPath + "/" + url.PathEscape(requestID), Query: url.Values{"includeDetails": {"true"}},
	})
	if err != nil {
		return DeployReport{}, fmt.Errorf("look after deployment: %w", err)
	}
	_, report, err := readReport(answer.Body)
	if err != nil {
		return DeployReport{}, fmt.Errorf("look after deployment: %w", err)
	}
	return report, nil
}

// callOff asks the org to end the request. It does so in its own time, or not any more.
func callOff(ctx context.Context, org *Org, requestID string) error {
	_, err := org.Do(ctx, Request{
		Method: http.MethodPatch, Path: deployPath + "/" + url.PathEscape(requestID),
		Body: []byte(`{"deployResult":{"status":"Canceling"}}`),
	})
	if err != nil {
		return fmt.Errorf("cancel deployment: %w", err)
	}
	return nil
}
