package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/http/pprof"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// operator serves what is the operator's business only.
type operator struct {
	token   string // "": whoever sits at the machine is the operator
	answers *answers
}

func (o operator) routes(engine *gin.Engine, registry *prometheus.Registry) {
	own := engine.Group("", o.admit)
	if registry != nil {
		own.GET("/metrics", gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
	}
	own.GET("/debug/pprof/", gin.WrapF(pprof.Index))
	own.GET("/debug/pprof/:profile", func(c *gin.Context) {
		switch c.Param("profile") {
		case "cmdline":
			pprof.Cmdline(c.Writer, c.Request)
		case "profile":
			pprof.Profile(c.Writer, c.Request)
		case "symbol":
			pprof.Symbol(c.Writer, c.Request)
		case "trace":
			pprof.Trace(c.Writer, c.Request)
		default:
			pprof.Index(c.Writer, c.Request)
		}
	})
}

// admit lets the operator pass. Without a token, to all but the machine itself there is nothing here.
func (o operator) admit(c *gin.Context) {
	switch {
	case o.token == "" && !isLocal(c.Request):
		o.answers.fail(c.Writer, "", errNoRoute)
		c.Abort()
	case o.token != "" && !o.knows(c.Request.Header):
		o.answers.fail(c.Writer, "", errNotOperator)
		c.Abort()
	}
}

// knows compares hashes, which takes as long whatever was sent.
func (o operator) knows(header http.Header) bool {
	kind, text, _ := strings.Cut(header.Get("Authorization"), " ")
	sent, want := sha256.Sum256([]byte(strings.TrimSpace(text))), sha256.Sum256([]byte(o.token))
	return strings.EqualFold(kind, "Bearer") && subtle.ConstantTimeCompare(sent[:], want[:]) == 1
}

// isLocal says whether the request was made on this machine. A proxy that runs here, too, passes on those of others, and
// says so.
func isLocal(r *http.Request) bool {
	for _, forwarded := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		if _, ok := r.Header[forwarded]; ok {
			return false
		}
	}
	addr, ok := parseAddr(r.RemoteAddr)
	return ok && addr.IsLoopback()
}
