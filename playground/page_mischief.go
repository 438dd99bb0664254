package playground

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Limits of what can be made to go wrong from the page.
const (
	maxMischief     = 1000 // Requests.
	maxMischiefWait = time.Hour
	maxChannels     = 500 // Of a guild, threads aside.
	maxGone         = 50  // Deleted channels that can be had again.
)

// pageMischief is what the page wants to go wrong. Which fields matter depends on Do.
type pageMischief struct {
	Do          string      `json:"do"`
	On          bool        `json:"on"`
	Times       int         `json:"times"` // 0 is once.
	Wait        int         `json:"wait_ms"`
	Status      int         `json:"status"`
	Code        int         `json:"code"`
	Channel     string      `json:"channel"` // By id or name.
	Name        string      `json:"name"`
	Permissions Permissions `json:"permissions"`
}

// posting matches the requests that go wrong: what the bot posts, in one channel or in all. A forum's posts are threads.
func (in pageMischief) posting() string {
	return "POST /channels/" + orElse(in.Channel, "{channel_id}") + "/"
}

func (in pageMischief) wait() time.Duration { return time.Duration(in.Wait) * time.Millisecond }

// check refuses what would go wrong for longer than anybody watches, or not at all.
func (in pageMischief) check() error {
	var text string
	switch {
	case in.Times < 0 || in.Times > maxMischief:
		text = fmt.Sprintf("Up to %d requests can go wrong.", maxMischief)
	case in.Wait < 0 || in.wait() > maxMischiefWait:
		text = fmt.Sprintf("A limit can last up to %d minutes.", int(maxMischiefWait.Minutes()))
	case in.Do == "fail" && in.Status != 0 && (in.Status < 400 || in.Status > 599):
		text = "A failure has a status between 400 and 599."
	default:
		return nil
	}
	return &pageError{http.StatusBadRequest, text}
}

// pageMischief makes something go wrong, or right again.
func (d *Discord) pageMischief(_ context.Context, in pageMischief) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	in.Times = max(in.Times, 1)
	in.Wait = cmp.Or(in.Wait, 5000)
	switch in.Do {
	case "outage":
		d.Outage(in.On)
	case "rate_limit":
		d.Throttle(in.posting(), in.wait(), "shared", in.Times)
	case "global_limit":
		d.GlobalLimit(in.wait())
	case "lose_answer":
		d.LoseAnswer(in.posting(), in.Times)
	case "fail":
		d.FailNext(in.posting(), cmp.Or(in.Status, http.StatusInternalServerError), in.Code, in.Times)
	case "drop_gateway":
		d.DropGateway(closeAbrupt)
	case "invalid_session":
		d.InvalidSession(false)
	case "delete_channel", "restore_channel", "deny":
		return nil, d.channelMischief(in)
	default:
		return nil, &pageError{http.StatusBadRequest, "There is no such mischief."}
	}
	return nil, nil
}

// channelMischief does what concerns one channel as a whole.
func (d *Discord) channelMischief(in pageMischief) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.mischiefChanged()
	if in.Do == "restore_channel" {
		return d.restoreChannel(orElse(in.Name, in.Channel))
	}
	ch := d.channelNamed(in.Channel)
	switch {
	case ch == nil || ch.guild != d.guilds[0]:
		return &pageError{http.StatusNotFound, "There is no such channel."}
	case in.Do == "deny" && ch.isThread(): // It has its parent's.
		d.setPermissions(ch.parent, 0, in.Permissions)
	case in.Do == "deny":
		d.setPermissions(ch, 0, in.Permissions)
	default:
		d.removeChannel(ch)
		if !ch.isThread() {
			like := &channel{id: ch.id, name: ch.name, topic: ch.topic, kind: ch.kind, forum: ch.forum.empty()}
			d.mischief.gone = last(append(d.mischief.gone, like), maxGone)
		}
	}
	return nil
}

// restoreChannel makes a channel like one that was deleted, given by name or id. It is a new one, with an id
// of its own. The caller holds the lock.
func (d *Discord) restoreChannel(nameOrID string) error {
	i := slices.IndexFunc(d.mischief.gone, func(ch *channel) bool { return ch.id == nameOrID || ch.name == nameOrID })
	switch g := d.guilds[0]; {
	case i < 0:
		return &pageError{http.StatusNotFound, "No channel of that name was deleted here."}
	case g.size() >= maxChannels:
		return &pageError{http.StatusBadRequest, "The server has as many channels as it can have."}
	default:
		old := d.mischief.gone[i]
		d.mischief.gone = slices.Delete(d.mischief.gone, i, i+1)
		d.addChannel(g, old.name, old.topic, old.kind).forum = old.forum
	}
	return nil
}

// size is how many channels a guild has.
func (g *guild) size() int {
	n := 0
	for _, ch := range g.channels {
		if !ch.isThread() {
			n++
		}
	}
	return n
}
