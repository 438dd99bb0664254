package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	mdLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	mdHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

func readDoc(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLinksInDocsLeadSomewhere(t *testing.T) {
	inDocs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	atTop, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append(inDocs, atTop...) {
		for _, link := range mdLink.FindAllStringSubmatch(readDoc(t, doc), -1) {
			if target := link[1]; !strings.Contains(target, "://") && !leads(t, doc, target) {
				t.Errorf("%s: %s leads nowhere", doc, target)
			}
		}
	}
}

// leads says whether the doc's link leads to a file, and to a heading of it where it names one.
func leads(t *testing.T, doc, target string) bool {
	t.Helper()
	file, anchor, anchored := strings.Cut(target, "#")
	if file == "" {
		file = doc
	} else {
		file = filepath.Join(filepath.Dir(doc), file)
	}
	if _, err := os.Stat(file); err != nil {
		return false
	}
	return !anchored || slices.ContainsFunc(mdHeading.FindAllStringSubmatch(readDoc(t, file), -1), func(heading []string) bool {
		return strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-") == anchor
	})
}

func TestDocumentedSignatureIsRight(t *testing.T) {
	doc := readDoc(t, "docs/intake.md")
	find := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(doc)
		if found == nil {
			t.Fatalf("docs/intake.md has no %s", pattern)
		}
		return found[1]
	}
	mac := hmac.New(sha256.New, []byte(find(`(?m)^SECRET='(.+)'$`)))
	mac.Write([]byte(find(`(?m)^BODY='(.+)'$`)))
	if want, got := hex.EncodeToString(mac.Sum(nil)), find(`X-Dispatch-Signature: sha256=([0-9a-f]+)`); got != want {
		t.Errorf("docs/intake.md says %s, want %s", got, want)
	}
}

var metricName = regexp.MustCompile(`\bdispatch_[a-z0-9_]+`)

// metricsIn are the metrics that a file names, without what Prometheus adds to a histogram's name.
func metricsIn(t *testing.T, files ...string) []string {
	t.Helper()
	var names []string
	for _, file := range files {
		for _, name := range metricName.FindAllString(readDoc(t, file), -1) {
			names = append(names, strings.TrimSuffix(name, "_bucket"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryMetricIsDocumented(t *testing.T) {
	want := metricsIn(t, "webhook/metrics.go", "delivery/outlet.go", "bot/metrics.go", "storage/metrics.go")
	for _, doc := range []string{"docs/monitoring.md", "docs/grafana.json"} {
		if diff := cmp.Diff(want, metricsIn(t, doc)); diff != "" {
			t.Errorf("metrics in %s (-code +doc):\n%s", doc, diff)
		}
	}
	if !json.Valid([]byte(readDoc(t, "docs/grafana.json"))) {
		t.Error("docs/grafana.json is no JSON")
	}
}

// TestFlowIsDocumentedAsInThePackage keeps what an admin types in the same words in both places.
func TestFlowIsDocumentedAsInThePackage(t *testing.T) {
	doc, readme := readDoc(t, "docs/salesforce.md"), readDoc(t, "salesforce/package/README.md.tmpl")
	exact := regexp.MustCompile("`({![^`]+})`")
	said := exact.FindAllString(doc, -1)
	if diff := cmp.Diff(exact.FindAllString(readme, -1), said); len(said) != 2 || diff != "" {
		t.Errorf("header formulas (-README +docs):\n%s", diff)
	}
}
