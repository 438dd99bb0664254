// Report turns what "go test -json" says into what "go test" says, and tells besides which tests were skipped
// and why, which go test keeps to itself:
//
//	go test -json ./... | go run .ci/report.go
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is a line of go test -json (go doc test2json), or of a build.
type event struct {
	Action, Package, Test, Output string
}

func main() {
	if err := report(os.Stdin, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

// report prints, package by package as they end, what failed, what was skipped, and the package's own line.
func report(in io.Reader, out io.Writer) error {
	said := make(map[event][]string)  // the lines of what runs: a test or, without Test, a package
	told := make(map[string][]string) // by package: what is to be told of its tests
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			_, _ = fmt.Fprintln(out, lines.Text())
			continue
		}
		from := event{Package: e.Package, Test: e.Test}
		switch e.Action {
		case "output":
			said[from] = append(said[from], e.Output)
		case "build-output":
			_, _ = io.WriteString(out, e.Output)
		case "pass", "skip", "fail":
			told[e.Package] = append(told[e.Package], verdict(e, said[from]))
			delete(said, from)
			if e.Test == "" {
				_, _ = io.WriteString(out, strings.Join(told[e.Package], ""))
				delete(told, e.Package) // it may be tested again
			}
		}
	}
	return lines.Err()
}

// verdict is what remains to be said of a test or a package that has ended.
func verdict(e event, said []string) string {
	switch {
	case e.Test == "" && e.Action != "fail":
		said = keep(said, func(line string) bool { return strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "? ") })
	case e.Action == "pass":
		return ""
	case e.Action == "skip":
		said = keep(said, func(line string) bool { return !strings.HasPrefix(strings.TrimSpace(line), "---") })
		reason := strings.Join(strings.Fields(strings.Join(said, " ")), " ")
		return fmt.Sprintf("skip\t%s\t%s: %s\n", e.Package, e.Test, reason)
	}
	return strings.Join(keep(said, func(line string) bool { return line != "PASS\n" }), "")
}

// keep leaves out what announces that a test runs, and the lines that are not wanted.
func keep(said []string, wanted func(line string) bool) []string {
	var kept []string
	for _, line := range said {
		if !strings.HasPrefix(line, "=== ") && wanted(line) {
			kept = append(kept, line)
		}
	}
	return kept
}
