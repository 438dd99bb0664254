package main

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// callout is a signed request, ready to be written to a connection: making it must not cost more than serving it.
func callout(path, secret, body string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, body)
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: dispatch\r\nContent-Type: application/json\r\nX-Salesforce-Event: Opportunity.updated\r\n"+
		"X-Salesforce-Signature: sha256=%s\r\nContent-Length: %d\r\n\r\n%s", path, hex.EncodeToString(mac.Sum(nil)), len(body), body)
}

// opportunity is a body of about 1 KB as our Apex sends it.
func opportunity(name string) string {
	return `{"event_type":"Opportunity.updated","instance_url":"https://acme.my.salesforce.com","record":{"attributes":{"type":"Opportunity"},` +
		`"Id":"0061x00000D4eF5AAD","Name":"` + name + `","StageName":"Closed Won","Amount":125000.00,"CurrencyIsoCode":"USD","Probability":100,` +
		`"CloseDate":"2026-03-31","Type":"Existing Business","LeadSource":"Partner Referral","IsClosed":true,"IsWon":true,"ForecastCategoryName":"Closed",` +
		`"Description":"` + strings.Repeat("Three years, paid in advance. ", 12) + `","NextStep":"Kick-off with the customer",` +
		`"Account":{"Name":"Acme Corporation","Id":"0011x00000AbCdEAAV"},"Owner":{"Name":"Dana Scully","Id":"0051x00000FgHiJAAV"}},` +
		`"old":{"StageName":"Negotiation/Review","Probability":80,"ForecastCategoryName":"Commit"}}`
}

// caller is a connection that is kept open.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(ctx context.Context, addr string) (*caller, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &caller{conn: conn, in: bufio.NewReaderSize(conn, 1<<10)}, nil
}

// call writes a request and gives the body of its answer, which must be a 202.
func (c *caller) call(request []byte) (string, error) {
	if _, err := c.conn.Write(request); err != nil {
		return "", err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	if len(line) < 12 || string(line[9:12]) != "202" {
		return "", fmt.Errorf("answer %q", line)
	}
	length := 0
	for {
		line, err = c.in.ReadSlice('\n')
		if err != nil {
			return "", err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, _ := strings.Cut(string(line), ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return "", err
			}
		}
	}
	body := make([]byte, length)
	_, err = io.ReadFull(c.in, body)
	return string(body), err
}

// flood sends the request over so many connections, one after the other on each, and gives the requests a second.
func flood(ctx context.Context, addr string, conns int, length time.Duration, request []byte) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var (
		wg     sync.WaitGroup
		counts = make([]int, conns)
		errs   = make([]error, conns)
		began  = time.Now()
	)
	for i := range conns {
		wg.Go(func() {
			c, err := dial(ctx, addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = c.conn.Close() }()
			for ctx.Err() == nil {
				if _, err := c.call(request); err != nil {
					errs[i] = err
					return
				}
				counts[i]++
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return float64(total) / time.Since(began).Seconds(), errors.Join(errs...)
}

// steady sends requests at a rate whatever the answers take, and gives how long each took from when it was due: one that
// had to wait for a connection waited for us.
func steady(ctx context.Context, addr string, conns int, perSecond float64, length time.Duration, request func(n int) []byte) ([]time.Duration, error) {
	n := int(perSecond * length.Seconds())
	due := make(chan int, n)
	took, errs := make([]time.Duration, n), make([]error, conns)
	began := time.Now()
	at := func(i int) time.Time { return began.Add(time.Duration(float64(i) / perSecond * float64(time.Second))) }
	var wg sync.WaitGroup
	for c := range conns {
		wg.Go(func() {
			caller, err := dial(ctx, addr)
			if err != nil {
				errs[c] = err
				return
			}
			defer func() { _ = caller.conn.Close() }()
			for i := range due {
				if _, err := caller.call(request(i)); err != nil {
					errs[c] = err
					return
				}
				took[i] = time.Since(at(i))
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		<-time.After(time.Until(at(i)))
		due <- i
	}
	close(due)
	wg.Wait()
	return took, errors.Join(errors.Join(errs...), ctx.Err())
}

// floodAll floods the sources of a world in turn, and gives how many events were accepted.
func floodAll(w *world, addr string, conns int) (int, error) {
	ctx, cancel := context.WithTimeout(w.b.ctx, w.b.duration)
	defer cancel()
	var (
		wg     sync.WaitGroup
		counts = make([]int, conns)
		errs   = make([]error, conns)
	)
	for i := range conns {
		wg.Go(func() {
			c, err := dial(ctx, addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = c.conn.Close() }()
			for request := w.request(i, "Renewal"); ctx.Err() == nil; counts[i]++ {
				if _, err := c.call(request); err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, errors.Join(errs...)
}
