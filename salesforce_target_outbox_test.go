package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"dispatch/playground"
	"dispatch/salesforce/orgtest"
)

// calling has deals become accounts of an org, and its replies be shown in #replies.
type calling struct {
	*world
	org     *orgtest.Org
	records *orgtest.Records
	deals   hook
}

func call(t *testing.T, env ...string) calling {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	w, org := newOrgWorld(t, orgtest.Options{Signer: &key.PublicKey},
		append([]string{"DISPATCH_DELIVERY_BACKOFF=10ms", "DISPATCH_DELIVERY_BACKOFF_MAX=1s"}, env...)...)
	c := calling{world: w, org: org, records: org.AddRecords(map[string][]string{"account": {"Name"}})}
	w.start()
	w.discord.AddChannel(w.discord.GuildID(), "replies")
	c.deals = w.connect("Acme", "sales")
	made := w.run("target create", map[string]any{
		"name": "Prod", "client_id": orgtest.ClientID, "user": orgtest.Username, "key": playground.File{
			Name: "tm-sf.key", Data: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
		},
	})
	c.says(w.pressed(made, "Test"), "lets us in", orgtest.Username)
	w.fill(w.run("transform create", map[string]any{"name": "account"}), map[string]string{
		"program": `{action: "POST", resource: "sobjects", object: "account", payload: {Name: .record.Name}}`,
	})
	c.says(w.run("destination create", map[string]any{
		"name": "crm", "target": "prod", "source": "Acme", "events": "Opportunity.created", "transform": "account",
	}), "becomes a call of the org")
	c.says(w.run("route add", map[string]any{"source": "Prod replies", "channel": "replies"}), "Prod replies")
	return c
}

func (c calling) says(reply *playground.Reply, want ...string) {
	c.t.Helper()
	for _, text := range want {
		if said := fmt.Sprintf("%+v", reply.Message); !strings.Contains(said, text) {
			c.t.Errorf("said %s, want %q\n%s", said, text, c.log)
		}
	}
}

// win sends a deal, and gives the id of its event.
func (c calling) win(name string) string {
	c.t.Helper()
	status, answer := c.post(c.deals, "Opportunity.created", deal(name))
	if status != accepted {
		c.t.Fatalf("got %d %s", status, answer)
	}
	return strings.Split(answer, `"`)[3]
}

// replied wants the n-th reply in the channel, and gives its fields in a line.
func (c calling) replied(n int, title string, colour int) string {
	c.t.Helper()
	embed := c.shown("replies", n)
	if embed.Title != title || embed.Color != colour {
		c.t.Errorf("reply %d is %+v, want %s\n%s", n, embed, title, c.log)
	}
	return fmt.Sprintf("%+v", embed.Fields)
}

// onPost has the org do something about each call that creates a record, which it counts.
func (c calling) onPost(do func(n int32, w http.ResponseWriter) (answered bool)) *atomic.Int32 {
	var seen atomic.Int32
	c.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/sobjects/") {
			return false
		}
		n := seen.Add(1)
		if do(n, w) {
			_, _ = io.Copy(io.Discard, r.Body)
			return true
		}
		return false
	})
	return &seen
}

// ended waits until the log tells of an event how it went: its reply may be faster.
func (c calling) ended(id, said string) {
	c.t.Helper()
	c.until(func() bool {
		return strings.Contains(fmt.Sprintf("%+v", c.run("event show", map[string]any{"id": id}).Message), said)
	})
}

// An event becomes a record of the org, and its reply an embed.
func TestATargetIsADestination(t *testing.T) {
	c := call(t)
	c.win("Jane Doe")
	c.shown("sales", 1)
	if said := c.replied(1, "Done: POST sobjects/account", green); !strings.Contains(said, "0014x0000000001AA0") || !strings.Contains(said, "Prod") {
		t.Errorf("the reply says %s", said)
	}
	if got := c.records.Get("0014x0000000001AA0"); got["Name"] != "Jane Doe" || c.records.Len() != 1 {
		t.Errorf("the org has %v of %d", got, c.records.Len())
	}
	c.says(c.run("destination list", nil), "crm", "calls the target", "Prod")
	c.says(c.run("destination test", map[string]any{"name": "crm"}), "lets us in", "No call was made")
	c.says(c.run("target delete", map[string]any{"name": "prod"}), "can't be deleted", "crm")
	c.says(c.run("destination create", map[string]any{"name": "round", "target": "Prod", "source": "Prod replies"}), "each reply would ask for the next")
	c.says(c.run("route add", map[string]any{"source": "Prod replies", "destination": "crm"}), "each reply would ask for the next")

	c.run("destination pause", map[string]any{"name": "crm"})
	c.win("Janet Does")
	c.shown("sales", 2)
	c.run("destination resume", map[string]any{"name": "crm"})
	c.replied(2, "Done: POST sobjects/account", green)
	if n := c.records.Len(); n != 2 {
		t.Errorf("the org has %d accounts", n)
	}

	c.pressed(c.run("destination delete", map[string]any{"name": "crm"}), "Delete")
	c.pressed(c.run("target delete", map[string]any{"name": "prod"}), "Delete")
	c.stop()
}

// "limits → later → done", and what is refused, is refused once.
func TestATargetIsAskedAgainWhereThatDoesNoHarm(t *testing.T) {
	c := call(t)
	seen := c.onPost(func(n int32, w http.ResponseWriter) bool {
		switch n {
		case 1:
			orgtest.Refuse(w, http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
		case 2:
			w.Header().Set("Retry-After", "1")
			orgtest.Refuse(w, http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", "Too many requests in the queue")
		case 3:
			orgtest.Refuse(w, http.StatusBadRequest, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
		case 5:
			orgtest.Refuse(w, http.StatusBadRequest, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]")
		default:
			return false
		}
		return true
	})
	c.win("Jane Doe")
	c.replied(1, "Done: POST sobjects/account", green)
	refused := c.win("Janet Does")
	if said := c.replied(2, "Not done: POST sobjects/account", red); !strings.Contains(said, `REQUIRED\_FIELD\_MISSING`) {
		t.Errorf("the reply says %s", said)
	}
	if n := seen.Load(); n != 5 || c.records.Len() != 1 {
		t.Errorf("%d calls, %d accounts", n, c.records.Len())
	}
	c.ended(refused, "the org answered 400")
	c.says(c.run("event show", map[string]any{"id": refused}), "crm", "the org answered 400", "Required fields are missing")
	c.stop()
}

// A call whose answer was lost is not made again: not by a retry, and not by the next process.
func TestATargetIsNotAskedAgainAfterALostAnswer(t *testing.T) {
	c := call(t)
	begun, end := make(chan struct{}), make(chan struct{})
	seen := c.onPost(func(n int32, _ http.ResponseWriter) bool {
		switch n {
		case 1:
			panic(http.ErrAbortHandler)
		case 2:
			close(begun)
			<-end
		}
		return false
	})
	c.win("Jane Doe")
	if said := c.replied(1, "Not done: POST sobjects/account", red); !strings.Contains(said, "EOF") {
		t.Errorf("the reply says %s", said)
	}
	killed := c.win("Janet Does")
	<-begun
	c.kill()
	close(end)
	c.start()
	if said := c.replied(2, "Not done: POST sobjects/account", red); !strings.Contains(said, "the process ended in the middle of the call") {
		t.Errorf("the reply says %s", said)
	}
	c.ended(killed, "nobody knows whether the org has done it")
	if n := seen.Load(); n != 2 {
		t.Errorf("%d calls", n)
	}
	c.run("event replay", map[string]any{"id": killed}) // somebody has looked
	c.replied(3, "Done: POST sobjects/account", green)
	c.stop()
}

// An org that does not let the user in pauses the destination; nothing is lost.
func TestATargetThatIsShutWaits(t *testing.T) {
	c := call(t)
	c.org.RemoveApprovals()
	var shut atomic.Bool
	shut.Store(true)
	c.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/services/oauth2/token" && shut.Load() {
			http.Error(w, `{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}`, http.StatusBadRequest)
			return true
		}
		return false
	})
	c.win("Jane Doe")
	c.until(func() bool {
		return strings.Contains(fmt.Sprintf("%+v", c.run("destination list", nil).Message), "the org doesn't let its user in")
	})
	c.says(c.run("destination test", map[string]any{"name": "crm"}), "user hasn't approved this consumer")
	shut.Store(false)
	c.run("destination resume", map[string]any{"name": "crm"})
	c.replied(1, "Done: POST sobjects/account", green)
	if n := c.records.Len(); n != 1 {
		t.Errorf("the org has %d accounts", n)
	}
	c.stop()
}
