package playground

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Limits of the gateway.
// See https://discord.com/developers/docs/events/gateway.
const (
	maxPayload     = 4096 // Bytes a client may send in one event.
	maxEvents      = 120  // Events a client may send in a minute.
	maxIdentifies  = 1000 // A day.
	identifyPeriod = 5 * time.Second
	maxConcurrency = 1 // IDENTIFYs in one identifyPeriod.
)

// gateway is the state of all connections to the gateway.
type gateway struct {
	conns      []*conn
	sessions   []*session
	identifies window
	pace       window
	mute       bool // Heartbeats are not acknowledged.
}

// hangUp closes every connection with a code. The caller holds the lock.
func (g *gateway) hangUp(code int) {
	for _, c := range g.conns {
		c.close(code, "")
	}
}

func (d *Discord) getGateway(c *call) (int, any, error) {
	return http.StatusOK, map[string]any{"url": socket(origin(c.Request))}, nil
}

func (d *Discord) getGatewayBot(c *call) (int, any, error) {
	now, reset := d.now(), 24*time.Hour
	used := 0
	if now.Before(d.gateway.identifies.resets) {
		used, reset = d.gateway.identifies.used, d.gateway.identifies.resets.Sub(now)
	}
	return http.StatusOK, map[string]any{
		"url": socket(origin(c.Request)), "shards": 1, "session_start_limit": map[string]any{
			"total": maxIdentifies, "remaining": maxIdentifies - used, "reset_after": reset.Milliseconds(),
			"max_concurrency": maxConcurrency,
		},
	}, nil
}

// socket returns the gateway's address for a client that reaches this Discord at base.
func socket(base string) string { return "ws" + strings.TrimPrefix(base, "http") + "/gateway" }

// base returns where the bot reaches this Discord, "" when none is connected. The caller holds the lock.
func (d *Discord) base() string {
	for _, s := range d.gateway.sessions {
		if s.conn != nil {
			return s.conn.base
		}
	}
	return ""
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveGateway serves one connection until one of the sides closes it.
func (d *Discord) serveGateway(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	refused := d.closed || d.mischief.outage
	if !refused {
		d.running.Add(1)
	}
	d.mu.Unlock()
	if refused {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer d.running.Done()
	query := r.URL.Query()
	pack, err := newPacker(query.Get("compress"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // The upgrader has answered.
	}
	c := &conn{d: d, ws: ws, packer: pack, base: origin(r), out: make(chan frame, 4096)}
	d.mu.Lock()
	d.gateway.conns = append(d.gateway.conns, c)
	switch {
	case d.closed: // Since it was asked above.
		c.close(closeGoingAway, "")
	case query.Get("v") != "" && query.Get("v") != "10":
		c.close(closeInvalidVersion, "Invalid API version.")
	case query.Get("encoding") != "" && query.Get("encoding") != "json":
		c.close(closeDecodeError, "Only JSON is spoken here.")
	default:
		c.send(opHello, map[string]any{"heartbeat_interval": d.heartbeat.Milliseconds(), "_trace": []string{"playground"}})
	}
	d.mu.Unlock()
	var writing sync.WaitGroup
	writing.Go(c.write)
	c.read()
	d.mu.Lock()
	d.gateway.conns = slices.DeleteFunc(d.gateway.conns, func(other *conn) bool { return other == c })
	c.close(closeAbrupt, "")
	d.mu.Unlock()
	writing.Wait()
	_ = ws.Close()
}

// dispatch sends an event to the sessions that want it: those that asked for one of the intents, 0 for an
// event that everyone gets, and whose shard the guild is in. The caller holds the lock.
func (d *Discord) dispatch(event string, intents int, guildID string, data any) {
	if len(d.gateway.sessions) == 0 {
		return
	}
	raw, err := json.Marshal(data)
	if err != nil {
		d.log.WithError(err).Error("event not dispatched")
		return
	}
	for _, s := range d.gateway.sessions {
		if (intents == 0 || s.intents&intents != 0) && s.owns(guildID) {
			s.dispatch(event, raw)
		}
	}
}

// owns says whether a guild's events go to this session. Direct messages go to the first shard.
func (s *session) owns(guildID string) bool {
	id, _ := strconv.ParseUint(guildID, 10, 64)
	return int((id>>22)%uint64(s.shards)) == s.shard
}

// DropGateway closes every gateway connection with a code, 0 to cut the line without one. The sessions can
// be resumed, unless the code says that they cannot.
func (d *Discord) DropGateway(code int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.hangUp(code)
}

// Reconnect asks every gateway client to reconnect and resume.
func (d *Discord) Reconnect() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.gateway.conns {
		c.send(opReconnect, nil)
	}
}

// InvalidSession tells every gateway client that its session is invalid. Resumable ones it may resume.
func (d *Discord) InvalidSession(resumable bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.gateway.conns {
		c.send(opInvalidSession, resumable)
		if !resumable {
			c.forget()
			c.session = nil
		}
	}
}

// MuteHeartbeats stops or starts acknowledging heartbeats. A client without an acknowledgement has to take
// its connection for dead.
func (d *Discord) MuteHeartbeats(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gateway.mute = on
}
