package config_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/config"
)

// documented matches a row of a table of keys: key, default, meaning.
var documented = regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| (?:–|`(.+)`) \\| .+ \\|$")

func TestDocsKnowEveryKeyAndItsDefault(t *testing.T) {
	rows := make(map[string]string)
	for _, row := range documented.FindAllStringSubmatch(readText(t, "../docs/configuration.md"), -1) {
		rows[row[1]] = row[2]
	}
	for _, key := range keys() {
		text, there := rows[key]
		if !there {
			t.Errorf("%s has no row", key)
			continue
		}
		delete(rows, key)
		said := valueOf(config.Config{}, key)
		if text != "" {
			said = valueOf(parse(t, "", variable(key)+"="+text), key)
		}
		if diff := cmp.Diff(valueOf(config.Default(), key), said, comparePrefixes); diff != "" {
			t.Errorf("%s: the documented default is another (-real +documented):\n%s", key, diff)
		}
	}
	for key := range rows {
		t.Errorf("%s has a row, but is not a key", key)
	}
}
