package main

import (
	"os"
	"runtime/debug"
)

// What the intake allocates dies young, so collecting less often costs little memory and gives a tenth more callouts. The
// limit is where memory counts for more than time.
const (
	gcPercent   = 400
	memoryLimit = 32 << 20
)

// tuneMemory sets them unless the operator has.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
