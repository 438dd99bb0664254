package storage_test

import "testing"

func TestFingerprints(t *testing.T) {
	db := open(t)
	for _, step := range []struct{ name, set, want string }{
		{"global", "", ""}, {"global", "a", "a"}, {"guild", "", ""}, {"global", "b", "b"},
	} {
		if step.set != "" {
			must(t, db.SetFingerprint(t.Context(), step.name, step.set))
		}
		got, err := db.Fingerprint(t.Context(), step.name)
		must(t, err)
		if got != step.want {
			t.Errorf("fingerprint %s is %q, want %q", step.name, got, step.want)
		}
	}
}
