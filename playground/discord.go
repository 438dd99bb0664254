// Package playground is a local Discord: REST API, gateway and a page that shows its channels. It serves
// to try Dispatch without a token, and as the test double of the whole project. It is strict: what it
// lets pass, the real one accepts; where the two are known to differ it is the one that refuses.
package playground

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Options say how a Discord behaves. The zero value is a realistic one.
type Options struct {
	// Log receives what goes wrong in here. Nil logs nothing.
	Log *logrus.Logger
	// Now is the clock that rate limits, nonces and interaction tokens go by. Nil is time.Now.
	Now func() time.Time
	// Unlimited lifts the rate limits of REST and gateway, for benchmarks.
	Unlimited bool
	// Heartbeat is the interval that the gateway asks its clients to keep. Zero is Discord's 41.25 s.
	Heartbeat time.Duration
}

// Discord is a local Discord with one application, its bot, and the guilds the bot is in. Its methods may
// be called from several goroutines.
type Discord struct {
	log       *logrus.Entry
	now       func() time.Time
	unlimited bool
	heartbeat time.Duration
	secret    string // The last part of the bot token.
	stamp     []byte // Signs the addresses of attachments.
	pageWait  time.Duration
	handler   http.Handler
	done      chan struct{}
	running   sync.WaitGroup

	// mu guards everything below. What is reachable from a stored Message is never changed: an edit
	// stores a new one, so messages can be handed out without copying.
	mu           sync.Mutex
	closed       bool
	changed      chan struct{} // Closed and replaced whenever something below changes.
	ids          snowflakes
	appID        string
	bot          *User
	users        []*User
	guilds       []*guild
	direct       []*channel
	commands     commands
	interactions interactions
	attachments  attachments
	nonces       nonces
	limits       limits
	mischief     mischief
	requests     requestLog
	gateway      gateway
	page         pageLog
	hosting      hosting
	templates    Templates // Nil while there is no program that has some.
}

// New returns a Discord with the guild "Acme" in it: text channels sales, support, ops and general, the
// announcement channel news, the forum ideas, and the people Owner, Admin and Member.
func New(opts Options) *Discord {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = logrus.New()
		opts.Log.SetOutput(io.Discard)
	}
	if opts.Heartbeat == 0 {
		opts.Heartbeat = 41250 * time.Millisecond
	}
	d := &Discord{
		log:       opts.Log.WithField("component", "playground"),
		now:       opts.Now,
		unlimited: opts.Unlimited,
		heartbeat: opts.Heartbeat,
		secret:    rand.Text(),
		stamp:     []byte(rand.Text()),
		pageWait:  usualPageWait,
		done:      make(chan struct{}),
		changed:   make(chan struct{}),
	}
	d.page.name = rand.Text()
	d.populate()
	d.handler = d.routes()
	return d
}

// Handler serves the REST API under /api/v10, the gateway at /gateway, uploads under /attachments, the
// page at / and what it asks under /api/page.
func (d *Discord) Handler() http.Handler { return d.handler }

// Close disconnects every gateway client and event stream and waits for them to be gone.
func (d *Discord) Close() error {
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		close(d.done)
		d.gateway.hangUp(closeGoingAway)
	}
	d.mu.Unlock()
	d.running.Wait()
	return nil
}

// Token returns the bot's token. As with the real one, its first part is the application's id.
func (d *Discord) Token() string {
	return base64.RawStdEncoding.EncodeToString([]byte(d.appID)) + ".local." + d.secret
}

// ApplicationID returns the id of the bot's application, which is also the bot's user id.
func (d *Discord) ApplicationID() string { return d.appID }

// GuildID returns the id of the guild "Acme".
func (d *Discord) GuildID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.guilds[0].id
}

// ChannelID returns the id of the channel with that name, "" when there is none. The guild "Acme" comes
// first where several guilds have a channel of that name.
func (d *Discord) ChannelID(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.channelNamed(name); ch != nil {
		return ch.id
	}
	return ""
}

// ChannelIn returns the id of a guild's channel with that name, "" when there is none.
func (d *Discord) ChannelIn(guildID, name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, ch := range d.everyChannel() {
		if ch.guildID() == guildID && ch.name == name {
			return ch.id
		}
	}
	return ""
}

// UserID returns the id of the user with that name, "" when there is none.
func (d *Discord) UserID(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if u := d.userNamed(name); u != nil {
		return u.ID
	}
	return ""
}

// id returns a new id. The caller holds the lock.
func (d *Discord) id() string { return d.ids.next(d.now()) }

// touch wakes everyone who waits for a change. The caller holds the lock.
func (d *Discord) touch() {
	close(d.changed)
	d.changed = make(chan struct{})
}
