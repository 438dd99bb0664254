// Generate writes packages for Salesforce into a folder, to be checked there: each in source form, as the Metadata API
// takes it, and in an org of its own, which is the source form among the things of an org that it needs:
//
//	go run ./.ci/apex FOLDER
package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"dispatch/salesforce"
)

// choices are the objects of each package.
var choices = map[string][]string{
	"default":  nil,
	"standard": standard(),
	"custom":   {"Invoice__c", "Invoice_Line__c", strings.Repeat("Long_", 6) + "One__c", strings.Repeat("Long_", 6) + "Two__c"},
	"hostile":  {"Case"},
}

func main() {
	if len(os.Args) != 2 {
		fail(errors.New("usage: generate FOLDER"))
	}
	for name, objects := range choices {
		options := salesforce.PackageOptions{
			Endpoint: "https://dispatch.example.com/hooks/" + name, Secret: "s3cret", Source: name, Objects: objects,
		}
		if name == "hostile" {
			options.Source, options.Secret = "It's \\ <\"Acme\"> {{.Secret}}\n日本", "<'&\"]]>"
		}
		if err := generate(filepath.Join(os.Args[1], name), options); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	_, _ = fmt.Fprintln(os.Stderr, "generate:", err)
	os.Exit(1)
}

// standard are all objects of the catalogue that can have triggers.
func standard() []string {
	var objects []string
	for _, eventType := range salesforce.Catalogue() {
		object, created := strings.CutSuffix(eventType, ".created")
		if _, err := salesforce.ParseObjects(object); created && err == nil && !strings.HasSuffix(object, "__c") {
			objects = append(objects, object)
		}
	}
	return objects
}

func generate(folder string, options salesforce.PackageOptions) error {
	source, err := salesforce.Package(options)
	if err != nil {
		return err
	}
	metadata, err := salesforce.DeployPackage(options)
	if err != nil {
		return err
	}
	org := filepath.Join(folder, "org")
	return errors.Join(
		unpack(filepath.Join(folder, "source"), source.Content),
		unpack(filepath.Join(folder, "metadata"), metadata),
		unpack(org, source.Content),
		addObjects(org, options.Objects),
		addFields(org),
	)
}

// addObjects gives the org custom objects.
func addObjects(org string, objects []string) error {
	const definition = `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
    <label>Custom</label>
    <nameField><label>Name</label><type>Text</type></nameField>
</CustomObject>
`
	for _, object := range objects {
		if !strings.HasSuffix(object, "__c") {
			continue
		}
		if err := write(filepath.Join(org, "force-app/main/default/objects", object, object+".object-meta.xml"), []byte(definition)); err != nil {
			return err
		}
	}
	return nil
}

// sentFields matches what a handler sends of an object: its name, and the fields.
var sentFields = regexp.MustCompile(`'(\w+)' => '(Id [\w ]+)'`)

// featureFields are there only in orgs that have switched something on, or on some objects.
var featureFields = []string{"Name", "OwnerId", "CurrencyIsoCode", "RecordTypeId"}

// addFields adds a class that does not compile unless the objects have the fields that the handler sends.
func addFields(org string) error {
	handlers, err := filepath.Glob(filepath.Join(org, "force-app/main/default/classes/*Handler.cls"))
	if err != nil || len(handlers) != 1 {
		return fmt.Errorf("look for handler: %v, %w", handlers, err)
	}
	handler, err := os.ReadFile(handlers[0])
	if err != nil {
		return err
	}
	var class strings.Builder
	class.WriteString("public class SentFields {\n    public final List<Schema.SObjectField> ALL = new List<Schema.SObjectField>{\n        Account.Name")
	for _, sent := range sentFields.FindAllStringSubmatch(string(handler), -1) {
		for field := range strings.FieldsSeq(sent[2]) {
			if !slices.Contains(featureFields, field) {
				class.WriteString(",\n        " + sent[1] + "." + field)
			}
		}
	}
	class.WriteString("\n    };\n}\n")
	about, err := os.ReadFile(handlers[0] + "-meta.xml")
	if err != nil {
		return err
	}
	path := filepath.Join(filepath.Dir(handlers[0]), "SentFields.cls")
	return errors.Join(write(path, []byte(class.String())), write(path+"-meta.xml", about))
}

func unpack(folder string, archive []byte) error {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	for _, f := range files.File {
		content, err := f.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(content)
		if err := errors.Join(err, content.Close()); err != nil {
			return err
		}
		if err := write(filepath.Join(folder, filepath.FromSlash(f.Name)), text); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
