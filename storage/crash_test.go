package storage_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/storage"
)

// crashURL names the database that a child process appends to until it is killed.
const crashURL = "DISPATCH_TEST_CRASH_URL"

// TestKilled kills a process in the middle of a load and looks for what it had promised.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dispatch.db")
	for round := range 3 {
		promised := killWhileAppending(t, path, 300)
		db := openAt(t, path)
		for _, text := range promised {
			id, err := event.ParseID(text)
			must(t, err)
			e, err := db.Event(t.Context(), id)
			if err != nil {
				t.Fatalf("round %d: event %s was acknowledged and is gone: %v", round, text, err)
			}
			results, err := db.Results(t.Context(), e.ID)
			must(t, err)
			if len(results) != 1 || results[0].State != delivery.Pending {
				t.Fatalf("round %d: event %s lost its delivery: %v", round, text, results)
			}
		}
		must(t, db.Close())
	}
}

// killWhileAppending returns the ids that the child acknowledged, at least n of them, before it was killed.
func killWhileAppending(t *testing.T, path string, n int) []string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashURL+"=sqlite://"+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var ids []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if ids = append(ids, lines.Text()); len(ids) == n {
			must(t, child.Process.Kill()) // SIGKILL; what is in the pipe is read to its end
		}
	}
	if err := child.Wait(); err == nil || len(ids) < n {
		t.Fatalf("child ended by itself after %d ids: %v", len(ids), err)
	}
	return ids
}

// appendUntilKilled is the child.
func appendUntilKilled(url string) {
	db, err := storage.Open(context.Background(), url, key)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s, err := db.Connect(context.Background(), event.Source{
		GuildID: guild, Name: time.Now().String(), Kind: event.SourceWebhook, Auth: event.AuthNone,
	}, "200000000000000001")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	links, err := db.Links(context.Background(), s.ID)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for {
				e := event.Event{SourceID: s.ID, Type: "Case.created", ReceivedAt: time.Now(), Body: []byte(`{"a":1}`)}
				ids, err := db.Append(context.Background(), []delivery.Entry{{Event: e, Routes: delivery.Routes(links, e.Type)}})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println(ids[0]) // one write: lines of several goroutines do not mix
			}
		})
	}
	writers.Wait()
}
