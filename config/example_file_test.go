package config_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/config"
)

const exampleFile = "../config.example.toml"

// offered matches a line that sets a key, in comments (#key = value) or not.
var offered = regexp.MustCompile(`(?m)^#?([a-z_]+ = .+)$`)

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExampleFileLoadsAsItStands(t *testing.T) {
	got, err := config.Load(exampleFile, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Discord.Token, want.HTTP.PublicURL = got.Discord.Token, got.HTTP.PublicURL
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("it changes more than what is required (-default +example):\n%s", diff)
	}
}

// Each line of the example, taken alone, loads; and those that show a default show the right one.
func TestExampleFileOffersEveryKey(t *testing.T) {
	lines := make(map[string]string)
	for _, section := range strings.Split(readText(t, exampleFile), "\n[")[1:] {
		name, body, _ := strings.Cut(section, "]")
		for _, line := range offered.FindAllStringSubmatch(body, -1) {
			key, _, _ := strings.Cut(line[1], " ")
			lines[name+"."+key] = name + "." + line[1]
		}
	}
	noDefault := []string{
		"discord.token", "discord.gateway_url", "http.public_url", "http.admin_token", "storage.key", "storage.key_file",
		"salesforce.client_id", "salesforce.client_secret",
	}
	for _, key := range keys() {
		t.Run(key, func(t *testing.T) {
			line, there := lines[key]
			if !there {
				t.Fatal("the example does not offer it")
			}
			delete(lines, key)
			got := parse(t, companions[key]+line)
			want := valueOf(config.Default(), key)
			isDefault := cmp.Equal(want, valueOf(got, key), comparePrefixes, cmpopts.EquateEmpty())
			if isDefault == slices.Contains(noDefault, key) {
				t.Errorf("%s: is the default: %v, want the contrary", line, isDefault)
			}
		})
	}
	for key := range lines {
		t.Errorf("the example offers %s, which is not a key", key)
	}
}
