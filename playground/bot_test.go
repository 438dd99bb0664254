package playground_test

import (
	"encoding/json"
	"strings"
	"testing"

	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/rest"
	"github.com/gorilla/websocket"
)

// payload is what goes over the gateway.
type payload struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	S  int             `json:"s"`
	T  string          `json:"t"`
}

// line is a connection to the gateway, as plain as can be.
type line struct {
	t  *testing.T
	ws *websocket.Conn
}

func dial(t *testing.T, l *local) *line {
	t.Helper()
	ws, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(l.url, "http")+"/gateway?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return &line{t, ws}
}

func (l *line) send(op int, data any) {
	l.t.Helper()
	if err := l.ws.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *line) next() payload {
	l.t.Helper()
	var p payload
	if err := l.ws.ReadJSON(&p); err != nil {
		l.t.Fatal(err)
	}
	return p
}

// until reads up to the event of a name.
func (l *line) until(event string) payload {
	l.t.Helper()
	for {
		if p := l.next(); p.T == event {
			return p
		}
	}
}

// closed reads up to the end and returns its code.
func (l *line) closed() int {
	l.t.Helper()
	for {
		if _, _, err := l.ws.ReadMessage(); err != nil {
			closed, ok := err.(*websocket.CloseError) //nolint:errorlint // gorilla returns it as it is.
			if !ok {
				l.t.Fatalf("not closed with a code: %v", err)
			}
			return closed.Code
		}
	}
}

func identity(l *local, intents int) map[string]any {
	return map[string]any{"token": l.Token(), "intents": intents, "properties": map[string]string{}}
}

// serve runs a bot until the test ends: disgo's reading of interactions, its router and its REST client,
// without its gateway client, which has data races of its own when it closes.
func serve(t *testing.T, l *local, listener disgobot.EventListener) *disgobot.Client {
	t.Helper()
	client := &disgobot.Client{Token: l.Token(), ApplicationID: id(t, l.ApplicationID()), Logger: silent(), Rest: l.rest()}
	conn := dial(t, l)
	conn.next()
	conn.send(2, identity(l, 1))
	conn.until("READY")
	go func() {
		for {
			var p payload
			if conn.ws.ReadJSON(&p) != nil {
				return
			}
			if p.T == "INTERACTION_CREATE" {
				go handle(t, client, listener, p.D)
			}
		}
	}()
	return client
}

func handle(t *testing.T, client *disgobot.Client, listener disgobot.EventListener, raw []byte) {
	interaction, err := discord.UnmarshalInteraction(raw)
	if err != nil {
		t.Errorf("read interaction: %v", err)
		return
	}
	listener.OnEvent(&events.InteractionCreate{
		GenericEvent: events.NewGenericEvent(client, 0, 0), Interaction: interaction,
		Respond: func(kind discord.InteractionResponseType, data discord.InteractionResponseData, opts ...rest.RequestOpt) error {
			answer := discord.InteractionResponse{Type: kind, Data: data}
			return client.Rest.CreateInteractionResponse(interaction.ID(), interaction.Token(), answer, opts...)
		},
	})
}
