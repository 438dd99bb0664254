package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/gorilla/websocket"
	"github.com/sirupsen/logrus"
)

const (
	leaveTime = 2 * time.Second // to close the gateway in good order
	drainTime = 5 * time.Second // for the last commands and requests to be answered
)

// Run keeps the bot connected until ctx ends; then it lets what is under way be answered, for a few seconds at
// most. While Discord is out of reach it goes on trying. It fails with ErrToken, or another sentence for the
// operator, when Discord will not have us.
func (b *Bot) Run(ctx context.Context) error {
	defer b.drain()
	address, err := b.gatewayURL(ctx)
	if err != nil {
		return unless(ctx, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var chores sync.WaitGroup
	defer chores.Wait()
	defer cancel()
	chores.Go(func() { b.guilds.run(ctx) })
	if b.options.Alerts != nil {
		chores.Go(func() { b.alerter().run(ctx) })
	}
	if len(b.options.Commands) > 0 {
		chores.Go(func() { b.registrar().run(ctx) })
	}
	return b.connect(ctx, address)
}

// drain waits for what is under way and lets no request out any more. disgo's own Close is not used: it takes the
// REST client down while requests are in flight, and can wait for a dial for minutes.
func (b *Bot) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	b.handlers.wait(ctx)
	b.limiter.Close(ctx)
	b.client.Rest.HTTPClient().CloseIdleConnections()
}

func (b *Bot) registrar() *registrar {
	scopes := b.options.DevGuilds
	if len(scopes) == 0 {
		scopes = []string{""}
	}
	return &registrar{
		rest:     b.client.Rest,
		token:    b.options.Token,
		app:      b.client.ApplicationID,
		scopes:   scopes,
		commands: b.options.Commands,
		prints:   b.prints,
		log:      b.log,
	}
}

// connect opens the gateway and keeps it open until ctx ends or Discord will not have us.
func (b *Bot) connect(ctx context.Context, address string) error {
	open, cut := context.WithCancel(context.Background())
	lost := make(chan error, 1)
	g := b.openable(open, address, lost)
	defer leave(g, cut)
	// A dial that hangs does not heed ctx.
	defer context.AfterFunc(ctx, func() { time.AfterFunc(leaveTime, cut) })()
	for {
		// Open tries until it is connected; disgo then reconnects by itself, and says so when it gives up.
		err := g.Open(ctx)
		if err == nil || errors.Is(err, discord.ErrGatewayAlreadyConnected) {
			select {
			case <-ctx.Done():
				return nil
			case err = <-lost:
			}
		}
		if refused := verdictOf(err); refused != nil || ctx.Err() != nil {
			return unless(ctx, refused)
		}
	}
}

// openable makes the gateway. It can dial until open ends, and tells lost why it does not reconnect any more.
func (b *Bot) openable(open context.Context, address string, lost chan<- error) gateway.Gateway {
	g := gateway.New(b.options.Token,
		func(g gateway.Gateway, kind gateway.EventType, sequence int, e gateway.EventData) {
			b.guilds.note(e, time.Now().UTC())
			b.client.EventManager.HandleGatewayEvent(g, kind, sequence, e)
		},
		gateway.WithURL(address),
		gateway.WithIntents(gateway.IntentGuilds),
		gateway.WithLogger(newBridge(b.log, b.options.Token)),
		gateway.WithDialer(dialer(open)),
		gateway.WithIdentifyRateLimiter(newIdentifies(open)),
		gateway.WithCloseHandler(func(_ gateway.Gateway, err error, _ bool) {
			select {
			case lost <- err:
			default: // one reason is enough
			}
		}),
	)
	b.client.Gateway = g
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gateway = g
	return g
}

// leave closes the gateway, so that nothing new comes. What does not close in time is cut.
func leave(g gateway.Gateway, cut context.CancelFunc) {
	defer cut()
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	defer time.AfterFunc(leaveTime, cut).Stop()
	g.Close(ctx)
}

// gatewayURL asks Discord where its gateway is, until it answers.
func (b *Bot) gatewayURL(ctx context.Context) (string, error) {
	if b.options.GatewayURL != "" {
		return b.options.GatewayURL, nil
	}
	for wait := patient(); ; {
		info, err := b.client.Rest.GetGatewayBot(rest.WithCtx(ctx))
		if err == nil {
			return info.URL, b.awaitSession(ctx, info.SessionStartLimit)
		}
		err = plain(err, b.options.Token)
		var refused *refusal
		if errors.As(err, &refused) && refused.status == http.StatusUnauthorized {
			return "", ErrToken
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		delay := wait.next()
		b.log.WithFields(logrus.Fields{keyErr: err, keyDelay: delay.String()}).Warn("discord is out of reach")
		if err := sleep(ctx, delay); err != nil {
			return "", err
		}
	}
}

// awaitSession waits when other starts have used up the day's sessions: one more would cost us the token.
func (b *Bot) awaitSession(ctx context.Context, sessions discord.SessionStartLimit) error {
	if sessions.Total == 0 || sessions.Remaining > 0 {
		return nil
	}
	delay := time.Duration(sessions.ResetAfter) * time.Millisecond
	b.log.WithField(keyDelay, delay.String()).Error("no session left today")
	return sleep(ctx, delay)
}

// verdictOf is the sentence for the operator when the gateway was closed for good; nil when it is worth another
// try.
func verdictOf(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	switch code := gateway.CloseEventCodeByCode(closed.Code); {
	case code.Reconnect:
		return nil
	case code == gateway.CloseEventCodeAuthenticationFailed:
		return ErrToken
	default:
		return fmt.Errorf("discord closed the gateway for good, code %d: %s", code.Code, code.Explanation)
	}
}

// unless is err, or nil when ctx has ended: then it is no failure.
func unless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
