package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
)

// maxHeaderBytes bounds a request's line and headers.
const maxHeaderBytes = 32 << 10

// timeouts bound what one connection may cost.
type timeouts struct {
	header time.Duration // until the headers are there
	read   time.Duration // until the body is there, too
	write  time.Duration // from the headers until the answer is written
	idle   time.Duration // between two requests
	drain  time.Duration // for what is under way when we stop
}

// usual leaves a body of 10 MB to a line of 3 Mbit/s, and room behind it for the store to answer.
var usual = timeouts{
	header: 5 * time.Second,
	read:   30 * time.Second,
	write:  60 * time.Second,
	idle:   2 * time.Minute,
	drain:  10 * time.Second,
}

// Serve answers the listener's requests with the handler until ctx ends. Then it takes no more, lets those
// under way finish for at most 10 s, and returns nil. A handler that streams has to lift its write
// deadline (http.ResponseController), and to end by itself.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, log *logrus.Logger) error {
	return serve(ctx, listener, handler, log, usual)
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *logrus.Logger, t timeouts) error {
	entry := logger.WithField(keyComponent, component)
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: t.header,
		ReadTimeout:       t.read,
		WriteTimeout:      t.write,
		IdleTimeout:       t.idle,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(complaints{entry}, "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.drain)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		entry.WithField(keyErr, err).Warn("requests cut off")
		if err := server.Close(); err != nil {
			return fmt.Errorf("close HTTP server: %w", err)
		}
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return nil
}

// complaints takes what net/http has to say, such as that it cannot accept connections, to our log.
type complaints struct{ entry *logrus.Entry }

func (c complaints) Write(line []byte) (int, error) {
	c.entry.WithField(keyErr, string(bytes.TrimSpace(line))).Warn("connection failed")
	return len(line), nil
}
