package delivery

import (
	"context"
	"net"
	"syscall"
)

// Sign is sign.
var Sign = sign

// DialBy has the sender connect in another way.
func (s *HTTPSender) DialBy(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	s.way.DialContext = dial
}

// Resolve has the sender ask another name server.
func (s *HTTPSender) Resolve(by *net.Resolver) { s.guard.resolver = by }

// Watch shows what the guard says of each address, and says something else about it.
func (s *HTTPSender) Watch(watch func(address string, err error) error) {
	check := s.guard.check
	s.guard.check = func(network, address string, c syscall.RawConn) error {
		return watch(address, check(network, address, c))
	}
}

// Paced counts the rate limits that are kept.
func (s *HTTPSender) Paced() int {
	s.pace.mu.Lock()
	defer s.pace.mu.Unlock()
	return len(s.pace.limits)
}
