package storage_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dispatch/storage"
)

func TestLoadKey(t *testing.T) {
	given, filed := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	text := base64.StdEncoding.EncodeToString
	tests := map[string]struct {
		key  string
		file string // what the key file holds; "" when it is not set
		want []byte
		fail string
	}{
		"given":             {key: text(given), file: text(filed), want: given},
		"in a file":         {file: text(filed), want: filed},
		"in a file, a line": {file: text(filed) + "\n", want: filed},
		"too short":         {key: text(given[:31]), fail: "storage.key must hold 32 bytes in base64"},
		"no base64":         {key: "hunter2!", fail: "storage.key must hold 32 bytes in base64"},
		"no base64 in file": {file: "hunter2!", fail: "FILE must hold 32 bytes in base64"},
		"missing file":      {file: "-", fail: "read storage key: open FILE: no such file or directory"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "key")
			if tc.file == "" {
				file = ""
			} else if tc.file != "-" {
				must(t, os.WriteFile(file, []byte(tc.file), 0o600))
			}
			got, err := storage.LoadKey(tc.key, file, "sqlite://"+filepath.Join(t.TempDir(), "dispatch.db"))
			if tc.fail != "" {
				if want := strings.ReplaceAll(tc.fail, "FILE", file); err == nil || err.Error() != want {
					t.Errorf("error is %v, want %s", err, want)
				}
				return
			}
			must(t, err)
			if !bytes.Equal(got, tc.want) {
				t.Errorf("key is %x, want %x", got, tc.want)
			}
		})
	}
}

func TestLoadKeyMakesOne(t *testing.T) {
	dir := t.TempDir()
	url := "sqlite://" + filepath.Join(dir, "dispatch.db")
	made, err := storage.LoadKey("", "", url)
	must(t, err)
	if len(made) != 32 || bytes.Equal(made, make([]byte, 32)) {
		t.Fatalf("key is %x", made)
	}
	info, err := os.Stat(filepath.Join(dir, "dispatch.db.key"))
	must(t, err)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %o, want 600", info.Mode().Perm())
	}
	again, err := storage.LoadKey("", "", url)
	must(t, err)
	if !bytes.Equal(made, again) {
		t.Error("the second start has another key")
	}
	db, err := storage.Open(t.Context(), url, made)
	must(t, err)
	must(t, db.Close())

	must(t, os.Remove(filepath.Join(dir, "dispatch.db.key")))
	_, err = storage.LoadKey("", "", url)
	if err == nil || !strings.Contains(err.Error(), "has lost its key: restore") {
		t.Errorf("error is %v", err)
	}
	_, err = storage.LoadKey("", "", "sqlite://"+filepath.Join(dir, "none", "dispatch.db"))
	if err == nil || !strings.Contains(err.Error(), "there is no directory") {
		t.Errorf("error is %v", err)
	}
	_, err = storage.LoadKey("", "", "postgres://host/db")
	if err == nil {
		t.Error("made a key beside a database that is no file")
	}
}
