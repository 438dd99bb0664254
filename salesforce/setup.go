package salesforce

import (
	"bytes"
	"embed"
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"unicode"
)

//go:embed setup/*.tmpl
var setupFS embed.FS

var setupTemplates = template.Must(template.New("setup").
	Funcs(template.FuncMap{"apex": apexLiteral, "join": strings.Join}).
	ParseFS(setupFS, "setup/*.tmpl"))

// DefaultObjects are what a setup has triggers for when nobody asks for others.
var DefaultObjects = []string{"Opportunity", "Case"}

// File is a file for the admin of an org.
type File struct {
	Name    string
	Content []byte
}

// Setup makes what an org needs to send its changes to the URL, signed with the secret: Apex for the objects
// (DefaultObjects when there are none) and instructions for Flows. The objects are as ParseObjects gives
// them; the name is the source's.
func Setup(endpoint, secret, name string, objects []string) ([]File, error) {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("parse endpoint: %w", err)
	}
	if len(objects) == 0 {
		objects = DefaultObjects
	}
	guide := guide{
		Name: oneLine(name), URL: endpoint, Secret: secret,
		Origin: parsed.Scheme + "://" + parsed.Host, Objects: objects,
	}
	if err := guide.writeApex(); err != nil {
		return nil, err
	}
	text, err := fill("guide.md.tmpl", guide)
	if err != nil {
		return nil, err
	}
	return []File{{Name: "salesforce-setup.md", Content: []byte(text)}}, nil
}

// guide is what the templates are filled with.
type guide struct {
	Name, URL, Secret, Origin string
	Objects, Types            []string
	Class, Test               string
	Triggers                  []trigger
}

type trigger struct {
	Object, Trigger, Code string
}

func (g *guide) writeApex() error {
	var err error
	if g.Class, err = fill("DispatchCallout.cls.tmpl", g); err != nil {
		return err
	}
	for _, object := range g.Objects {
		t := trigger{Object: object, Trigger: triggerName(object)}
		if t.Code, err = fill("Dispatch.trigger.tmpl", t); err != nil {
			return err
		}
		g.Triggers = append(g.Triggers, t)
		g.Types = append(g.Types, object+".SObjectType")
	}
	g.Test, err = fill("DispatchCalloutTest.cls.tmpl", g)
	return err
}

func fill(name string, data any) (string, error) {
	var out bytes.Buffer
	if err := setupTemplates.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("fill %s: %w", name, err)
	}
	return out.String(), nil
}

// triggerName makes an Apex identifier: at most 40 characters, no two underscores in a row.
func triggerName(object string) string {
	name := "Dispatch" + strings.ReplaceAll(object, "__", "_")
	if len(name) > 40 {
		name = strings.TrimRight(name[:40], "_")
	}
	return name
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

// oneLine keeps a name from starting a new paragraph of the guide.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
