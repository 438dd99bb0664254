package playground

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"
)

// Limits on what a session that has lost its connection keeps.
const (
	maxReplay    = 1000            // Events.
	maxSuspended = 5 * time.Minute // Until it can no longer be resumed.
)

// The events that are dispatched.
const (
	eventReady             = "READY"
	eventResumed           = "RESUMED"
	eventGuildCreate       = "GUILD_CREATE"
	eventGuildUpdate       = "GUILD_UPDATE"
	eventGuildDelete       = "GUILD_DELETE"
	eventChannelCreate     = "CHANNEL_CREATE"
	eventChannelUpdate     = "CHANNEL_UPDATE"
	eventChannelDelete     = "CHANNEL_DELETE"
	eventThreadCreate      = "THREAD_CREATE"
	eventThreadUpdate      = "THREAD_UPDATE"
	eventThreadDelete      = "THREAD_DELETE"
	eventMessageCreate     = "MESSAGE_CREATE"
	eventMessageUpdate     = "MESSAGE_UPDATE"
	eventMessageDelete     = "MESSAGE_DELETE"
	eventInteractionCreate = "INTERACTION_CREATE"
)

// Intents are groups of events that a session asks for.
const (
	intentGuilds         = 1 << 0
	intentGuildMembers   = 1 << 1
	intentPresences      = 1 << 8
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15

	allIntents        = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
	privilegedIntents = intentGuildMembers | intentPresences | intentMessageContent
)

// session is what a client has of the gateway. It outlives its connections.
type session struct {
	id      string
	intents int
	shard   int
	shards  int
	conn    *conn // Nil while there is none.
	seq     int
	replay  []event
	left    time.Time // When it lost its connection.
}

// dispatch sends an event, or keeps it for when the session is resumed.
func (s *session) dispatch(name string, data json.RawMessage) {
	s.seq++
	seq := s.seq
	e := event{Op: opDispatch, Type: &name, Seq: &seq, Data: data}
	s.replay = capped(append(s.replay, e), maxReplay)
	if s.conn != nil {
		s.conn.queue(e)
	}
}

func (s *session) expired(now time.Time) bool { return s.conn == nil && now.Sub(s.left) > maxSuspended }

// identify begins a new session. The caller holds the lock.
func (c *conn) identify(data json.RawMessage) {
	var in struct {
		Token    string  `json:"token"`
		Intents  *int    `json:"intents"`
		Shard    *[2]int `json:"shard"`
		Compress bool    `json:"compress"`
	}
	d := c.d
	switch err := json.Unmarshal(data, &in); {
	case err != nil || in.Intents == nil:
		c.close(closeDecodeError, "Error while decoding payload.")
	case c.session != nil:
		c.close(closeAlreadyAuthenticated, "Already authenticated.")
	case in.Token != d.Token(), !d.gateway.identifies.take(limit{maxIdentifies, 24 * time.Hour}, d.now()):
		c.close(closeAuthenticationFailed, "Authentication failed.")
	case *in.Intents&^allIntents != 0:
		c.close(closeInvalidIntents, "Invalid intent(s).")
	case *in.Intents&privilegedIntents != 0:
		c.close(closeDisallowedIntents, "Disallowed intent(s).")
	case in.Shard != nil && (in.Shard[0] < 0 || in.Shard[0] >= in.Shard[1]):
		c.close(closeInvalidShard, "Invalid shard.")
	case !d.unlimited && !d.gateway.pace.take(limit{maxConcurrency, identifyPeriod}, d.now()):
		c.send(opInvalidSession, false)
	default:
		s := &session{id: rand.Text(), intents: *in.Intents, shards: 1, conn: c}
		if in.Shard != nil {
			s.shard, s.shards = in.Shard[0], in.Shard[1]
		}
		c.compress = in.Compress
		d.begin(s)
	}
}

// begin tells a new session where it stands. The caller holds the lock.
func (d *Discord) begin(s *session) {
	s.conn.session = s
	d.gateway.sessions = append(slices.DeleteFunc(d.gateway.sessions, func(old *session) bool {
		return old.expired(d.now())
	}), s)
	guilds := []any{}
	for _, g := range d.guilds {
		if g.joined && s.owns(g.id) {
			guilds = append(guilds, map[string]any{"id": g.id, "unavailable": true})
		}
	}
	s.tell(d, eventReady, map[string]any{
		"v": 10, "user": d.bot, "guilds": guilds, "session_id": s.id, "shard": []int{s.shard, s.shards},
		"resume_gateway_url": socket(s.conn.base),
		"application":        map[string]any{"id": d.appID, "flags": 0}, "session_type": "normal", "private_channels": []any{},
	})
	for _, g := range d.guilds {
		if g.joined && !g.unavailable && s.owns(g.id) && s.intents&intentGuilds != 0 {
			s.tell(d, eventGuildCreate, g.created(d.bot.ID))
		}
	}
	d.touch()
}

func (s *session) tell(d *Discord, name string, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		d.log.WithError(err).Error("event not dispatched")
		return
	}
	s.dispatch(name, raw)
}

// resume continues a session where its last connection ended. The caller holds the lock.
func (c *conn) resume(data json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	d := c.d
	if err := json.Unmarshal(data, &in); err != nil {
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	switch {
	case in.Token != d.Token():
		c.close(closeAuthenticationFailed, "Authentication failed.")
		return
	case c.session != nil:
		c.close(closeAlreadyAuthenticated, "Already authenticated.")
		return
	}
	i := slices.IndexFunc(d.gateway.sessions, func(s *session) bool { return s.id == in.Session })
	if i < 0 || d.gateway.sessions[i].expired(d.now()) {
		c.send(opInvalidSession, false)
		return
	}
	s := d.gateway.sessions[i]
	if in.Seq > s.seq {
		c.close(closeInvalidSeq, "Invalid seq.")
		return
	}
	missed := s.seq - in.Seq
	if missed > len(s.replay) {
		c.send(opInvalidSession, false)
		return
	}
	if old := s.conn; old != nil {
		old.close(closeAbrupt, "")
		old.session = nil
	}
	s.conn, c.session = c, s
	for _, e := range s.replay[len(s.replay)-missed:] {
		c.queue(e)
	}
	s.tell(d, eventResumed, map[string]any{"_trace": []string{"playground"}})
	d.touch()
}

// online says whether a bot is connected or can still come back to its session. The caller holds the lock.
func (d *Discord) online() bool {
	return slices.ContainsFunc(d.gateway.sessions, func(s *session) bool { return !s.expired(d.now()) })
}

// ready says whether a bot is connected. The caller holds the lock.
func (d *Discord) ready() bool {
	return slices.ContainsFunc(d.gateway.sessions, func(s *session) bool { return s.conn != nil })
}
