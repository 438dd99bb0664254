// Package bot is our one connection to Discord: the gateway that is kept open, the REST client with a rate
// limiter of our own, the commands' registration, and the sender that posts events to channels. It knows
// neither what commands do nor where books are kept.
package bot

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/disgoorg/disgo"
	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/cache"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
)

// ErrToken says that Discord does not know the bot token.
var ErrToken = errors.New("discord refuses the bot token; copy it anew from the Bot page of the developer portal into discord.token")

// maxIdle is how many connections to Discord are kept open between two bursts.
const maxIdle = 50

// Options are what a Bot is told.
type Options struct {
	Token      string
	APIURL     string                             // base of the REST API; "" is Discord's
	GatewayURL string                             // "" is asked of the API
	DevGuilds  []string                           // where the commands are registered; everywhere when empty
	Commands   []discord.ApplicationCommandCreate // none: nothing is registered
	Router     disgobot.EventListener             // takes the interactions; may be nil
	Alerts     Alerts                             // what guilds are to be told of; may be nil
	Looks      Looks                              // how events are shown; nil: by the built-in embed
	Posts      Posts                              // which posts forums have; nil: forums are not posted to
	Timeout    time.Duration                      // of one request
	RateLimit  int                                // requests a second over everything; 0: no limit
	Log        *logrus.Logger
}

// Bot is the connection to Discord.
type Bot struct {
	options  Options
	log      *logrus.Entry
	client   *disgobot.Client
	limiter  *Limiter
	counts   *counts
	guilds   *guildLog
	prints   Fingerprints
	alerts   chan struct{} // holds one when there is something to tell
	handlers drain

	mu      sync.Mutex
	gateway gateway.Gateway // nil until Run knows its address
}

// New makes a Bot. It makes no request; a token that cannot be one is an error.
func New(options Options, guilds Guilds, prints Fingerprints) (*Bot, error) {
	log := options.Log.WithField(keyComponent, component)
	b := &Bot{
		options: options,
		log:     log,
		limiter: NewLimiter(options.RateLimit),
		counts:  newCounts(),
		guilds:  newGuildLog(guilds, log),
		prints:  prints,
		alerts:  make(chan struct{}, 1),
	}
	client, err := disgo.New(options.Token,
		disgobot.WithLogger(newBridge(log, options.Token)),
		disgobot.WithRestClientConfigOpts(b.restOptions()...),
		disgobot.WithRestConfigOpts(rest.WithDefaultAllowedMentions(*nobody())),
		disgobot.WithCacheConfigOpts(cache.WithCaches(cache.FlagsNone)),
		disgobot.WithEventManagerConfigOpts(disgobot.WithAsyncEventsEnabled()),
	)
	if err != nil {
		// disgo's own error quotes a part of the token.
		return nil, errors.New("discord.token is no bot token; those are three words with dots between them")
	}
	b.client = client
	if options.Router != nil {
		client.AddEventListeners(counted{options.Router, &b.handlers})
	}
	return b, nil
}

func (b *Bot) restOptions() []rest.ClientConfigOpt {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxIdle
	options := []rest.ClientConfigOpt{
		rest.WithRateLimiter(b.limiter),
		rest.WithHTTPClient(&http.Client{
			Transport: transport,
			Timeout:   b.options.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse // a POST must not turn into a GET
			},
		}),
	}
	if b.options.APIURL != "" {
		options = append(options, rest.WithURL(strings.TrimSuffix(b.options.APIURL, "/")))
	}
	return options
}

// Channels is the sender for channels. It can be used whether Run runs or not, until Run has ended.
func (b *Bot) Channels() delivery.Sender { return b.channels() }

func (b *Bot) channels() *channels {
	return &channels{
		rest: b.client.Rest, limits: b.limiter, counts: b.counts, self: b.client.ApplicationID, token: b.options.Token,
		studio: &studio{looks: b.options.Looks, log: b.log}, forums: newForums(b.options.Posts),
	}
}

// Ready is nil while the gateway is connected and has greeted us, else it says what is missing.
func (b *Bot) Ready() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gateway == nil {
		return errors.New("discord is not connected yet")
	}
	if status := b.gateway.Status(); status != gateway.StatusReady {
		return fmt.Errorf("discord gateway is %s", strings.ToLower(status.String()))
	}
	return nil
}

// counted counts the events that its listener is busy with.
type counted struct {
	disgobot.EventListener
	busy *drain
}

// OnEvent implements the listener.
func (c counted) OnEvent(event disgobot.Event) {
	c.busy.begin()
	defer c.busy.end()
	c.EventListener.OnEvent(event)
}
