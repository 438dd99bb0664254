// Dispatch brings Salesforce, and any webhook, into Discord channels and keeps every event.
//
// This package opens the rooms, introduces them to one another, waits, and closes them in reverse.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // a machine may know no time zones but its own

	"dispatch/config"
)

const usage = `Dispatch brings Salesforce, and any webhook, into Discord channels.

Usage:
  dispatch [flags]              run the bot
  dispatch playground [flags]   run it against a local Discord, without a token
  dispatch check [flags]        read the config and report every mistake
  dispatch version

Flags:
  --config FILE      configuration file (default config.toml)
  --addr HOST:PORT   playground: where its page is (default 127.0.0.1:8090)
  --no-samples       playground: send no sample callouts
`

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// version is set by the linker for a release.
var version = ""

// command is what the command line asks for.
type command struct {
	name      string
	config    string // "": the default file, which may be missing
	addr      string
	noSamples bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	tuneMemory()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does what args ask and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	asked, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(stdout, usage)
		return exitOK
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "dispatch: %v\n\n%s", err, usage)
		return exitUsage
	}
	switch asked.name {
	case "version":
		_, err = fmt.Fprintln(stdout, "dispatch", buildVersion())
	case "check":
		err = check(asked, stdout)
	case "playground":
		err = play(ctx, asked, stdout)
	default:
		err = runBot(ctx, asked)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, complaint(err))
		return exitFailed
	}
	return exitOK
}

// complaint puts several mistakes on lines of their own.
func complaint(err error) string {
	if strings.Contains(err.Error(), "\n") {
		return "dispatch cannot start:\n" + err.Error()
	}
	return "dispatch: " + err.Error()
}

// parse takes the flags before and behind the command.
func parse(args []string) (command, error) {
	var asked command
	flags := flag.NewFlagSet("dispatch", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&asked.config, "config", "", "")
	flags.StringVar(&asked.addr, "addr", "127.0.0.1:8090", "")
	flags.BoolVar(&asked.noSamples, "no-samples", false, "")
	if err := flags.Parse(args); err != nil {
		return command{}, err
	}
	if flags.NArg() == 0 {
		return asked, nil
	}
	asked.name = flags.Arg(0)
	switch asked.name {
	case "playground", "check", "version":
	default:
		return command{}, fmt.Errorf("there is no command %q", asked.name)
	}
	if err := flags.Parse(flags.Args()[1:]); err != nil {
		return command{}, err
	}
	if flags.NArg() > 0 {
		return command{}, fmt.Errorf("%s takes no argument %q", asked.name, flags.Arg(0))
	}
	return asked, nil
}

func check(asked command, stdout io.Writer) error {
	if _, err := config.Load(asked.config, os.Environ()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, "The configuration is fine.")
	return err
}

// buildVersion is the release, or what the module was built from.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
