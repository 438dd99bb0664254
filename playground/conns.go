package playground

import (
	"encoding/json"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// The codes a gateway connection is closed with.
const (
	closeAbrupt               = 0 // The line is cut without a code.
	closeNormal               = 1000
	closeGoingAway            = 1001
	closeUnknownOpcode        = 4001
	closeDecodeError          = 4002
	closeNotAuthenticated     = 4003
	closeAuthenticationFailed = 4004
	closeAlreadyAuthenticated = 4005
	closeInvalidSeq           = 4007
	closeRateLimited          = 4008
	closeSessionTimedOut      = 4009
	closeInvalidShard         = 4010
	closeInvalidVersion       = 4012
	closeInvalidIntents       = 4013
	closeDisallowedIntents    = 4014
)

// conn is one connection to the gateway. Discord's lock guards its session, its window and what goes into
// out.
type conn struct {
	d        *Discord
	ws       *websocket.Conn
	packer   *packer
	base     string // Where the client reaches this Discord.
	out      chan frame
	closing  bool
	compress bool // As the client asked when it identified itself.
	session  *session
	inbound  window
}

// frame is what is to be sent: an event, or the end of the connection.
type frame struct {
	payload  []byte
	compress bool
	last     bool
	code     int
	reason   string
}

// event is what goes over the gateway, both ways.
type event struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Type *string         `json:"t"`
}

// send queues an event that is not a dispatch. The caller holds the lock.
func (c *conn) send(op int, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		c.d.log.WithError(err).Error("event not sent")
		return
	}
	c.queue(event{Op: op, Data: raw})
}

// queue queues an event. A client that does not read loses its connection. The caller holds the lock.
func (c *conn) queue(e event) {
	payload, err := json.Marshal(e)
	if err != nil || c.closing {
		return
	}
	if len(c.out) >= cap(c.out)-1 { // The last place is for the end.
		c.close(closeAbrupt, "")
		return
	}
	c.out <- frame{payload: payload, compress: c.compress}
}

// close queues the end of the connection, whose session can be resumed unless the code ends it, too. The
// caller holds the lock.
func (c *conn) close(code int, reason string) {
	if c.closing {
		return
	}
	c.closing = true
	c.out <- frame{last: true, code: code, reason: reason}
	if c.session != nil && c.session.conn == c {
		c.session.conn, c.session.left = nil, c.d.now()
	}
	switch code {
	case closeNormal, closeGoingAway, closeAuthenticationFailed, closeInvalidSeq, closeSessionTimedOut:
		c.forget()
	}
}

// forget ends the connection's session. The caller holds the lock.
func (c *conn) forget() {
	c.d.gateway.sessions = slices.DeleteFunc(c.d.gateway.sessions, func(s *session) bool { return s == c.session })
}

// write sends what is queued, until the end. A client that is told a code has a moment to close its side.
func (c *conn) write() {
	for f := range c.out {
		switch {
		case f.last && f.code == closeAbrupt:
			_ = c.ws.Close()
			return
		case f.last:
			message := websocket.FormatCloseMessage(f.code, f.reason)
			_ = c.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
			time.AfterFunc(time.Second, func() { _ = c.ws.Close() })
			return
		}
		kind, data, err := c.packer.pack(f.payload, f.compress)
		if err == nil {
			err = c.ws.WriteMessage(kind, data)
		}
		if err != nil {
			_ = c.ws.Close()
			return
		}
	}
}

// read takes what the client sends, until the connection ends.
func (c *conn) read() {
	// A client may be late with a heartbeat, and begins with a random one.
	patience := c.d.heartbeat * 3 / 2
	for {
		if err := c.ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return
		}
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			c.ended(err)
			return
		}
		c.d.mu.Lock()
		c.receive(data)
		c.d.mu.Unlock()
	}
}

// ended looks at why there is nothing more to read.
func (c *conn) ended(err error) {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		c.close(closeSessionTimedOut, "Session timed out.")
	}
	if websocket.IsCloseError(err, closeNormal, closeGoingAway) {
		c.forget() // The client does not want to come back to it.
	}
}

// receive answers what the client sent. The caller holds the lock.
func (c *conn) receive(data []byte) {
	var e event
	switch {
	case c.closing:
		return
	case len(data) > maxPayload:
		c.close(closeDecodeError, "Payload too large.")
		return
	case !c.inbound.take(limit{maxEvents, time.Minute}, c.d.now()):
		c.close(closeRateLimited, "You are being rate limited.")
		return
	case json.Unmarshal(data, &e) != nil:
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	switch e.Op {
	case opHeartbeat:
		if !c.d.gateway.mute {
			c.send(opHeartbeatAck, nil)
		}
	case opIdentify:
		c.identify(e.Data)
	case opResume:
		c.resume(e.Data)
	case opPresence, opVoiceState:
		if c.session == nil {
			c.close(closeNotAuthenticated, "Not authenticated.")
		}
	default:
		c.close(closeUnknownOpcode, "Unknown opcode.")
	}
}
