package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// errLocked says that somebody else holds a lock.
var errLocked = errors.New("locked")

// lockDatabase makes this process the only one that has the database open. The lock is on a file of its own,
// which stays behind: removing it would let two processes lock two files of the same name. The system
// drops the lock when the process ends, however it ends.
func lockDatabase(path string) (io.Closer, error) {
	// Two links to one database must meet at one lock.
	target, err := filepath.EvalSymlinks(path)
	switch {
	case err == nil:
		path = target
	case !errors.Is(err, fs.ErrNotExist):
		return nil, pathError(path, err)
	}
	file, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, pathError(path, err)
	}
	if err := lockFile(file); err != nil {
		_ = file.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("%s is in use by another dispatch process", path)
		}
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	return file, nil
}
