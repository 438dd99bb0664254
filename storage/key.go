package storage

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LoadKey finds the key for Open: key (32 bytes in base64) when it is given, else what keyFile holds, else
// what is in the file beside the database of the URL, named like it with .key behind. That file is made on
// the first start, readable by its owner only. No error shows any of a key.
func LoadKey(key, keyFile, url string) ([]byte, error) {
	if key != "" {
		return decodeKey(key, "storage.key")
	}
	if keyFile != "" {
		return readKey(keyFile)
	}
	path, err := pathOf(url)
	if err != nil {
		return nil, err
	}
	beside := path + ".key"
	found, err := readKey(beside)
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	// A new key would open none of the secrets of a database that is there already.
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("%s has lost its key: restore %s, or set storage.key", path, beside)
	}
	return makeKey(path, beside)
}

func readKey(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read storage key: %w", err)
	}
	return decodeKey(string(text), file)
}

// decodeKey reads a key; from says where it came from.
func decodeKey(text, from string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s must hold %d bytes in base64", from, keySize)
	}
	return key, nil
}

// makeKey writes a new key and makes sure that it outlives a crash: what is sealed under it soon will.
func makeKey(path, file string) ([]byte, error) {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, pathError(path, err)
	}
	_, err = out.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return nil, fmt.Errorf("write storage key: %w", errors.Join(err, os.Remove(file)))
	}
	if dir, err := os.Open(filepath.Dir(file)); err == nil {
		_ = dir.Sync() // not every system can
		_ = dir.Close()
	}
	return key, nil
}
