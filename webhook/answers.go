package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/sirupsen/logrus"
	"golang.org/x/time/rate"
)

// The keys of our log lines.
const (
	keyComponent = "component"
	keySource    = "source"
	keyErr       = "err"
	keyStack     = "stack"

	component = "webhook"
)

// warnEvery is how often we say that nothing can be stored: every callout would say so otherwise.
const warnEvery = 10 * time.Second

// Values of Content-Type, as http.Header holds them.
var (
	contentJSON    = []string{"application/json"}
	contentProblem = []string{"application/problem+json"}
	contentText    = []string{"text/plain; charset=utf-8"}
)

// answers turns errors into answers and log lines. Neither shows what the sender sent.
type answers struct {
	log     *logrus.Logger
	warn    rate.Sometimes
	metrics *metrics
}

func newAnswers(log *logrus.Logger, metrics *metrics) *answers {
	return &answers{log: log, warn: rate.Sometimes{Interval: warnEvery}, metrics: metrics}
}

// fail answers with the error, which concerns the source; sourceID is "" when none was found.
func (a *answers) fail(w gin.ResponseWriter, sourceID string, err error) {
	refused := refusalOf(err)
	a.metrics.refuse(refused.status)
	entry := func() *logrus.Entry {
		entry := a.log.WithFields(logrus.Fields{keyComponent: component, keyErr: err})
		if sourceID != "" {
			entry = entry.WithField(keySource, sourceID)
		}
		if w, ok := w.(*elementsWriter); ok {
			entry = entry.WithField(keyRequest, w.id)
		}
		return entry
	}
	switch {
	case refused == errInternal:
		entry().Error("request failed")
	case refused.status == http.StatusServiceUnavailable:
		a.warn.Do(func() { entry().Warn("request put off") })
	case a.log.IsLevelEnabled(logrus.DebugLevel):
		entry().Debug("request refused")
	}
	refused.write(w)
}

// always answers every request with the same refusal.
func (a *answers) always(refused *refusal) gin.HandlerFunc {
	return func(c *gin.Context) { a.fail(c.Writer, "", refused) }
}

// recoverPanic answers 500 when a handler panics.
func (a *answers) recoverPanic(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		a.log.WithFields(logrus.Fields{
			keyComponent: component, keyErr: fmt.Errorf("panic: %v", cause), keyStack: string(debug.Stack()),
		}).Error("request panicked")
		a.metrics.refuse(errInternal.status)
		errInternal.write(c.Writer)
	}()
	c.Next()
}
