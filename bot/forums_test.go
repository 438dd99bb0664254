package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/playground"
)

// posts are the books of forums.
type posts struct {
	of  map[string]string // thread by record
	err error             // of SavePost
}

func (p *posts) Post(_ context.Context, _, record string) (string, error) { return p.of[record], nil }

func (p *posts) SavePost(_ context.Context, _, record, threadID string) error {
	if p.err == nil {
		p.of[record] = threadID
	}
	return p.err
}

func (p *posts) IsPost(_ context.Context, _, threadID string) (bool, error) {
	for _, known := range p.of {
		if known == threadID {
			return true, nil
		}
	}
	return false, nil
}

// toForum are deliveries to a forum of d about the records.
func toForum(d *playground.Discord, records ...string) delivery.Batch {
	batch := batchTo(d.ChannelID("ideas"), 0, len(records))
	batch.Destination.GuildID = d.GuildID()
	for i, record := range records {
		e := &batch.Deliveries[i].Event
		e.ID, e.Type = event.FirstID(time.Now())+event.ID(i), "Opportunity.updated"
		e.Body = fmt.Appendf(nil, `{"record":{"Id":%q,"Name":"Deal *%s*"}}`, record, record)
	}
	return batch
}

// threads are the messages in each thread of the forum, by its name.
func threads(p *posts, d *playground.Discord) map[string]int {
	shown := map[string]int{}
	for record, id := range p.of {
		shown[record] = len(d.Messages(id))
	}
	return shown
}

const opening = "POST /channels/{channel_id}/threads"

func TestForumsGetAPostForEachRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, p := newDiscord(t), &posts{of: map[string]string{}}
		sender, b := newSenderWith(t, d, 0, bot.Options{Posts: p})
		for _, records := range [][]string{{"A", "B", "A"}, {"A", "C"}} {
			for i, o := range sender.Send(t.Context(), toForum(d, records...)) {
				if o.Verdict != delivery.Sent {
					t.Fatalf("outcome %d: %+v", i, o)
				}
			}
			<-time.After(time.Second)
		}
		if diff := cmp.Diff(map[string]int{"A": 3, "B": 1, "C": 1}, threads(p, d)); diff != "" {
			t.Error("messages in posts (-want +got):", diff)
		}
		if n := opened(d, "Opportunity: Deal *A*"); n != 1 {
			t.Errorf("%d posts are called after A, want one", n)
		}
		if b.RateLimited() != 0 {
			t.Errorf("%d requests were refused", b.RateLimited())
		}
	})
}

// opened counts the requests for a post of the name that were granted.
func opened(d *playground.Discord, name string) (n int) {
	for _, r := range d.Requests() {
		if r.Status < 300 && strings.HasSuffix(r.Path, "/threads") && strings.Contains(string(r.Body), fmt.Sprintf("%q", name)) {
			n++
		}
	}
	return n
}

// What goes wrong with a post, and that the event is there once when all is well again.
func TestForumsSurvive(t *testing.T) {
	tests := map[string]struct {
		before func(d *playground.Discord, p *posts)
		want   delivery.Verdict
		mended func(d *playground.Discord, p *posts)
		anew   bool // the process starts anew before the second try
	}{
		"a lost answer": {before: func(d *playground.Discord, _ *posts) { d.LoseAnswer(opening, 1) }, want: delivery.Down},
		"a lost answer, and an end": {
			before: func(d *playground.Discord, _ *posts) { d.LoseAnswer(opening, 1) }, want: delivery.Down, anew: true,
		},
		"an outage": {
			before: func(d *playground.Discord, _ *posts) { d.Outage(true) }, want: delivery.Down,
			mended: func(d *playground.Discord, _ *posts) { d.Outage(false) },
		},
		"books that do not open": {
			before: func(_ *playground.Discord, p *posts) { p.err = errors.New("disk on fire") }, want: delivery.Untried,
			mended: func(_ *playground.Discord, p *posts) { p.err = nil },
		},
		"a tag is required": {
			before: func(d *playground.Discord, _ *posts) { d.SetTags("ideas", true, playground.Tag{Name: "deal"}) }, want: delivery.Pause,
			mended: func(d *playground.Discord, _ *posts) { d.SetTags("ideas", false) },
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, p := newDiscord(t), &posts{of: map[string]string{}}
				sender, _ := newSenderWith(t, d, 0, bot.Options{Posts: p})
				sender.Send(t.Context(), toForum(d, "before")) // so that it knows the forum
				tc.before(d, p)
				batch := toForum(d, "A", "B")
				if got := sender.Send(t.Context(), batch)[0]; got.Verdict != tc.want {
					t.Errorf("outcome %+v, want verdict %v", got, tc.want)
				}
				if tc.mended != nil {
					tc.mended(d, p)
				}
				if tc.anew {
					sender, _ = newSenderWith(t, d, 0, bot.Options{Posts: p})
				}
				<-time.After(time.Minute)
				for i, got := range sender.Send(t.Context(), batch) {
					if got.Verdict != delivery.Sent {
						t.Errorf("afterwards %d: %+v", i, got)
					}
				}
				if diff := cmp.Diff(map[string]int{"before": 1, "A": 1, "B": 1}, threads(p, d)); diff != "" {
					t.Error("messages in posts (-want +got):", diff)
				}
				if n := opened(d, "Opportunity: Deal *A*"); n > 1 {
					t.Errorf("A has %d posts", n)
				}
			})
		})
	}
}

// A post that somebody has closed is left alone; what comes then gets another.
func TestForumsOpenAnotherPost(t *testing.T) {
	tests := map[string]func(d *playground.Discord, thread string){
		"deleted":             func(d *playground.Discord, thread string) { d.DeleteChannel(thread) },
		"locked":              func(d *playground.Discord, thread string) { d.LockThread(thread) },
		"locked and archived": func(d *playground.Discord, thread string) { d.ArchiveThread(thread, true) },
	}
	for name, closeIt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, p := newDiscord(t), &posts{of: map[string]string{}}
				sender, _ := newSenderWith(t, d, 0, bot.Options{Posts: p})
				sender.Send(t.Context(), toForum(d, "A"))
				first := p.of["A"]
				closeIt(d, first)
				if got := sender.Send(t.Context(), toForum(d, "A"))[0]; got.Verdict != delivery.Sent || p.of["A"] == first {
					t.Errorf("outcome %+v in %s, want another than %s", got, p.of["A"], first)
				}
			})
		})
	}
}

// One that was archived only comes back by what is posted.
func TestForumsReopenArchivedPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, p := newDiscord(t), &posts{of: map[string]string{}}
		sender, _ := newSenderWith(t, d, 0, bot.Options{Posts: p})
		sender.Send(t.Context(), toForum(d, "A"))
		d.ArchiveThread(p.of["A"], false)
		sender.Send(t.Context(), toForum(d, "A"))
		if diff := cmp.Diff(map[string]int{"A": 2}, threads(p, d)); diff != "" {
			t.Error("messages in posts (-want +got):", diff)
		}
	})
}
