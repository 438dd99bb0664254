package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver of whoever locks the database

	"dispatch/playground"
	"dispatch/storage"
)

// ask makes a request of dispatch itself, with a bearer unless it is "".
func (w *world) ask(method, path, bearer string) (status int, body string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(within(w.t), method, "http://"+w.addr+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestALockedDatabaseIsSaidSoAndForgiven has another program hold the database for a while.
func TestALockedDatabaseIsSaidSoAndForgiven(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	other, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "dispatch.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(within(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	request, err := sales.request(within(t), "Opportunity.created", []byte(deal("locked")))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("locked: got %d, Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
	}
	if status, reasons := w.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(reasons, "storage") {
		t.Errorf("readyz while locked: got %d %s", status, reasons)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	w.sameOrder("sales", w.deals(sales, "free", 3))
	w.stop()
}

// apiKey stops dispatch and makes a key by hand.
func (w *world) apiKey() string {
	w.t.Helper()
	w.stop()
	url := "sqlite://" + filepath.Join(w.dir, "dispatch.db")
	key, err := storage.LoadKey("", "", url)
	if err != nil {
		w.t.Fatal(err)
	}
	db, err := storage.Open(within(w.t), url, key)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const text = "dsp_a-key-for-tests"
	if _, err := db.CreateAPIKey(within(w.t), w.discord.GuildID(), "tests", sha256.Sum256([]byte(text))); err != nil {
		w.t.Fatal(err)
	}
	return text
}

// TestAnEventIsReplayedOverTheAPI reads what became of an event, and has it sent again.
func TestAnEventIsReplayedOverTheAPI(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	_, answer := w.post(sales, "Opportunity.created", deal("again"))
	w.shown("sales", 1)
	var accepted struct {
		EventID string `json:"event_id"`
	}
	if err := json.Unmarshal([]byte(answer), &accepted); err != nil {
		t.Fatal(err)
	}
	key := w.apiKey()
	w.start()
	path := "/v1/events/" + accepted.EventID
	if status, _ := w.ask(http.MethodGet, path, ""); status != http.StatusUnauthorized {
		t.Errorf("without a key: got %d", status)
	}
	status, told := w.ask(http.MethodGet, path, key)
	if status != http.StatusOK || !strings.Contains(told, `"delivered"`) || !strings.Contains(told, "again") {
		t.Errorf("got %d %s", status, told)
	}
	if status, told := w.ask(http.MethodPost, path+"/replay", key); status != http.StatusAccepted {
		t.Errorf("replay: got %d %s", status, told)
	}
	w.sameOrder("sales", []string{"again", "again"})
	w.stop() // so that what was shown is written down, too
	w.start()
	if _, told := w.ask(http.MethodGet, path, key); strings.Count(told, `"latency_ms"`) != 2 {
		t.Errorf("after the replay: got %s, want two attempts", told)
	}
	w.stop()
}

// TestMetricsTellWhatHappened reads /metrics as Prometheus would.
func TestMetricsTellWhatHappened(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	sales := w.connect("Acme", "sales")
	w.sameOrder("sales", w.deals(sales, "deal", 3))
	w.post(hook{url: sales.url, secret: "wrong"}, "Opportunity.created", deal("forged"))
	// What was shown a moment ago may be counted a moment later, and queues are counted every 15 s.
	want := []string{
		"dispatch_accepted_total 3", `dispatch_refused_total{reason="signature"} 1`, "dispatch_discord_429_total 0",
		"dispatch_discord_embeds_total 3", "dispatch_discord_gateway_connected 1", `dispatch_queue_depth{kind="channel"} 0`,
		`dispatch_attempts_total{kind="channel",outcome="sent"} 3`, `dispatch_outage{kind="channel"} 0`,
		"dispatch_commit_rows_count", "dispatch_commit_seconds_bucket", "dispatch_shown_seconds_bucket", "dispatch_database_bytes",
	}
	ctx, tick := within(t), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for len(want) > 0 {
		_, metrics := w.get("/metrics")
		want = slices.DeleteFunc(want, func(line string) bool { return strings.Contains(metrics, line) })
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("/metrics does not say %v", want)
		}
	}
	w.stop()
}
