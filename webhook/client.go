package webhook

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clients tells apart who sends.
type clients struct {
	trusted []netip.Prefix // proxies whose X-Forwarded-For counts
}

// of is the address that stands for the client of the request: its IPv4 address, or the /64 that its IPv6
// address is in, since whoever has one of those has all of it.
func (c clients) of(r *http.Request) netip.Addr {
	addr := c.address(r)
	if addr.Is6() {
		addr = netip.PrefixFrom(addr, 64).Masked().Addr()
	}
	return addr
}

// address is the peer's, or, when that is a trusted proxy, the last one in X-Forwarded-For that is not:
// everything before it may be made up.
func (c clients) address(r *http.Request) netip.Addr {
	addr, _ := parseAddr(r.RemoteAddr) // the zero address when it is no TCP connection
	// Some proxies append to the header, some add another one: all of them are one list.
	hops := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	for hops != "" && c.trusts(addr) {
		comma := strings.LastIndexByte(hops, ',')
		hop, ok := parseAddr(strings.TrimSpace(hops[comma+1:]))
		if !ok {
			break
		}
		addr, hops = hop, hops[:max(comma, 0)]
	}
	return addr
}

func (c clients) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(c.trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// parseAddr reads an IP address with or without a port.
func parseAddr(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return plain(with.Addr()), true
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return plain(addr), err == nil
}

// plain is the address without its zone, and an IPv4 address that is written as IPv6 as itself.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }
