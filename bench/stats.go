package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// median is the middle of the values, and how far they are apart.
func median[T int | float64 | time.Duration](values []T) (middle, least, most T) {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1]
}

// quantile is the value that q of all are not above.
func quantile(values []time.Duration, q float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func percentiles(values []time.Duration) string {
	return fmt.Sprintf("p50 %v, p99 %v", round(quantile(values, .5)), round(quantile(values, .99)))
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// fsyncCost is what the disk under dir takes to keep a page.
func fsyncCost(dir string) (time.Duration, error) {
	file, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	page := make([]byte, 8<<10)
	var took []time.Duration
	for i := range 200 {
		began := time.Now()
		if _, err := file.WriteAt(page, int64(i)*int64(len(page))); err != nil {
			return 0, err
		}
		if err := fdatasync(file); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	middle, _, _ := median(took)
	return middle.Round(time.Microsecond), nil
}
