package main

import (
	"os"
	"syscall"
)

// fdatasync is what SQLite waits for at every commit.
func fdatasync(file *os.File) error { return syscall.Fdatasync(int(file.Fd())) }
