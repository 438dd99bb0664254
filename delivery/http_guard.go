package delivery

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"

	"code.dny.dev/ssrf"
)

var (
	errPrivate = errors.New("its address is in a private network")          // and it has no other
	errSkipped = errors.New("one of its addresses is in a private network") // and the others do not work
)

// public knows the addresses that are everybody's. Any port will do: receivers listen where they like, and behind a
// public address there is none that only we can reach. Azure's metadata has an address that looks like any other.
var public = ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")))

// guard connects to endpoints, but not into the network that we stand in ourselves. It judges the addresses that are
// about to be connected to, after all names are resolved: no name server can show it one and give us another.
type guard struct {
	resolver *net.Resolver                                          // nil for the system's
	check    func(network, address string, c syscall.RawConn) error // nil: all may be called
}

func newGuard(allowPrivate bool) *guard {
	if allowPrivate {
		return &guard{}
	}
	return &guard{check: public.Safe}
}

func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var refused, tried atomic.Bool // two may be tried at once
	dialer := net.Dialer{Timeout: connectTime, Resolver: g.resolver}
	if g.check != nil {
		dialer.Control = func(network, address string, c syscall.RawConn) error {
			err := g.check(network, address, c)
			if errors.Is(err, ssrf.ErrProhibitedIP) {
				refused.Store(true)
				return errSkipped
			}
			tried.Store(true)
			return err
		}
	}
	connection, err := dialer.DialContext(ctx, network, address)
	if err != nil && refused.Load() && !tried.Load() {
		return nil, errPrivate
	}
	return connection, err
}
