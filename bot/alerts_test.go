package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/playground"
)

// notes are bot.Alerts in memory.
type notes struct {
	mu     sync.Mutex
	untold []delivery.Alert
	told   []string
	asked  int
	fails  int // how many calls of Told fail
}

func (n *notes) Untold(context.Context) ([]delivery.Alert, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	return slices.Clone(n.untold), nil
}

func (n *notes) Told(_ context.Context, destinationID string, pausedAt time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fails > 0 {
		n.fails--
		return errors.New("disk is full")
	}
	n.told = append(n.told, destinationID)
	n.untold = slices.DeleteFunc(n.untold, func(a delivery.Alert) bool {
		return a.ID == destinationID && a.PausedAt.Equal(pausedAt)
	})
	return nil
}

func (n *notes) isTold(destinationID string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Contains(n.told, destinationID)
}

func (n *notes) add(alerts ...delivery.Alert) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.untold = append(n.untold, alerts...)
}

const pausedID = "018e9d5a-0000-7000-8000-00000000000d"

// paused is an alert of d's guild: nothing is posted to sales any more, which it wants to hear of in channel.
func paused(d *playground.Discord, channel string) delivery.Alert {
	return delivery.Alert{
		Destination: delivery.Destination{
			ID: pausedID, GuildID: d.GuildID(), Kind: delivery.KindChannel,
			ChannelID: d.ChannelID("sales"), Locale: "en-US", Paused: "pause.no_permission",
		},
		PausedAt: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC),
		Channel:  channel,
	}
}

// newTeller is a bot that tells what is in the notes, and its log.
func newTeller(t *testing.T, d *playground.Discord, n *notes) (*bot.Bot, *lines) {
	t.Helper()
	log, out := newLog()
	b := newBot(t, bot.Options{Token: d.Token(), APIURL: "http://discord.local/api/v10", Alerts: n, Log: log})
	b.SetTransport(road{d.Handler(), 0})
	return b, out
}

func TestAlertSaysWhatIsPausedAndWhy(t *testing.T) {
	d, n := newDiscord(t), &notes{}
	n.add(paused(d, d.ChannelID("general")))
	b, _ := newTeller(t, d, n)
	for range 3 {
		if err := b.TellAlerts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	all := d.Messages("general")
	if len(all) != 1 || len(all[0].Embeds) != 1 {
		t.Fatalf("messages: got %+v, want one with one embed", all)
	}
	text := all[0].Embeds[0].Description
	for _, part := range []string{"<#" + d.ChannelID("sales") + ">", locales.For("en-US").T("pause.no_permission")} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	if buttons := all[0].Components[0].Components; len(buttons) != 1 || buttons[0].CustomID != "/resume/"+pausedID {
		t.Errorf("buttons: got %+v", buttons)
	}
	if diff := cmp.Diff([]string{pausedID}, n.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// What becomes of an alert in one round, and in the next when all is well again.
func TestAlertIsTold(t *testing.T) {
	const posting = "POST /channels/{channel_id}/messages"
	tests := map[string]struct {
		channel  string // by name
		before   func(d *playground.Discord)
		alert    func(a *delivery.Alert)
		told     bool
		warned   bool
		mended   func(d *playground.Discord)
		messages int // in the end
	}{
		"at once":            {channel: "general", told: true, messages: 1},
		"without a channel":  {told: true},
		"of itself":          {channel: "sales", told: true},
		"of what is no id":   {channel: "general", told: true, messages: 1, alert: func(a *delivery.Alert) { a.ChannelID = "nonsense" }},
		"in a gone channel":  {channel: "general", told: true, warned: true, before: func(d *playground.Discord) { d.DeleteChannel("general") }},
		"where it may not":   {channel: "general", told: true, warned: true, before: func(d *playground.Discord) { d.SetPermissions("general", 0, playground.SendMessages) }},
		"after an outage":    {channel: "general", before: func(d *playground.Discord) { d.Outage(true) }, mended: func(d *playground.Discord) { d.Outage(false) }, messages: 1},
		"after a lost reply": {channel: "general", before: func(d *playground.Discord) { d.LoseAnswer(posting, 1) }, messages: 1},
		"after a long limit": {channel: "general", before: func(d *playground.Discord) { d.Throttle(posting, 3*time.Minute, "shared", 1) }, messages: 1},
		"after a bad token":  {channel: "general", before: func(d *playground.Discord) { d.FailNext(posting, 401, 0, 1) }, messages: 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, n := newDiscord(t), &notes{}
				alert := paused(d, "")
				if tc.channel != "" {
					alert.Channel = d.ChannelID(tc.channel)
				}
				if tc.alert != nil {
					tc.alert(&alert)
				}
				n.add(alert)
				if tc.before != nil {
					tc.before(d)
				}
				b, log := newTeller(t, d, n)
				if err := b.TellAlerts(t.Context()); err != nil {
					t.Fatal(err)
				}
				if told, warned := n.isTold(pausedID), strings.Contains(log.String(), "alert refused"); told != tc.told || warned != tc.warned {
					t.Errorf("told %v with warning %v, want %v and %v\n%s", told, warned, tc.told, tc.warned, log)
				}
				if tc.mended != nil {
					tc.mended(d)
				}
				<-time.After(4 * time.Minute)
				if err := b.TellAlerts(t.Context()); err != nil {
					t.Fatal(err)
				}
				got := len(d.Messages("general")) + len(d.Messages("sales"))
				if !n.isTold(pausedID) || got != tc.messages {
					t.Errorf("in the end told %v with %d messages, want %d", n.isTold(pausedID), got, tc.messages)
				}
			})
		})
	}
}

// The process ends between the message and the note that it is there.
func TestAlertIsToldOnceDespiteACrash(t *testing.T) {
	d, n := newDiscord(t), &notes{fails: 1}
	n.add(paused(d, d.ChannelID("general")))
	before, _ := newTeller(t, d, n)
	if err := before.TellAlerts(t.Context()); err == nil {
		t.Error("a note that cannot be written is no error")
	}
	after, _ := newTeller(t, d, n)
	if err := after.TellAlerts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(d.Messages("general")); got != 1 || !n.isTold(pausedID) {
		t.Errorf("%d messages, told %v; want one, and told", got, n.isTold(pausedID))
	}
	again := paused(d, d.ChannelID("general"))
	again.PausedAt = again.PausedAt.Add(time.Second)
	n.add(again)
	if err := after.TellAlerts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(d.Messages("general")); got != 2 {
		t.Errorf("%d messages, want a second for the second pause", got)
	}
}

func TestAlertsAreToldSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, n := newDiscord(t), &notes{}
		b, _ := newTeller(t, d, n)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { b.RunAlerts(ctx) })
		pass := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		pass(time.Second)
		n.add(paused(d, d.ChannelID("general")))
		pass(time.Second)
		if n.isTold(pausedID) {
			t.Error("told without being asked")
		}
		b.Alert()
		b.Alert() // nobody waits for it
		pass(time.Second)
		if !n.isTold(pausedID) {
			t.Error("not told although it was asked")
		}
		later := paused(d, "")
		later.ID = "later"
		n.add(later)
		pass(time.Minute)
		if !n.isTold("later") {
			t.Error("not told within a minute")
		}
		cancel()
		running.Wait()
	})
}

// Every language's alert, whatever the reason, is one that Discord takes.
func TestAlertFitsInEveryLanguage(t *testing.T) {
	reasons := []string{
		"channel_gone", "guild_gone", "no_access", "no_permission", "not_text", "forum", "thread_locked", "thread_archived", "refused",
	}
	for _, tag := range locales.Tags() {
		t.Run(tag, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, n := newDiscord(t), &notes{}
				for _, reason := range reasons {
					alert := paused(d, d.ChannelID("general"))
					alert.ID, alert.Locale, alert.Paused = reason, tag, "pause."+reason
					n.add(alert)
				}
				b, log := newTeller(t, d, n)
				for range 3 { // as many as the channel's rate limit may take
					if err := b.TellAlerts(t.Context()); err != nil {
						t.Fatal(err)
					}
					<-time.After(time.Minute)
				}
				all := d.Messages("general")
				if len(all) != len(reasons) {
					t.Fatalf("%d messages, want %d\n%s", len(all), len(reasons), log)
				}
				for i, m := range all {
					if reason := locales.For(tag).T("pause." + reasons[i]); !strings.Contains(m.Embeds[0].Description, reason) {
						t.Errorf("%q lacks %q", m.Embeds[0].Description, reason)
					}
				}
			})
		})
	}
}
