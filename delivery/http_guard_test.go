package delivery_test

import (
	"context"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"

	"dispatch/delivery"
)

// TestMain has an environment that would lead requests past the guard, if anybody asked it.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		if err := os.Setenv(name, "http://127.0.0.1:1"); err != nil {
			panic(err)
		}
	}
	m.Run()
}

func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// answer is what a name server says once.
type answer struct {
	addresses []string
	fail      bool // it is ill
}

// resolver asks a name server within memory. It gives one answer to each query of a kind, and the last one from then
// on; names that are not listed do not exist.
func resolver(names map[string][]answer) *net.Resolver {
	var (
		mu   sync.Mutex
		seen = map[dnsmessage.Question]int{}
	)
	reply := func(q dnsmessage.Question) answer {
		mu.Lock()
		defer mu.Unlock()
		answers := names[strings.ToLower(q.Name.String())]
		if len(answers) == 0 {
			return answer{}
		}
		seen[q]++
		return answers[min(seen[q], len(answers))-1]
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for err := error(nil); err == nil; {
				err = nameServer(theirs, reply)
			}
		}()
		return ours, nil
	}}
}

// nameServer answers one query.
func nameServer(c net.Conn, reply func(dnsmessage.Question) answer) error {
	size := make([]byte, 2)
	if _, err := io.ReadFull(c, size); err != nil {
		return err
	}
	packed := make([]byte, binary.BigEndian.Uint16(size))
	if _, err := io.ReadFull(c, packed); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(packed); err != nil {
		return err
	}
	q := m.Questions[0]
	said := reply(q)
	m.Response, m.Additionals = true, nil
	switch {
	case said.fail:
		m.RCode = dnsmessage.RCodeServerFailure
	case len(said.addresses) == 0:
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, address := range said.addresses {
		header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		switch addr := netip.MustParseAddr(address); {
		case addr.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}})
		case addr.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return err
	}
	_, err = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...))
	return err
}

// inside is a server that nobody from outside may reach, and its port.
func inside(t *testing.T) (hits *atomic.Int32, port string) {
	t.Helper()
	hits = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return hits, u.Port()
}

// guarded is a sender that does not really connect to what its guard lets pass, but notes it.
func guarded(names map[string][]answer) (s *delivery.HTTPSender, passed func() []string) {
	s = delivery.NewHTTPSender(delivery.HTTPOptions{Looks: looks(nil), Timeout: 15 * time.Second})
	s.Resolve(resolver(names))
	var (
		mu  sync.Mutex
		all []string
	)
	s.Watch(func(address string, err error) error {
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			all, err = append(all, address), errScripted
		}
		return err
	})
	return s, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

func TestPrivateAddressesAreNotCalled(t *testing.T) {
	hits, port := inside(t)
	names := map[string][]answer{
		"loopback.example.": {{addresses: []string{"127.0.0.1"}}},
		"six.example.":      {{addresses: []string{"::1"}}},
		"mapped.example.":   {{addresses: []string{"::ffff:127.0.0.1"}}},
		"all.example.":      {{addresses: []string{"10.0.0.1", "192.168.0.1", "fd00::1"}}},
		"metadata.example.": {{addresses: []string{"169.254.169.254"}}},
	}
	hosts := []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[fd00:ec2::254]", "[fd00::1]",
		"[fe80::1]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001::7f00:1]", "[2001:db8::1]",
		"localhost", "loopback.example", "LOOPBACK.example.", "six.example", "mapped.example", "all.example", "metadata.example",
		"127。0。0。1", "１２７.０.０.１",
	}
	for _, host := range hosts {
		t.Run(host, func(t *testing.T) {
			s, passed := guarded(names)
			to := delivery.Endpoint{URL: "http://" + host + ":" + port + "/hush"}
			got := s.Send(t.Context(), calls(to, 2))
			if got[0].Verdict != paused || got[0].Reason != "pause.private_address" || got[0].Err == nil || got[1].Verdict != untried {
				t.Errorf("outcomes %+v", got)
			}
			if len(passed()) > 0 {
				t.Errorf("the guard lets %q pass", passed())
			}
			leaks(t, got[0])
		})
	}
	if hits.Load() > 0 {
		t.Errorf("%d requests came inside", hits.Load())
	}
}

func TestPublicAddressesAreCalled(t *testing.T) {
	names := map[string][]answer{"public.example.": {{addresses: []string{"8.8.8.8"}}}}
	tests := map[string]struct{ url, want string }{
		"IPv4":          {"http://8.8.8.8/", "8.8.8.8:80"},
		"any port":      {"https://8.8.8.8:8443/", "8.8.8.8:8443"},
		"IPv6":          {"https://[2606:4700:4700::1111]/", "[2606:4700:4700::1111]:443"},
		"IPv4 as IPv6":  {"http://[::ffff:8.8.8.8]/", "8.8.8.8:80"},
		"a name":        {"http://public.example/", "8.8.8.8:80"},
		"in no private": {"http://172.32.0.1/", "172.32.0.1:80"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s, passed := guarded(names)
			got := s.Send(t.Context(), calls(delivery.Endpoint{URL: tc.url}, 1))[0]
			if diff := cmp.Diff([]string{tc.want}, passed()); diff != "" || got.Verdict != later {
				t.Errorf("verdict %v, connected to (-want +got):\n%s", got.Verdict, diff)
			}
		})
	}
}

// A name server that tells us one thing when we look and another when we call finds that we look when we call.
func TestFreshAnswersDoNotGetAroundTheGuard(t *testing.T) {
	hits, port := inside(t)
	s, passed := guarded(map[string][]answer{
		"rebind.example.": {{addresses: []string{"8.8.8.8"}}, {addresses: []string{"127.0.0.1"}}},
	})
	batch := calls(delivery.Endpoint{URL: "http://rebind.example:" + port}, 1)
	if err := delivery.ValidateURL(batch.Destination.Endpoint.URL, false); err != nil {
		t.Error(err)
	}
	first, second := s.Send(t.Context(), batch)[0], s.Send(t.Context(), batch)[0]
	if first.Verdict != later || second.Verdict != paused || second.Reason != "pause.private_address" {
		t.Errorf("outcomes %+v, %+v", first, second)
	}
	if diff := cmp.Diff([]string{"8.8.8.8:" + port}, passed()); diff != "" || hits.Load() > 0 {
		t.Errorf("%d requests came inside; connected to (-want +got):\n%s", hits.Load(), diff)
	}
}

// Of a name with both kinds of address, only the public ones are tried; that they fail is no mistake in the URL.
func TestNamesWithBothKindsOfAddress(t *testing.T) {
	hits, port := inside(t)
	for _, addresses := range []string{"127.0.0.1 8.8.8.8", "8.8.8.8 127.0.0.1", "::1 8.8.8.8"} {
		t.Run(addresses, func(t *testing.T) {
			s, passed := guarded(map[string][]answer{"both.example.": {{addresses: strings.Fields(addresses)}}})
			got := s.Send(t.Context(), calls(delivery.Endpoint{URL: "http://both.example:" + port}, 1))[0]
			if diff := cmp.Diff([]string{"8.8.8.8:" + port}, passed()); diff != "" || got.Verdict != later || hits.Load() > 0 {
				t.Errorf("%+v, %d requests came inside; connected to (-want +got):\n%s", got, hits.Load(), diff)
			}
			leaks(t, got, "both.example", "8.8.8.8")
		})
	}
}

func TestOperatorAllowsPrivateAddresses(t *testing.T) {
	hits, port := inside(t)
	s := newHTTPSender(nil)
	s.Resolve(resolver(map[string][]answer{"loopback.example.": {{addresses: []string{"127.0.0.1"}}}}))
	for _, host := range []string{"127.0.0.1", "[::ffff:127.0.0.1]", "loopback.example"} {
		if got := s.Send(t.Context(), calls(delivery.Endpoint{URL: "http://" + host + ":" + port}, 1))[0]; got.Verdict != sent {
			t.Errorf("%s: %+v", host, got)
		}
	}
	if hits.Load() != 3 {
		t.Errorf("%d requests came, want 3", hits.Load())
	}
}
