package playground

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// guarded keeps the page to the person before it: other sites cannot drive it (cross-site requests), and cannot
// read it under a name of theirs that leads here (DNS rebinding).
func (d *Discord) guarded(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		d.answerPage(w, nil, &pageError{http.StatusForbidden, "Another site may not do that."})
	}))
	own := foreign.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isHere(r) {
			d.answerPage(w, nil, &pageError{http.StatusForbidden, "Open the playground by its address, such as 127.0.0.1."})
			return
		}
		own.ServeHTTP(w, r)
	})
}

// isHere says whether a request's Host names this machine in a way that nobody else can make do so: a loopback
// name or address, or the address that the connection came in at.
func isHere(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return false
	}
	own, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return addr.Unmap().IsLoopback() || own != nil && own.AddrPort().Addr().Unmap() == addr.Unmap()
}
