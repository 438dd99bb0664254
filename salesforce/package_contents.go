package salesforce

import (
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
	"unicode"
)

//go:embed package/*.tmpl
var packageFS embed.FS

// packageTemplates are read when the first package is made: a process that makes none has the megabyte for callouts.
var packageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("package").
		Funcs(template.FuncMap{"apex": apexLiteral, "xml": xmlText, "join": strings.Join}).
		ParseFS(packageFS, "package/*.tmpl"))
})

// contents are what a package's templates are filled with.
type contents struct {
	Prefix, Folder   string // of its names; of the zip
	Name             string // the source's, on one line
	Endpoint, Secret string
	Origin, Path     string // of the endpoint
	Version          string
	Triggers         []objectTrigger
	Fields           []fieldList
}

// objectTrigger is a trigger and the test that sets it off.
type objectTrigger struct {
	Prefix, Object, Trigger string
	Test, Sample            string
}

func contentsOf(o PackageOptions) (contents, error) {
	endpoint, err := o.check()
	if err != nil {
		return contents{}, err
	}
	chosen := o.Objects
	if len(chosen) == 0 {
		chosen = DefaultObjects
	}
	c := contents{
		Prefix: prefixOf(o.Source, endpoint), Folder: folderOf(o.Source, endpoint), Name: oneLine(o.Source),
		Endpoint: o.Endpoint, Secret: o.Secret, Version: apiVersion,
		Origin: endpoint.Scheme + "://" + endpoint.Host, Path: endpoint.EscapedPath(),
	}
	taken := names{}
	for _, object := range chosen {
		t := objectTrigger{Prefix: c.Prefix, Object: spelt(object)}
		t.Trigger = taken.identifier(c.Prefix, t.Object)
		t.Test = "tellsOf" + strings.TrimPrefix(t.Trigger, c.Prefix)
		t.Sample = sampleFor(t.Object, c.Prefix)
		c.Triggers = append(c.Triggers, t)
	}
	c.Fields = fieldListsOf(c.Objects())
	return c, nil
}

// Classes are the names of the package's classes, in order.
func (c contents) Classes() []string {
	classes := append(c.Tests(), c.Prefix+"Action", c.Prefix+"Handler", c.Prefix+"Sender")
	slices.Sort(classes)
	return classes
}

// Tests are those of them that are tests.
func (c contents) Tests() []string {
	return []string{c.Prefix + "ActionTest", c.Prefix + "HandlerTest", c.Prefix + "SenderTest", c.Prefix + "TriggerTest"}
}

// Objects are what there are triggers on.
func (c contents) Objects() []string {
	var objects []string
	for _, t := range c.Triggers {
		objects = append(objects, t.Object)
	}
	return objects
}

// Uses says whether the samples call the helper, so that no package has one that it does not need.
func (c contents) Uses(helper string) bool {
	return slices.ContainsFunc(c.Triggers, func(t objectTrigger) bool {
		return strings.Contains(t.Sample, helper) || helper == "made(" && strings.Contains(t.Sample, "price(")
	})
}

// Category is where Flow Builder lists the action.
func (c contents) Category() string { return strings.TrimSpace("Dispatch " + c.Name) }

// manifest is what a package.xml lists.
type manifest struct {
	Types   []manifestType
	Version string
}

type manifestType struct {
	Name    string
	Members []string
}

// components are all that the package puts into an org, by kind.
func (c contents) components() []manifestType {
	var triggers, fields []string
	for _, t := range c.Triggers {
		triggers = append(triggers, t.Trigger)
	}
	for _, f := range settingsFields {
		fields = append(fields, c.Prefix+"__mdt."+f.Member)
	}
	slices.Sort(triggers)
	return []manifestType{
		{"ApexClass", c.Classes()},
		{"ApexTrigger", triggers},
		{"CustomField", fields},
		{"CustomMetadata", []string{c.Prefix + ".Source"}},
		{"CustomObject", []string{c.Prefix + "__mdt"}},
		{"RemoteSiteSetting", []string{c.Prefix}},
	}
}

func fill(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := packageTemplates().ExecuteTemplate(&out, name+".tmpl", data); err != nil {
		return nil, fmt.Errorf("fill %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// xmlText escapes text for the inside of an element.
func xmlText(text string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// apexLiteral escapes text for the inside of an Apex string literal.
func apexLiteral(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// oneLine keeps a name from starting a new paragraph.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}
