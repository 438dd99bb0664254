package commands_test

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestZonesAreThere(t *testing.T) {
	all, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for name := range strings.Lines(string(all)) {
		name = strings.TrimSpace(name)
		if _, err := time.LoadLocation(name); err != nil || name == "" || seen[name] {
			t.Errorf("zone %q: %v", name, err)
		}
		seen[name] = true
	}
	if len(seen) < 400 {
		t.Errorf("%d zones", len(seen))
	}
}
