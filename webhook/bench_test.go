package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/webhook"
)

// nothing accepts everything at once, and keeps nothing.
type nothing struct{ source event.Source }

func (n nothing) SourceBySlug(context.Context, string) (event.Source, error) { return n.source, nil }

func (nothing) APIKey(context.Context, [sha256.Size]byte) (event.APIKey, error) {
	return event.APIKey{}, nil
}

func (nothing) Accept(_ context.Context, events []event.Event) ([]event.ID, error) {
	return make([]event.ID, len(events)), nil
}

func (nothing) Ready(context.Context) []string { return nil }

// BenchmarkIntake is the handler behind a real socket, on a signed Salesforce callout of about 1 KB and
// with an inbox that costs nothing. BenchmarkBareGin is what it is compared with. Both include the client.
func BenchmarkIntake(b *testing.B) {
	source := event.Source{
		ID: "s", Auth: event.AuthSecret, State: event.Active, Keys: []event.SigningKey{{Secret: []byte("secret")}},
	}
	opts := webhook.Options{MaxBody: 10 << 20, RateLimit: 1 << 30}
	load(b, webhook.New(opts, nothing{source}, nothing{}, nil, nothing{}, silent()))
}

func BenchmarkBareGin(b *testing.B) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST("/hooks/:slug", func(c *gin.Context) {
		if _, err := io.ReadAll(c.Request.Body); err != nil {
			b.Error(err)
		}
		c.Status(http.StatusAccepted)
	})
	load(b, engine)
}

// load sends b.N callouts over 64 connections for each CPU.
func load(b *testing.B, handler http.Handler) {
	b.Helper()
	addr := start(b, handler)
	body := `{"event_type":"Opportunity.updated","instance_url":"https://example.my.salesforce.com","record":{` +
		`"Id":"0061x00000D4eF5AAD","Name":"Acme - Enterprise Renewal","StageName":"Closed Won","Amount":135000,` +
		`"Description":"` + strings.Repeat("A long description. ", 40) + `"},"old":{"StageName":"Negotiation/Review"}}`
	request := []byte(fmt.Sprintf("POST /hooks/slug HTTP/1.1\r\nHost: localhost\r\nUser-Agent: SFDC-Callout/62.0\r\n"+
		"Accept: */*\r\nContent-Type: application/json\r\nContent-Length: %d\r\nX-Salesforce-Event: Opportunity.updated\r\n"+
		"X-Salesforce-Signature: sha256=%s\r\n\r\n%s", len(body), sign("secret", body), body))
	b.SetParallelism(64)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		answers := bufio.NewReader(conn)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if err := skipAnswer(answers); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// skipAnswer reads one answer, which must be a 202, at the least cost.
func skipAnswer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 202")) {
		return fmt.Errorf("answered %q", line)
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == len("\r\n") {
			_, err = r.Discard(length)
			return err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
}
