package delivery_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/event"
)

// wiretap answers one request with 204, and gives it as it was written.
func wiretap(t *testing.T, s *delivery.HTTPSender) <-chan string {
	t.Helper()
	network, heard := newPipes(), make(chan string, 1)
	s.DialBy(network.dial)
	t.Cleanup(network.close)
	go func() {
		connection, err := network.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		reader, text, length := textproto.NewReader(bufio.NewReader(connection)), "", ""
		for {
			line, err := reader.ReadLine()
			if err != nil || line == "" {
				break
			}
			text += line + "\n"
			if value, is := strings.CutPrefix(line, "Content-Length: "); is {
				length = value
			}
		}
		var size int64
		if err := json.Unmarshal([]byte(length), &size); err != nil {
			t.Errorf("content length %q: %v", length, err)
		}
		body, _ := io.ReadAll(io.LimitReader(reader.R, size))
		heard <- text + "\n" + string(body)
		_, _ = io.WriteString(connection, "HTTP/1.1 204 No Content\r\n\r\n")
	}()
	return heard
}

// What a request is made of, on the wire: bodies byte for byte, names of headers as the contract writes them.
func TestRequestIsWhatTheContractSays(t *testing.T) {
	const (
		body = "{ \"amount\": 1.50, \"name\": \"M\\u00fcller\",\r\n\t\"ok\":true,\"ok\":false }\n"
	)
	on := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when a bubble begins
	ours := event.Event{ID: 1, SourceID: "01980000-0000-7000-8000-000000000001", Body: []byte(body)}
	uuid := ours.ID.String()
	tests := map[string]struct {
		to     delivery.Endpoint
		hops   string // as stored
		replay int
		want   string // behind the first lines
	}{
		"no secret": {delivery.Endpoint{}, ``, 0, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 1\n"},
		"a prefix":  {delivery.Endpoint{Prefix: "acme-corp"}, ``, 0, "X-Acme-Corp-Endpoint-ID: {source}\nX-Acme-Corp-Event-ID: {id}\nX-Dispatch-Hops: 1\n"},
		"passed on": {delivery.Endpoint{}, `{"x-dispatch-hops":"2"}`, 0, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 3\n"},
		"no number": {delivery.Endpoint{}, `{"x-dispatch-hops":"-2"}`, 0, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 1\n"},
		"too many":  {delivery.Endpoint{}, `{"x-dispatch-hops":"99999999999999999999"}`, 0, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 256\n"},
		"signed": {
			delivery.Endpoint{Secret: event.SigningKey{Secret: []byte("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}},
			``, 0, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 1\n" +
				"webhook-id: {id}\nwebhook-signature: " + delivery.Sign([]byte("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), uuid, on, []byte(body)) +
				"\nwebhook-timestamp: 946684800\n",
		},
		"replayed": {
			delivery.Endpoint{Secret: event.SigningKey{Secret: []byte("plain")}},
			``, 4, "X-Dispatch-Endpoint-ID: {source}\nX-Dispatch-Event-ID: {id}\nX-Dispatch-Hops: 1\n" +
				"webhook-id: {id}-4\nwebhook-signature: " + delivery.Sign([]byte("plain"), uuid+"-4", on, []byte(body)) +
				"\nwebhook-timestamp: 946684800\n",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				heard := wiretap(t, s)
				batch := calls(tc.to, 1)
				batch.Destination.Endpoint.URL = "http://erp.example:8080/hook?token=hush"
				d := &batch.Deliveries[0]
				d.Event, d.Attempts, d.Replayed = ours, tc.replay+2, tc.replay
				d.Event.Headers = []byte(tc.hops)
				got := s.Send(t.Context(), batch)[0]
				if got.Verdict != delivery.Sent || got.Status != http.StatusNoContent || got.Err != nil {
					t.Errorf("outcome %+v", got)
				}
				want := "POST /hook?token=hush HTTP/1.1\nHost: erp.example:8080\nUser-Agent: Dispatch/1.2.3\nContent-Length: " + strconv.Itoa(len(body)) + "\n" +
					"Content-Type: application/json\n" + strings.NewReplacer("{id}", uuid, "{source}", ours.SourceID).Replace(tc.want) + "\n" + body
				if diff := cmp.Diff(want, <-heard); diff != "" {
					t.Errorf("request (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The vector that the Standard Webhooks libraries test themselves with.
func TestSignatureIsThatOfStandardWebhooks(t *testing.T) {
	const id, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`
	at := time.Unix(1614265330, 0)
	got := delivery.Sign([]byte("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), id, at, []byte(body))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	t.Run("a secret that is no base64 is meant as it is", func(t *testing.T) {
		for _, secret := range []string{"whsec_not base64!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(id + ".1614265330." + body))
			want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
			if got := delivery.Sign([]byte(secret), id, at, []byte(body)); got != want {
				t.Errorf("signature by %s: %s, want %s", secret, got, want)
			}
		}
	})
}

func TestPingSendsASample(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		var sent struct {
			Type      string
			Timestamp time.Time
			Data      struct{ Destination string }
		}
		var header http.Header
		receive(t, s, func(w http.ResponseWriter, r *http.Request, body string, _ int) {
			if err := json.Unmarshal([]byte(body), &sent); err != nil {
				t.Error(err)
			}
			header = r.Header
			<-time.After(40 * time.Millisecond)
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "short and stout")
		})
		to := calls(delivery.Endpoint{Secret: event.SigningKey{Secret: []byte("plain")}, RateLimit: 1}, 0).Destination
		to.Name = "ERP"
		for range 2 { // whatever the rate limit
			got := s.Ping(t.Context(), to)
			if got.Verdict != delivery.Later || got.Status != http.StatusTeapot || got.Response != "short and stout" || got.Latency != 40*time.Millisecond {
				t.Errorf("outcome %+v", got)
			}
		}
		if sent.Type != "dispatch.test" || sent.Data.Destination != "ERP" || time.Since(sent.Timestamp) > time.Minute {
			t.Errorf("sent %+v", sent)
		}
		if header.Get("webhook-signature") == "" || header.Get("X-Dispatch-Event-ID") == "" || header.Get("X-Dispatch-Endpoint-ID") != "" {
			t.Errorf("header %v", header)
		}
	})
}
