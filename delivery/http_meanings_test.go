package delivery_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dispatch/delivery"
)

func TestAnswersMeanWhatTheySay(t *testing.T) {
	const when = "Sat, 01 Jan 2000 00:01:00 GMT" // a minute after a bubble begins
	tests := map[string]struct {
		status     int
		retryAfter string
		want       delivery.Verdict
		pause      string
		after      time.Duration
		err        string
	}{
		"ok":                        {200, "", sent, "", 0, ""},
		"created":                   {201, "", sent, "", 0, ""},
		"accepted, says when":       {202, "5", sent, "", 0, ""},
		"no content":                {204, "", sent, "", 0, ""},
		"any 2xx":                   {299, "", sent, "", 0, ""},
		"not modified":              {304, "", later, "", 0, "answer is 304 Not Modified"},
		"bad request":               {400, "", later, "", 0, "answer is 400 Bad Request"},
		"unauthorized":              {401, "", later, "", 0, "answer is 401 Unauthorized"},
		"forbidden":                 {403, "", later, "", 0, "answer is 403 Forbidden"},
		"not found":                 {404, "", later, "", 0, "answer is 404 Not Found"},
		"request timeout":           {408, "", later, "", 0, "answer is 408 Request Timeout"},
		"conflict":                  {409, "", later, "", 0, "answer is 409 Conflict"},
		"gone":                      {410, "60", gone, "pause.gone", 0, "answer is 410 Gone"},
		"too large":                 {413, "", wrong, "", 0, "answer is 413 Request Entity Too Large"},
		"come around":               {508, "", wrong, "", 0, "answer is 508 Loop Detected"},
		"unprocessable":             {422, "", later, "", 0, "answer is 422 Unprocessable Entity"},
		"too early":                 {425, "", later, "", 0, "answer is 425 Too Early"},
		"too many requests":         {429, "", later, "", 0, "answer is 429 Too Many Requests"},
		"too many, in seconds":      {429, "120", later, "", 2 * time.Minute, "answer is 429 Too Many Requests"},
		"too many, at a time":       {429, when, later, "", time.Minute, "answer is 429 Too Many Requests"},
		"too many, in the past":     {429, "Fri, 31 Dec 1999 00:00:00 GMT", later, "", 0, "answer is 429 Too Many Requests"},
		"too many, for nobody":      {429, "soon", later, "", 0, "answer is 429 Too Many Requests"},
		"too many, and before that": {429, "-3", later, "", 0, "answer is 429 Too Many Requests"},
		"too many, for ever":        {429, "999999999999", later, "", (1 << 30) * time.Second, "answer is 429 Too Many Requests"},
		"too many, beyond that":     {429, "99999999999999999999", later, "", 0, "answer is 429 Too Many Requests"},
		"unavailable":               {503, "30", later, "", 30 * time.Second, "answer is 503 Service Unavailable"},
		"internal error":            {500, "", later, "", 0, "answer is 500 Internal Server Error"},
		"bad gateway":               {502, "", later, "", 0, "answer is 502 Bad Gateway"},
		"not known to anybody":      {599, "", later, "", 0, "answer is 599"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
					if tc.retryAfter != "" {
						w.Header().Set("Retry-After", tc.retryAfter)
					}
					w.WriteHeader(tc.status)
				})
				got := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]
				if got.Verdict != tc.want || got.Reason != tc.pause || got.After != tc.after || got.Status != tc.status {
					t.Errorf("outcome %+v", got)
				}
				if fmt.Sprint(got.Err) != tc.err && (tc.err != "" || got.Err != nil) {
					t.Errorf("error %v, want %q", got.Err, tc.err)
				}
			})
		})
	}
}

// A redirect is a failure, wherever it leads.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newHTTPSender(nil)
				got := receive(t, s, func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
					w.Header().Set("Location", "http://127.0.0.1/admin")
					w.WriteHeader(status)
				})
				outcome := s.Send(t.Context(), calls(delivery.Endpoint{}, 1))[0]
				if outcome.Verdict != later || outcome.Status != status || len(got.received()) != 1 {
					t.Errorf("outcome %+v behind %d requests", outcome, len(got.received()))
				}
			})
		})
	}
}

// leaks says what of the endpoint an error may not tell: its URL may hold a token anywhere.
func leaks(t *testing.T, got delivery.Outcome, hidden ...string) {
	t.Helper()
	for _, word := range append(hidden, "hush", "127.0.0.1") {
		if text := fmt.Sprintf("%+v %#v %v", got, got, got.Err); strings.Contains(text, word) {
			t.Errorf("%q is told: %s", word, text)
		}
	}
}

// old is a certificate that was valid once.
func old(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Unix(0, 0)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: long, NotAfter: long.Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
}

// Whatever hinders a connection, the endpoint has another chance, and the reason does not tell where it is.
func TestWithoutAnAnswer(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if strings.HasSuffix(r.URL.Path, "garbage") {
			_, _ = connection.Write([]byte(r.Host + "\r\n\r\n"))
		}
		_ = connection.Close()
	}))
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = silent()
	secure.StartTLS()
	defer secure.Close()
	expired := httptest.NewUnstartedServer(http.NotFoundHandler())
	expired.Config.ErrorLog, expired.TLS = silent(), &tls.Config{Certificates: []tls.Certificate{old(t)}}
	expired.StartTLS()
	defer expired.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tests := map[string]struct{ url, want string }{
		"refused":            {closed.URL + "/hush", "connection refused"},
		"closed":             {plain.URL + "/hush", "connection closed without an answer"},
		"garbage":            {plain.URL + "/hush/garbage", `net/http: HTTP/1.x transport connection broken: malformed HTTP response "[host]"`},
		"HTTP for HTTPS":     {strings.Replace(plain.URL, "http:", "https:", 1) + "/hush", "TLS: the endpoint does not speak it"},
		"unknown authority":  {secure.URL + "/hush", "TLS: the certificate is signed by an unknown authority"},
		"another's":          {strings.Replace(secure.URL, "127.0.0.1", "loopback.example", 1) + "/hush", "TLS: the certificate is for another host"},
		"expired":            {expired.URL + "/hush", "TLS: the certificate is not valid, or not any more"},
		"no such host":       {"http://hush.invalid/hush", "look up host: there is no such host"},
		"name server is ill": {"http://ill.example/hush", "look up host: the name server does not answer"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newHTTPSender(nil)
			s.Resolve(resolver(map[string][]answer{
				"ill.example.": {{fail: true}}, "loopback.example.": {{addresses: []string{"127.0.0.1"}}},
			}))
			got := s.Send(t.Context(), calls(delivery.Endpoint{URL: tc.url}, 1))[0]
			if got.Verdict != later || got.Err == nil || got.Err.Error() != tc.want || got.Status != 0 {
				t.Errorf("outcome %+v, want %q", got, tc.want)
			}
			leaks(t, got, "loopback.example", "ill.example")
		})
	}
}

// Five seconds are enough to find and to reach a host.
func TestConnectingTakesNoLongerThanItMay(t *testing.T) {
	t.Run("a name server that says nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newHTTPSender(nil)
			s.Resolve(&net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				ours, _ := net.Pipe()
				return ours, nil
			}})
			got := s.Send(t.Context(), calls(delivery.Endpoint{URL: "http://hush.example/"}, 1))[0]
			if got.Verdict != later || got.Latency != 5*time.Second || got.Err.Error() != "look up host: the name server does not answer" {
				t.Errorf("outcome %+v", got)
			}
			leaks(t, got)
			<-time.After(time.Hour) // the resolver goes on for a while
		})
	})
	t.Run("a host that says nothing", func(t *testing.T) {
		s := newHTTPSender(nil)
		s.DialBy(func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, Err: os.ErrDeadlineExceeded}
		})
		got := s.Send(t.Context(), calls(delivery.Endpoint{URL: "http://hush.example/"}, 1))[0]
		if got.Verdict != later || got.Err.Error() != "connect: timed out" {
			t.Errorf("outcome %+v", got)
		}
		leaks(t, got)
	})
}
