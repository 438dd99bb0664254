package storage_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/fault"
	"dispatch/storage"
)

func TestOpenRefuses(t *testing.T) {
	files, err := os.ReadDir("migrations/sqlite")
	must(t, err)
	known := strconv.Itoa(len(files))
	tests := map[string]struct {
		prepare func(t *testing.T, dir string) (url string)
		want    string // DIR stands for the directory
	}{
		"another store": {
			func(*testing.T, string) string { return "postgres://user:hunter2@host/db" },
			"storage.url: PostgreSQL comes with a later release; until then it names a file, such as sqlite://dispatch.db",
		},
		"no store": {
			func(*testing.T, string) string { return "file.db" },
			"storage.url must name a file, such as sqlite://dispatch.db",
		},
		"no file": {
			func(*testing.T, string) string { return "sqlite://" },
			"storage.url must name a file, such as sqlite://dispatch.db",
		},
		"memory": {
			func(*testing.T, string) string { return "sqlite://:memory:" },
			"storage.url must name a file, such as sqlite://dispatch.db",
		},
		"missing directory": {
			func(_ *testing.T, dir string) string { return "sqlite://" + dir + "/none/dispatch.db" },
			"open database DIR/none/dispatch.db: there is no directory DIR/none",
		},
		"directory is a file": {
			func(t *testing.T, dir string) string {
				must(t, os.WriteFile(dir+"/file", nil, 0o600))
				return "sqlite://" + dir + "/file/dispatch.db"
			},
			"open database DIR/file/dispatch.db: there is no directory DIR/file",
		},
		"a directory": {
			func(_ *testing.T, dir string) string { return "sqlite://" + dir },
			"open database DIR: it is a directory",
		},
		"text": {
			func(t *testing.T, dir string) string {
				must(t, os.WriteFile(dir+"/dispatch.db", []byte("hello"), 0o600))
				return "sqlite://" + dir + "/dispatch.db"
			},
			"DIR/dispatch.db is not a database of dispatch",
		},
		"another program's database": {
			func(t *testing.T, dir string) string {
				onFile(t, dir+"/other.db", `CREATE TABLE t (x)`)
				return "sqlite://" + dir + "/other.db"
			},
			"DIR/other.db is not a database of dispatch",
		},
		"newer schema": {
			func(t *testing.T, dir string) string {
				must(t, openAt(t, dir+"/dispatch.db").Close())
				onFile(t, dir+"/dispatch.db", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
				return "sqlite://" + dir + "/dispatch.db"
			},
			"DIR/dispatch.db was written by a newer dispatch (schema 9999, this one knows " + known + "): update this one",
		},
		"in use": {
			func(t *testing.T, dir string) string {
				openAt(t, dir+"/dispatch.db")
				return "sqlite://" + dir + "/dispatch.db"
			},
			"DIR/dispatch.db is in use by another dispatch process",
		},
		"in use by another name": {
			func(t *testing.T, dir string) string {
				openAt(t, dir+"/dispatch.db")
				must(t, os.Symlink(dir+"/dispatch.db", dir+"/link.db"))
				return "sqlite://" + dir + "/link.db"
			},
			"DIR/dispatch.db is in use by another dispatch process",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db, err := storage.Open(t.Context(), tc.prepare(t, dir), key)
			if err == nil {
				t.Fatal("opened", db.Close())
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(err.Error(), dir, "DIR")); diff != "" {
				t.Error("-want +got:", diff)
			}
		})
	}
}

func TestOpenRefusesKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	must(t, openAt(t, path).Close())
	for name, tc := range map[string]struct {
		key  []byte
		want string
	}{
		"another": {bytes.Repeat([]byte{8}, 32), "storage.key does not fit"},
		"short":   {key[:16], "storage.key must have 32 bytes, has 16"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := storage.Open(t.Context(), "sqlite://"+path, tc.key)
			if err == nil {
				t.Fatal("opened", db.Close())
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %q, want %q", err, tc.want)
			}
		})
	}
	openAt(t, path) // the failures left no lock behind
}

// TestPragmas reads them back on every kind of connection, on a new file and on an old one.
func TestPragmas(t *testing.T) {
	everywhere := map[string]string{
		"page_size": "8192", "auto_vacuum": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000",
	}
	writer := map[string]string{
		"synchronous": "2", "wal_autocheckpoint": "512", "cache_size": "-16000", "query_only": "0",
		"journal_size_limit": "16777216",
	}
	reader := map[string]string{"cache_size": "-2000", "query_only": "1"}
	names := []string{
		"page_size", "auto_vacuum", "journal_mode", "foreign_keys", "busy_timeout", "synchronous", "wal_autocheckpoint",
		"cache_size", "query_only", "journal_size_limit",
	}
	path := filepath.Join(t.TempDir(), "dispatch.db")
	for _, file := range []string{"new", "old"} {
		t.Run(file, func(t *testing.T) {
			db := openAt(t, path)
			w, readers, err := db.Pragmas(t.Context(), names)
			must(t, err)
			if len(readers) < 4 {
				t.Errorf("%d readers, want at least 4", len(readers))
			}
			for _, want := range []map[string]string{everywhere, writer} {
				wantValues(t, "writer", w, want)
			}
			for _, r := range readers {
				wantValues(t, "reader", r, everywhere)
				wantValues(t, "reader", r, reader)
			}
			must(t, db.Close())
		})
	}
}

func wantValues(t *testing.T, of string, got, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s has %s = %s, want %s", of, name, got[name], value)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, name := range []string{"with space.db", "what?.db", "100%.db", "a#b.db", "ü.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			must(t, openAt(t, path).Close())
			info, err := os.Stat(path)
			must(t, err)
			if info.Size() == 0 {
				t.Error("the file is empty")
			}
			if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("mode is %o, want 600", info.Mode().Perm())
			}
		})
	}
}

// TestFirstStartWasCutShort opens the empty file that a crash may leave.
func TestFirstStartWasCutShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	must(t, os.WriteFile(path, nil, 0o600))
	connect(t, openAt(t, path), "Sales", "1")
}

func TestReopenKeepsAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	db := openAt(t, path)
	s := connect(t, db, "Sales", "1")
	must(t, db.AddKey(t.Context(), guild, s.ID, []byte("secret"), at))
	ids := accept(t, db, s, 3)
	before, err := db.SourceBySlug(t.Context(), s.Slug)
	must(t, err)
	must(t, db.Close())
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the WAL is left behind after Close")
	}

	db = openAt(t, path)
	after, err := db.SourceBySlug(t.Context(), s.Slug)
	must(t, err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("-before +after:", diff)
	}
	last := accept(t, db, s, 1)[0]
	if last <= ids[2] {
		t.Errorf("id %d after %d", last, ids[2])
	}
}

func TestClosed(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	e := entry(t, db, s, `{}`)
	_, err := db.SourceBySlug(t.Context(), s.Slug) // remembered
	must(t, err)
	must(t, db.Ping(t.Context()))
	must(t, db.Close())
	must(t, db.Close())
	for name, call := range calls(db, s, e) {
		t.Run(name, func(t *testing.T) { wantKind(t, call(t.Context()), fault.Unavailable) })
	}
}

// onFile runs a statement on a file that is not open.
func onFile(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	_, err = db.ExecContext(context.Background(), query)
	must(t, err)
	must(t, db.Close())
}
