package orgtest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// manifest is package.xml, or a list of what is to go.
type manifest struct {
	XMLName xml.Name `xml:"http://soap.sforce.com/2006/04/metadata Package"`
	Types   []struct {
		Members []string `xml:"members"`
		Name    string   `xml:"name"`
	} `xml:"types"`
	Version string `xml:"version"`
}

// bundle is what is in a request's archive.
type bundle struct {
	files   map[string]string
	wanted  manifest
	leaving *manifest // nil when nothing goes
}

// folders are where components of a type are, and what ends their names.
var folders = map[string][2]string{
	"ApexClass":         {"classes", ".cls"},
	"ApexTrigger":       {"triggers", ".trigger"},
	"CustomMetadata":    {"customMetadata", ".md"},
	"CustomObject":      {"objects", ".object"},
	"RemoteSiteSetting": {"remoteSiteSettings", ".remoteSite"},
	"PermissionSet":     {"permissionsets", ".permissionset"},
	"NamedCredential":   {"namedCredentials", ".namedCredential"},
}

var (
	versionShape = regexp.MustCompile(`^[0-9]{2}\.0$`)
	testClass    = regexp.MustCompile(`(?i)@istest\b`)
)

// unpack reads an archive. One that is no package at all is refused.
func unpack(archive []byte) (bundle, error) {
	b := bundle{files: make(map[string]string)}
	opened, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return b, invalid("the file is no zip: %v", err)
	}
	for _, f := range opened.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		content, err := f.Open()
		if err != nil {
			return b, err
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return b, err
		}
		b.files[f.Name] = string(text)
	}
	told, found := b.files["package.xml"]
	if err := xml.Unmarshal([]byte(told), &b.wanted); !found || err != nil || !versionShape.MatchString(b.wanted.Version) {
		return b, invalid("No package.xml found, or it is none: %v", err)
	}
	if told, found := b.files["destructiveChanges.xml"]; found {
		b.leaving = new(manifest)
		if err := xml.Unmarshal([]byte(told), b.leaving); err != nil || b.leaving.Version != "" {
			return b, invalid("destructiveChanges.xml is none: %v", err)
		}
	}
	return b, nil
}

// fileOf is where the component of a type is. A field is in the file of its object.
func fileOf(kind, name string) (string, bool) {
	if kind == "CustomField" {
		kind = "CustomObject"
		name, _, _ = strings.Cut(name, ".")
	}
	where, known := folders[kind]
	return where[0] + "/" + name + where[1], known
}

// judge is how a request with the bundle ends in an org that has those files.
func (b bundle) judge(o DeployOptions, present map[string]string) DeployOutcome {
	var bad []map[string]any
	listed := map[string]bool{"package.xml": true, "destructiveChanges.xml": true}
	for _, t := range b.wanted.Types {
		for _, name := range t.Members {
			file, known := fileOf(t.Name, name)
			listed[file], listed[file+"-meta.xml"] = true, true
			if _, there := b.files[file]; !there || !known {
				bad = append(bad, failure("package.xml", name, "An object '"+name+"' of type "+t.Name+
					" was named in package.xml, but was not found in zipped directory", "Error"))
			}
		}
	}
	for file := range b.files {
		if !listed[file] {
			bad = append(bad, failure(file, path.Base(file), "Not in package.xml", "Error"))
		}
	}
	for _, file := range b.goes() {
		if _, there := present[file]; !there && !o.IgnoreWarnings {
			bad = append(bad, failure("destructiveChanges.xml", file, "No component named "+file+" found", "Warning"))
		}
	}
	outcome := DeployOutcome{State: "Succeeded", ComponentFailures: bad}
	for _, test := range o.RunTests {
		if !slices.Contains(b.tests(), test) {
			outcome.TestFailures = append(outcome.TestFailures, map[string]any{"name": test, "message": "No ApexClass named " + test + " found"})
		}
	}
	if len(bad) > 0 || len(outcome.TestFailures) > 0 {
		outcome.State = "Failed"
	}
	return outcome
}

func failure(file, name, problem, kind string) map[string]any {
	return map[string]any{
		"fileName": file, "fullName": name, "problem": problem, "problemType": kind, "success": false, "lineNumber": nil, "columnNumber": nil,
	}
}

// goes are the files of what is to go.
func (b bundle) goes() []string {
	var files []string
	if b.leaving == nil {
		return nil
	}
	for _, t := range b.leaving.Types {
		for _, name := range t.Members {
			file, _ := fileOf(t.Name, name)
			files = append(files, file)
		}
	}
	return files
}

// tests are the test classes that it brings.
func (b bundle) tests() []string {
	var names []string
	for file, text := range b.files {
		if name, is := strings.CutSuffix(file, ".cls"); is && testClass.MatchString(text) {
			names = append(names, path.Base(name))
		}
	}
	return names
}

// apply has the bundle's effect on what is in the org.
func (b bundle) apply(files map[string]string) {
	for _, file := range b.goes() {
		delete(files, file)
	}
	for file, text := range b.files {
		if strings.Contains(file, "/") && !strings.HasSuffix(file, "-meta.xml") {
			files[file] = text
		}
	}
}
