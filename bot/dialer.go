package bot

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	handshakeTime = 30 * time.Second
	// silence is how long the gateway may say nothing: every heartbeat is acknowledged, one each 41 seconds.
	silence = 2 * time.Minute
	// Discord takes an IDENTIFY every five seconds and 1000 a day, and resets the token of a bot that sends
	// more. After the first few, ours are spread over the day: at most 864+identifyBurst.
	identifyEvery  = 5 * time.Second
	identifyRefill = 100 * time.Second
	identifyBurst  = 20
)

// over is what a gateway meets that wants to connect after the end. disgo's reconnecting runs on a context of
// its own and gives up for this error alone.
type over struct{}

func (over) Error() string { return "the bot has stopped" }

// Is makes disgo stop reconnecting.
func (over) Is(target error) bool { return target == discord.ErrGatewayAlreadyConnected }

// dialer connects to the gateway until open ends, which also cuts every connection that is left then.
func dialer(open context.Context) *websocket.Dialer {
	return &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: handshakeTime,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			defer context.AfterFunc(open, cancel)()
			if open.Err() != nil {
				return nil, over{}
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			release := context.AfterFunc(open, func() { _ = conn.Close() })
			return &watched{Conn: conn, release: release}, nil
		},
	}
}

// watched is a connection that fails when nothing comes for too long, which disgo does not notice before the
// first heartbeat.
type watched struct {
	net.Conn
	release func() bool
	limited bool // the dialer has set a deadline for the handshake
}

// SetDeadline implements net.Conn. The dialer sets one and takes it away.
func (w *watched) SetDeadline(t time.Time) error {
	w.limited = !t.IsZero()
	return w.Conn.SetDeadline(t)
}

func (w *watched) Read(p []byte) (int, error) {
	if !w.limited {
		if err := w.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return 0, err
		}
	}
	return w.Conn.Read(p)
}

func (w *watched) Close() error {
	w.release()
	return w.Conn.Close()
}

// identifies keeps within what Discord allows of new sessions. Resuming costs none.
type identifies struct {
	open          context.Context
	spaced, daily *rate.Limiter
}

var _ gateway.IdentifyRateLimiter = (*identifies)(nil)

func newIdentifies(open context.Context) *identifies {
	return &identifies{
		open:   open,
		spaced: rate.NewLimiter(rate.Every(identifyEvery), 1),
		daily:  rate.NewLimiter(rate.Every(identifyRefill), identifyBurst),
	}
}

// Wait returns when a session may be started, or fails when the bot has stopped.
func (i *identifies) Wait(ctx context.Context, _ int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(i.open, cancel)()
	for _, limit := range []*rate.Limiter{i.daily, i.spaced} {
		if err := limit.Wait(ctx); err != nil {
			if i.open.Err() != nil {
				return over{}
			}
			return err
		}
	}
	return nil
}

// Unlock has nothing to undo.
func (*identifies) Unlock(int) {}

// Close has nothing to wait for.
func (*identifies) Close(context.Context) {}
