package main_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// rooms is the import law: what the code of each room may import of ours. A room is a folder with all that is
// in it. .golangci.yml says the same to editors.
var rooms = map[string][]string{
	"event":      {},
	"fault":      {},
	"config":     {},
	"locales":    {},
	"filter":     {"event"},
	"transform":  {},
	"render":     {"event", "filter", "locales"},
	"delivery":   {"event", "filter", "transform"},
	"salesforce": {"event"},
	"storage":    {"event", "delivery", "salesforce", "fault"},
	"webhook":    {"event", "fault"},
	"bot":        {"delivery", "render", "locales"},
	"commands":   {"event", "delivery", "filter", "render", "salesforce", "transform", "fault", "locales"},
	"playground": {},
	"bench":      {"event", "delivery", "storage", "playground"},
}

// forTests is what the tests of every room may import besides: the real thing instead of a fake, and the words.
var forTests = []string{"playground", "storage", "event"}

// topLevel is what stands at the top level beside the rooms and main's files.
var topLevel = []string{
	".ci", ".dockerignore", ".git", ".gitignore", ".golangci.yml", "CHANGELOG.md", "CONTRIBUTING.md",
	"Dockerfile", "LICENSE", "Makefile", "README.md", "config.example.toml", "docs", "go.mod", "go.sum",
}

// Limits of style: we think at 300 lines of a file and stop at 400. Tests may be twice as long.
const (
	maxFile     = 400
	maxFunction = 45 // lines between the braces
)

type goPackage struct {
	ImportPath, Name, Doc              string
	Imports, TestImports, XTestImports []string
}

// room is the package's, "" for main.
func (p goPackage) room() string { return roomOf(p.ImportPath) }

func roomOf(importPath string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(importPath, "dispatch"), "/"), "/")
	return room
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Doc,Imports,TestImports,XTestImports", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	var found []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p goPackage
		if err := decoder.Decode(&p); err != nil {
			t.Fatalf("decode package: %v", err)
		}
		found = append(found, p)
	}
	return found
}

func TestImportLaw(t *testing.T) {
	for _, p := range packages(t) {
		if p.room() == "" {
			continue // main introduces the rooms to one another
		}
		allowed, known := rooms[p.room()]
		if !known {
			t.Errorf("%s is in no room: it needs a sentence in the architecture and a line here", p.ImportPath)
		}
		for _, path := range p.Imports {
			if !lawful(p, path, allowed) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if !lawful(p, path, slices.Concat(allowed, forTests)) {
				t.Errorf("the tests of %s import %s", p.ImportPath, path)
			}
		}
	}
}

// lawful says whether the package may import the path. Other people's packages are not the law's business.
func lawful(p goPackage, path string, allowed []string) bool {
	ours := path == "dispatch" || strings.HasPrefix(path, "dispatch/")
	return !ours || roomOf(path) == p.room() || slices.Contains(allowed, roomOf(path))
}

// depguardRule matches one room's rule in .golangci.yml: its name, and what it allows.
var depguardRule = regexp.MustCompile(`(?m)^ +files: \["\$\{base-path\}/(\w+)/\*\*", "!\$test"\]\n +deny: .*\n(?: +allow: \[(.*)\]\n)?`)

func TestLinterKnowsTheSameLaw(t *testing.T) {
	settings, err := os.ReadFile(".golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string][]string)
	for _, rule := range depguardRule.FindAllSubmatch(settings, -1) {
		room := string(rule[1])
		known[room] = []string{}
		for path := range strings.SplitSeq(string(rule[2]), ", ") {
			if other := roomOf(path); other != room && path != "" {
				known[room] = append(known[room], other)
			}
		}
	}
	if diff := cmp.Diff(rooms, known, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("depguard's rules (-rooms +.golangci.yml):\n%s", diff)
	}
}

func TestLawIsAboutRoomsThatExist(t *testing.T) {
	for room, imports := range rooms {
		for _, name := range append(imports, room) {
			if _, err := os.Stat(name); err != nil {
				t.Errorf("room %s: %v", room, err)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" && p.Name != "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, file := range goFiles(t) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		isTest := strings.HasSuffix(file, "_test.go")
		limit := maxFile
		if isTest {
			limit *= 2
		}
		if lines := bytes.Count(source, []byte("\n")); lines > limit {
			t.Errorf("%s has %d lines, more than %d", file, lines, limit)
		}
		if !isTest {
			checkFunctions(t, file, source)
		}
	}
}

func checkFunctions(t *testing.T, file string, source []byte) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, source, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("parse %s: %v", file, err)
		return
	}
	for _, declared := range parsed.Decls {
		function, is := declared.(*ast.FuncDecl)
		if !is || function.Body == nil {
			continue
		}
		lines := set.Position(function.Body.Rbrace).Line - set.Position(function.Body.Lbrace).Line - 1
		if lines > maxFunction {
			t.Errorf("%s: %s has %d lines, more than %d", file, function.Name, lines, maxFunction)
		}
	}
}

// goFiles are ours, the tools in hidden folders included.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".go" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTopLevelHoldsWhatIsKnown(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := os.ReadFile(".gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		_, isRoom := rooms[name]
		isMain := !entry.IsDir() && filepath.Ext(name) == ".go"
		if !isRoom && !isMain && !slices.Contains(topLevel, name) && !matchesAny(t, name, strings.Fields(string(ignored))) {
			t.Errorf("%s has no place at the top level", name)
		}
	}
}

func matchesAny(t *testing.T, name string, patterns []string) bool {
	t.Helper()
	for _, pattern := range patterns {
		matches, err := filepath.Match(strings.Trim(pattern, "/"), name)
		if err != nil {
			t.Fatalf("match %s: %v", pattern, err)
		}
		if matches {
			return true
		}
	}
	return false
}

func TestReportTellsWhatWasSkippedAndWhatFailed(t *testing.T) {
	report := exec.CommandContext(t.Context(), "go", "run", ".ci/report.go")
	report.Stdin = strings.NewReader(`{"Action":"output","Package":"a","Test":"TestFine","Output":"=== RUN   TestFine\n"}
{"Action":"output","Package":"a","Test":"TestFine","Output":"noise\n"}
{"Action":"pass","Package":"a","Test":"TestFine"}
{"Action":"output","Package":"c","Test":"TestBad","Output":"    c_test.go:9: why\n"}
{"Action":"output","Package":"c","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"c","Test":"TestBad"}
{"Action":"output","Package":"a","Test":"TestMoon","Output":"    a_test.go:7: the moon is\n"}
{"Action":"output","Package":"a","Test":"TestMoon","Output":"        not full\n"}
{"Action":"output","Package":"a","Test":"TestMoon","Output":"--- SKIP: TestMoon (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestMoon"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
{"Action":"build-output","ImportPath":"b","Output":"b.go:1: undefined: x\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb [build failed]\n"}
{"Action":"fail","Package":"b"}
{"Action":"output","Package":"c","Output":"FAIL\n"}
{"Action":"output","Package":"c","Output":"FAIL\tc\t0.1s\n"}
{"Action":"fail","Package":"c"}
`)
	report.Stderr = os.Stderr
	out, err := report.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := `skip	a	TestMoon: a_test.go:7: the moon is not full
ok  	a	0.1s
b.go:1: undefined: x
FAIL	b [build failed]
    c_test.go:9: why
--- FAIL: TestBad (0.00s)
FAIL
FAIL	c	0.1s
`
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}
