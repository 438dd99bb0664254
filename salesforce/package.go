package salesforce

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// apiVersion is the newest of Salesforce's API that we know to be in every org: that of Summer '26.
const apiVersion = "67.0"

// DefaultObjects are what a package has triggers on when nobody asks for others.
var DefaultObjects = []string{"Opportunity", "Case"}

// File is a file for the admin of an org.
type File struct {
	Name    string
	Content []byte
}

// PackageOptions say what a package is for.
type PackageOptions struct {
	Endpoint string   // where the source takes events
	Secret   string   // by which they are signed
	Source   string   // its name
	Objects  []string // to have triggers on, as ParseObjects gives them; DefaultObjects when there are none
}

// Package makes what an org needs to send its changes, as a zip in Salesforce's source form: triggers on the objects,
// the Apex that they call with its tests, URL and secret, and a README. The same options give the same bytes.
func Package(o PackageOptions) (File, error) {
	c, err := contentsOf(o)
	if err != nil {
		return File{}, err
	}
	files, err := c.source()
	if err != nil {
		return File{}, err
	}
	archive, err := archiveOf(files)
	return File{Name: c.Folder + ".zip", Content: archive}, err
}

// DeployPackage makes the same package, but for the README, as the Metadata API takes it.
func DeployPackage(o PackageOptions) ([]byte, error) {
	c, err := contentsOf(o)
	if err != nil {
		return nil, err
	}
	files, err := c.metadata()
	if err != nil {
		return nil, err
	}
	return archiveOf(files)
}

// DestructivePackage makes what takes the package out of an org again, as the Metadata API takes it. The objects
// are all that have got triggers. What is not there does no harm; the secret does not matter.
func DestructivePackage(o PackageOptions) ([]byte, error) {
	o.Secret = "none"
	c, err := contentsOf(o)
	if err != nil {
		return nil, err
	}
	files, err := c.removal()
	if err != nil {
		return nil, err
	}
	return archiveOf(files)
}

// maxSetting is how many characters a text field of custom metadata takes.
const maxSetting = 255

// check says what no package can be made of. Nobody types these values, so that is our mistake.
func (o PackageOptions) check() (*url.URL, error) {
	endpoint, err := url.Parse(o.Endpoint)
	switch {
	case err != nil:
		return nil, fmt.Errorf("parse endpoint: %w", err)
	case endpoint.Scheme == "" || endpoint.Host == "":
		return nil, fmt.Errorf("endpoint %q is no URL", o.Endpoint)
	case !isSetting(o.Endpoint):
		return nil, fmt.Errorf("endpoint is longer than %d characters", maxSetting)
	case !isSetting(o.Secret):
		return nil, fmt.Errorf("secret is empty, longer than %d characters or not on one line", maxSetting)
	}
	return endpoint, nil
}

// isSetting says whether custom metadata keeps the text as it is.
func isSetting(text string) bool {
	return text != "" && len([]rune(text)) <= maxSetting && strings.TrimSpace(text) == text && !strings.ContainsFunc(text, unicode.IsControl)
}
