// Bench measures what Dispatch promises, on real sockets and a real file: it builds the binary, runs it as a process of
// its own, and puts each figure beside the goal and, where there is one, beside a bare gin handler in the same run.
//
// It is a room of its own because it may import every other, as main does, and because none of it is a test: a test that
// looks at the clock fails on a busy machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// options are what the command line sets.
type options struct {
	rounds   int
	duration time.Duration // of one measurement
	backlog  int           // deliveries that wait in a large queue
	kills    int
}

// benches are what can be measured, in this order.
var benches = []struct {
	name string
	run  func(*bench) error
}{
	{"intake", intake},
	{"together", together},
	{"latency", acceptLatency},
	{"shown", shown},
	{"burst", burst},
	{"claim", claimCost},
	{"backlog", backlog},
	{"kills", kills},
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == bareArg {
		fail(serveBare(os.Args[2]))
		return
	}
	var (
		opts options
		only string
	)
	flag.StringVar(&only, "only", "", "measure these only, such as intake,burst")
	flag.IntVar(&opts.rounds, "rounds", 5, "rounds of what is compared")
	flag.DurationVar(&opts.duration, "duration", 3*time.Second, "of one measurement")
	flag.IntVar(&opts.backlog, "backlog", 1_000_000, "deliveries that wait in a large queue")
	flag.IntVar(&opts.kills, "kills", 20, "how often the process is killed under load")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fail(run(ctx, opts, strings.FieldsFunc(only, func(r rune) bool { return r == ',' })))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run builds the binary and measures.
func run(ctx context.Context, opts options, only []string) error {
	b, err := newBench(ctx, opts)
	if err != nil {
		return err
	}
	defer b.close()
	sync, err := fsyncCost(b.dir)
	if err != nil {
		return err
	}
	fmt.Printf("fdatasync of 8 KB: median %v. Ratios are medians of %d interleaved rounds.\n\n", sync, opts.rounds)
	fmt.Printf("%-58s %-34s %s\n", "what", "measured", "goal")
	for _, one := range benches {
		if len(only) > 0 && !slices.Contains(only, one.name) {
			continue
		}
		if err := one.run(b); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// row prints a line of the table.
func row(what, measured, goal string) { fmt.Printf("%-58s %-34s %s\n", what, measured, goal) }
