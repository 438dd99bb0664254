package locales_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dispatch/locales"
)

// structural are the tables whose sentences are found by their place: commands looks up each name and
// description by the path of the command.
var structural = []string{"command."}

// unspoken are folders without sentences, where "salesforce.client_id" is a key of the configuration, and
// folders that are no source.
var unspoken = []string{"config", "playground", "testdata", "docs"}

// keyShape is a key, or the beginning of one that the code puts together, which ends in a dot.
var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\.?$`)

func TestEveryKeyIsUsedAndExists(t *testing.T) {
	keys := locales.Keys()
	used := make(map[string]bool)
	for literal, position := range literals(t, keys) {
		found := false
		for _, key := range keys {
			if key == literal || strings.HasSuffix(literal, ".") && strings.HasPrefix(key, literal) {
				used[key], found = true, true
			}
		}
		if !found {
			t.Errorf("%s: there is no sentence at %q", position, literal)
		}
	}
	for _, key := range keys {
		place := slices.ContainsFunc(structural, func(table string) bool { return strings.HasPrefix(key, table) })
		if !used[key] && !place {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// literals are the strings in our code that look like keys of a table that there is, with their positions.
func literals(t *testing.T, keys []string) map[string]token.Position {
	t.Helper()
	tables := make(map[string]bool)
	for _, key := range keys {
		table, _, _ := strings.Cut(key, ".")
		tables[table] = true
	}
	found := make(map[string]token.Position)
	files := token.NewFileSet()
	for _, path := range sources(t) {
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				table, _, dotted := strings.Cut(text, ".")
				if n.Kind == token.STRING && err == nil && dotted && tables[table] && keyShape.MatchString(text) {
					found[text] = files.Position(n.Pos())
				}
			}
			return true
		})
	}
	return found
}

// sources are the Go files of the module that are not tests.
func sources(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || slices.Contains(unspoken, name)):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
