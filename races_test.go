package main

import (
	"regexp"
	"strings"
	"testing"
)

var (
	raceReport = regexp.MustCompile(`(?s)WARNING: DATA RACE\n.*?\n=+\n`)
	// raceAccess is one of a report's two accesses, with its stack.
	raceAccess = regexp.MustCompile(`(?m)^\s*(?:Previous )?(?:[Rr]ead|[Ww]rite|[Aa]tomic \w+) at 0x.*\n((?:.+\n)+)`)
	raceFrame  = regexp.MustCompile(`(?m)^\s*(\S+)\(.*\)$`)
)

// checkRaces fails for each data race that a process reported, but for those that disgo's gateway has of its
// own when it closes or reconnects: both accesses are its, and there is nothing that we could lock.
func checkRaces(t *testing.T, log string) {
	t.Helper()
	for _, report := range raceReport.FindAllString(log, -1) {
		accesses := raceAccess.FindAllStringSubmatch(report, -1)
		if len(accesses) != 2 || !isDisgos(accesses[0][1]) || !isDisgos(accesses[1][1]) {
			t.Error(report)
		}
	}
}

// isDisgos says whether disgo's gateway is on the stack, with nothing of ours on top of it.
func isDisgos(stack string) bool {
	for _, frame := range raceFrame.FindAllStringSubmatch(stack, -1) {
		switch {
		case strings.HasPrefix(frame[1], "github.com/disgoorg/disgo/gateway."):
			return true
		case strings.HasPrefix(frame[1], "dispatch"):
			return false
		}
	}
	return false
}

func TestCheckRacesExcusesOnlyDisgo(t *testing.T) {
	report := func(first, second string) string {
		return "==================\nWARNING: DATA RACE\nWrite at 0x00c000 by goroutine 7:\n  " + first +
			"()\n      a.go:1\n\nPrevious read at 0x00c000 by goroutine 8:\n  sync/atomic.AddInt32()\n      x.s:1\n  " + second +
			"()\n      b.go:2\n\nGoroutine 7 (running) created at:\n  dispatch.serve()\n      c.go:3\n==================\n"
	}
	const disgo = "github.com/disgoorg/disgo/gateway.(*gatewayImpl).listen"
	tests := map[string]struct {
		log  string
		fail bool
	}{
		"none":       {"all is well\n", false},
		"disgo's":    {report(disgo, disgo), false},
		"ours":       {report("dispatch/bot.(*Bot).Run", "dispatch/bot.(*Bot).Run"), true},
		"main's":     {report(disgo, "dispatch.serve"), true},
		"between us": {report(disgo, "dispatch/bot.(*Bot).Ready"), true},
		"another's":  {report(disgo, "github.com/gin-gonic/gin.New"), true},
		"its helper": {report(disgo, "github.com/klauspost/compress/zstd.(*Decoder).Close()\n      d.go:1\n  "+disgo), false},
		"called by":  {report(disgo, "dispatch/bot.(*guildLog).note()\n      g.go:1\n  "+disgo), true},
		"both kinds": {report(disgo, disgo) + report("dispatch/bot.x", disgo), true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var inner testing.T
			checkRaces(&inner, tc.log)
			if inner.Failed() != tc.fail {
				t.Errorf("failed: got %t, want %t", inner.Failed(), tc.fail)
			}
		})
	}
}
