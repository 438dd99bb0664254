package salesforce

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"
)

// packed is the time of all files in an archive: the same content is to give the same bytes.
var packed = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// archiveOf puts the files into a zip, in their order.
func archiveOf(files []File) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range files {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: packed})
		if err != nil {
			return nil, fmt.Errorf("add %s: %w", f.Name, err)
		}
		if _, err := w.Write(f.Content); err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("close archive: %w", err)
	}
	return out.Bytes(), nil
}
