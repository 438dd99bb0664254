package salesforce_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const endpoint = "https://dispatch.example:8443/hooks/abc"

func acme(objects ...string) salesforce.PackageOptions {
	return salesforce.PackageOptions{Endpoint: endpoint, Secret: "s3cret", Source: "Acme Production", Objects: objects}
}

// pack makes the package and gives its files by name, and their names in order.
func pack(t *testing.T, o salesforce.PackageOptions) (files map[string]string, names []string) {
	t.Helper()
	f, err := salesforce.Package(o)
	if err != nil {
		t.Fatal(err)
	}
	return unpack(t, f.Content)
}

func unpack(t *testing.T, archive []byte) (files map[string]string, names []string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range r.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
		names = append(names, f.Name)
	}
	return files, names
}

// fileOf is the one file of the package whose name ends so.
func fileOf(t *testing.T, files map[string]string, suffix string) string {
	t.Helper()
	var found []string
	for name := range files {
		if strings.HasSuffix(name, suffix) {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		t.Fatalf("files that end in %s: %q", suffix, found)
	}
	return files[found[0]]
}

func TestPackage(t *testing.T) {
	for name, o := range map[string]salesforce.PackageOptions{
		"default": acme(),
		"custom":  acme("Invoice__c", "acme__Deal__c", "user"),
	} {
		t.Run(name, func(t *testing.T) {
			files, names := pack(t, o)
			var text strings.Builder
			for _, name := range names {
				fmt.Fprintln(&text, name)
			}
			for _, name := range names {
				// What is the same in every package is judged by parsers: see .ci/apex.
				if !strings.HasSuffix(name, ".cls") && !strings.HasSuffix(name, ".cls-meta.xml") || strings.HasSuffix(name, "TriggerTest.cls") {
					fmt.Fprintf(&text, "\n== %s\n%s", name, files[name])
				}
			}
			compare(t, "testdata/package_"+name+".txt", text.String())
		})
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestPackageIsTheSameEveryTime(t *testing.T) {
	for name, packed := range map[string]func() ([]byte, error){
		"package": func() ([]byte, error) { f, err := salesforce.Package(acme("Lead")); return f.Content, err },
		"deploy":  func() ([]byte, error) { return salesforce.DeployPackage(acme("Lead")) },
		"remove":  func() ([]byte, error) { return salesforce.DestructivePackage(acme("Lead")) },
	} {
		first, err := packed()
		again, errAgain := packed()
		if err != nil || errAgain != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: %d bytes, then %d: %v, %v", name, len(first), len(again), err, errAgain)
		}
	}
}

// The secret stands in the one file that is there to hold it, whatever it is.
func TestPackageKeepsTheSecretInItsPlace(t *testing.T) {
	tests := map[string]string{
		"as made":        "5f3c0ad1e8b94c5d0a",
		"markup":         `<a href="x">&'</a>]]>`,
		"Apex":           `'; System.debug(UserInfo.getSessionId()); String x = '`,
		"template":       "{{.Name}}",
		"not ASCII":      "schlüssel 🔑",
		"255 characters": strings.Repeat("ü", 255),
	}
	for name, secret := range tests {
		t.Run(name, func(t *testing.T) {
			o := acme()
			o.Secret = secret
			files, _ := pack(t, o)
			if got := settings(t, fileOf(t, files, ".Source.md-meta.xml")); got["Secret__c"] != secret || got["Url__c"] != endpoint || got["Active__c"] != "true" {
				t.Errorf("settings = %q", got)
			}
			for name, text := range files {
				if strings.Contains(text, secret) && !strings.HasSuffix(name, ".Source.md-meta.xml") {
					t.Errorf("%s has the secret", name)
				}
			}
		})
	}
}

// settings are the values of a custom metadata record.
func settings(t *testing.T, record string) map[string]string {
	t.Helper()
	var parsed struct {
		Values []struct {
			Field string `xml:"field"`
			Value string `xml:"value"`
		} `xml:"values"`
	}
	if err := xml.Unmarshal([]byte(record), &parsed); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, v := range parsed.Values {
		values[v.Field] = v.Value
	}
	return values
}

func TestNoPackage(t *testing.T) {
	tests := map[string]func(o *salesforce.PackageOptions){
		"no URL":               func(o *salesforce.PackageOptions) { o.Endpoint = "" },
		"not the whole URL":    func(o *salesforce.PackageOptions) { o.Endpoint = "/hooks/abc" },
		"a URL of two lines":   func(o *salesforce.PackageOptions) { o.Endpoint = endpoint + "\n" },
		"a URL that is long":   func(o *salesforce.PackageOptions) { o.Endpoint += strings.Repeat("a", 255) },
		"no secret":            func(o *salesforce.PackageOptions) { o.Secret = "" },
		"a secret that is cut": func(o *salesforce.PackageOptions) { o.Secret = strings.Repeat("a", 256) },
		"a secret of lines":    func(o *salesforce.PackageOptions) { o.Secret = "a\nb" },
		"a secret of space":    func(o *salesforce.PackageOptions) { o.Secret = " a" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			o := acme()
			change(&o)
			f, err := salesforce.Package(o)
			if err == nil {
				t.Fatalf("a package of %d bytes, want an error", len(f.Content))
			}
			if o.Secret != "" && strings.Contains(err.Error(), o.Secret) {
				t.Errorf("the error has the secret: %v", err)
			}
		})
	}
}

func TestPackageTriggers(t *testing.T) {
	long := strings.Repeat("Long_", 8)
	tests := map[string]struct {
		objects []string
		want    []string // triggers without the prefix, and their objects
	}{
		"by default":   {nil, []string{"Case on Case", "Opportunity on Opportunity"}},
		"custom":       {[]string{"Invoice__c", "acme__Deal__c"}, []string{"Invoice_c on Invoice__c", "acme_Deal_c on acme__Deal__c"}},
		"small":        {[]string{"opportunitylineitem"}, []string{"OpportunityLineItem on OpportunityLineItem"}},
		"long names":   {[]string{long + "A__c", long + "B__c"}, []string{"Long_Long_Long_L146b on " + long + "B__c", "Long_Long_Long_Ld4fc on " + long + "A__c"}},
		"one name two": {[]string{"A__c", "A_c"}, []string{"A_c on A__c", "A_c5494 on A_c"}},
	}
	trigger := regexp.MustCompile(`(?m)^trigger (\w+) on (\w+) \(`)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			files, _ := pack(t, acme(tc.objects...))
			var got []string
			for file, text := range files {
				if m := trigger.FindStringSubmatch(text); m != nil {
					checkIdentifier(t, m[1])
					if !strings.HasSuffix(file, "/"+m[1]+".trigger") {
						t.Errorf("%s has the trigger %s", file, m[1])
					}
					got = append(got, strings.TrimPrefix(m[1], "DispatchAcmeProdba78")+" on "+m[2])
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("triggers (-want +got):\n%s", diff)
			}
		})
	}
}

func checkIdentifier(t *testing.T, name string) {
	t.Helper()
	if !regexp.MustCompile(`^[A-Za-z](_?[A-Za-z0-9])*$`).MatchString(name) || len(name) > 40 {
		t.Errorf("%q is no Apex identifier", name)
	}
}

// Packages of two sources get along in one org, whatever the sources are called.
func TestPackageNames(t *testing.T) {
	tests := map[string]struct {
		source string
		file   string
	}{
		"plain":      {"Acme", "dispatch-acme.zip"},
		"words":      {"Acme Production #2", "dispatch-acme-production-2.zip"},
		"long":       {strings.Repeat("acme ", 20), "dispatch-acme-acme-acme-acme-acme-acme-acme-acme.zip"},
		"a path":     {"../../etc", "dispatch-etc.zip"},
		"not ASCII":  {"日本", "dispatch-ba78.zip"},
		"many lines": {"Acme\n## Extra", "dispatch-acme-extra.zip"},
	}
	class := regexp.MustCompile(`(?m)^public without sharing class (\w+)Handler \{`)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			prefixes := map[string]bool{}
			for _, slug := range []string{"abc", "xyz"} {
				o := acme()
				o.Source, o.Endpoint = tc.source, "https://dispatch.example/hooks/"+slug
				f, err := salesforce.Package(o)
				if err != nil || slug == "abc" && f.Name != tc.file {
					t.Errorf("file = %q, %v, want %q", f.Name, err, tc.file)
				}
				files, _ := unpack(t, f.Content)
				m := class.FindStringSubmatch(fileOf(t, files, "Handler.cls"))
				if m == nil {
					t.Fatal("no handler")
				}
				checkIdentifier(t, m[1]+"TriggerTest")
				prefixes[m[1]] = true
				if readme := files["README.md"]; strings.Count(readme, "\n# ") != 0 || strings.Contains(readme, "## Extra\n") {
					t.Errorf("the source's name has made a heading:\n%.300s", readme)
				}
			}
			if len(prefixes) != 2 {
				t.Errorf("two sources share the names %v", prefixes)
			}
		})
	}
}

// What the embeds show is in the samples, and what is in the samples is sent.
func TestPackageSendsWhatTheSamplesHave(t *testing.T) {
	var objects []string
	sent := map[string][]string{}
	for _, eventType := range salesforce.Catalogue() {
		object, _, _ := strings.Cut(eventType, ".")
		if _, err := salesforce.ParseObjects(object); err == nil && !slices.Contains(objects, object) {
			objects = append(objects, object)
		}
	}
	files, _ := pack(t, acme(objects...))
	for _, m := range regexp.MustCompile(`'(\w+)' => '(Id [\w ]+)'`).FindAllStringSubmatch(fileOf(t, files, "Handler.cls"), -1) {
		sent[m[1]] = strings.Fields(m[2])
	}
	if len(sent) < 24 || sent["PricebookEntry"] == nil {
		t.Fatalf("%d objects", len(sent))
	}
	for _, eventType := range salesforce.Catalogue() {
		object, _, _ := strings.Cut(eventType, ".")
		sample, _ := salesforce.SampleOf(eventType)
		var body struct{ Record, Old map[string]any }
		if err := json.Unmarshal(sample.Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, fields := range []map[string]any{body.Record, body.Old} {
			for field, value := range fields {
				if _, related := value.(map[string]any); related {
					field += "Id"
				}
				if field != "attributesId" && !strings.HasSuffix(object, "__c") && !slices.Contains(sent[object], field) {
					t.Errorf("%s: %s is not sent", eventType, field)
				}
			}
		}
	}
}

func TestDeployPackage(t *testing.T) {
	archive, err := salesforce.DeployPackage(acme("Lead"))
	if err != nil {
		t.Fatal(err)
	}
	files, _ := unpack(t, archive)
	source, _ := pack(t, acme("Lead"))
	if files["package.xml"] != source["manifest/package.xml"] {
		t.Error("the two forms have different components")
	}
	const folder = "force-app/main/default/"
	for name, text := range files {
		if strings.HasPrefix(name, "classes/") || strings.HasPrefix(name, "triggers/") {
			if source[folder+name] != text {
				t.Errorf("%s is not what the source form has", name)
			}
		}
	}
	if got := settings(t, fileOf(t, files, ".Source.md")); got["Secret__c"] != "s3cret" {
		t.Errorf("settings = %q", got)
	}
}

func TestDestructivePackage(t *testing.T) {
	o := acme("Lead", "Invoice__c")
	o.Secret = "" // nobody needs it any more
	archive, err := salesforce.DestructivePackage(o)
	if err != nil {
		t.Fatal(err)
	}
	files, names := unpack(t, archive)
	if diff := cmp.Diff([]string{"package.xml", "destructiveChanges.xml"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	source, _ := pack(t, acme("Lead", "Invoice__c"))
	if files["destructiveChanges.xml"] != source["remove/destructiveChanges.xml"] || files["package.xml"] != source["remove/package.xml"] {
		t.Errorf("the package itself says something else of how to remove it:\n%s", files["destructiveChanges.xml"])
	}
	manifest := source["manifest/package.xml"]
	for _, m := range regexp.MustCompile(`<members>(.*)</members>`).FindAllStringSubmatch(manifest, -1) {
		if !strings.Contains(m[1], "__mdt.") && !strings.Contains(files["destructiveChanges.xml"], m[0]) {
			t.Errorf("%s is not removed", m[1])
		}
	}
}
