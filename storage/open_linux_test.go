package storage_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"dispatch/storage"
)

// TestOpenWithoutPermission opens in a directory where only others may write.
func TestOpenWithoutPermission(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o555))
	failed := make(chan error)
	go func() {
		// Root may write anywhere, so this thread becomes nobody, as far as files go, and ends afterwards.
		runtime.LockOSThread()
		if os.Geteuid() == 0 {
			if err := unix.Setfsuid(65534); err != nil {
				failed <- err
				return
			}
		}
		_, err := storage.Open(t.Context(), "sqlite://"+filepath.Join(dir, "dispatch.db"), key)
		failed <- err
	}()
	err := <-failed
	want := "open database DIR/dispatch.db: it cannot be written here: permission denied"
	if err == nil || strings.ReplaceAll(err.Error(), dir, "DIR") != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}
