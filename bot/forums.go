package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/render"
)

// Posts are the posts that records have in forums.
type Posts interface {
	// Post is the thread of a record's post, "" when it has none.
	Post(ctx context.Context, destinationID, record string) (threadID string, err error)
	// SavePost notes the thread of a record's post, and that it was used.
	SavePost(ctx context.Context, destinationID, record, threadID string) error
	// IsPost says whether the thread is the post of some record.
	IsPost(ctx context.Context, destinationID, threadID string) (bool, error)
}

const reasonForum = "pause.forum"

// forums are the channels that take posts instead of messages. Discord does not say which those are until somebody tries.
//
// It knows no nonce for posts. So until it is sure that no post is there whose answer was lost, which it is not after a
// start nor after an answer that did not come, it looks before it opens one.
type forums struct {
	posts Posts

	mu   sync.Mutex
	sure map[snowflake.ID]bool // by channel
}

func newForums(posts Posts) *forums {
	return &forums{posts: posts, sure: make(map[snowflake.ID]bool)}
}

func (f *forums) known(channel snowflake.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, known := f.sure[channel]
	return known
}

// meet makes the channel known as a forum, and says whether it can be posted to.
func (f *forums) meet(channel snowflake.ID) bool {
	if f.posts == nil {
		return false
	}
	f.setSure(channel, false)
	return true
}

func (f *forums) isSure(channel snowflake.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sure[channel]
}

func (f *forums) setSure(channel snowflake.ID, sure bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sure[channel] = sure
}

// closed are the reasons why nobody can write in a post any more. What comes from then on gets another.
var closed = map[string]bool{"pause.channel_gone": true, "pause.thread_locked": true, "pause.thread_archived": true}

// sendPosts shows each delivery in the post of its record, which is opened for the first of them.
func (c *channels) sendPosts(ctx context.Context, forum snowflake.ID, batch delivery.Batch, drawn group) []delivery.Outcome {
	outcomes := make([]delivery.Outcome, len(drawn))
	for i := range drawn {
		some := drawn[i : i+1]
		outcome, err := c.sendPost(ctx, forum, batch, some)
		if err != nil {
			outcome = delivery.Outcome{Verdict: delivery.Untried, Err: err}
		}
		c.count(some, outcome)
		outcomes[i] = outcome
		if outcome.Verdict != delivery.Sent && outcome.Verdict != delivery.Wrong {
			break
		}
	}
	return outcomes
}

func (c *channels) sendPost(ctx context.Context, forum snowflake.ID, batch delivery.Batch, some group) (delivery.Outcome, error) {
	d := batch.Deliveries[some[0].index]
	record, posts := recordOf(d), c.forums.posts
	thread, err := posts.Post(ctx, batch.Destination.ID, record)
	if err != nil {
		return delivery.Outcome{}, fmt.Errorf("find post: %w", err)
	}
	if id, err := snowflake.Parse(thread); err == nil {
		outcome, _ := c.post(ctx, rest.CreateMessage.Compile(nil, id), some.message(batch))
		if outcome.Verdict == delivery.Sent {
			return outcome, posts.SavePost(ctx, batch.Destination.ID, record, thread)
		}
		if !closed[outcome.Reason] {
			return outcome, nil
		}
	}
	outcome, err := c.openPost(ctx, forum, batch, some)
	if err != nil || outcome.Verdict != delivery.Sent {
		return outcome, err
	}
	if err := posts.SavePost(ctx, batch.Destination.ID, record, outcome.Receipt); err != nil {
		c.forums.setSure(forum, false) // next time it is found
		return delivery.Outcome{}, fmt.Errorf("save post: %w", err)
	}
	return outcome, nil
}

// recordOf names what a post is about: the record, or the event itself when it has none.
func recordOf(d delivery.Delivery) string {
	if id := d.Event.Payload().Record.Text("Id"); id != "" {
		return id
	}
	return d.Event.ID.String()
}

// openPost opens a post, or finds the one that was opened before although the answer was lost.
func (c *channels) openPost(ctx context.Context, forum snowflake.ID, batch delivery.Batch, some group) (delivery.Outcome, error) {
	name := render.Subject(batch.Deliveries[some[0].index].Event, locales.For(batch.Destination.Locale))
	if !c.forums.isSure(forum) {
		found, err := c.lostPost(ctx, forum, name, batch)
		if err != nil {
			return delivery.Outcome{}, fmt.Errorf("look for post: %w", err)
		}
		if found != 0 {
			return delivery.Outcome{Verdict: delivery.Sent, Receipt: found.String()}, nil
		}
		c.forums.setSure(forum, true)
	}
	message := some.message(batch)
	message.Nonce, message.EnforceNonce = "", false
	outcome, _ := c.post(ctx, rest.CreateThread.Compile(nil, forum), discord.ThreadChannelPostCreate{Name: name, Message: message})
	if outcome.Verdict == delivery.Down {
		c.forums.setSure(forum, false)
	}
	return outcome, nil
}

// lostPost is an active post of ours in the forum, with the name, that is no record's and was opened after the batch
// began to wait; 0 when there is none.
func (c *channels) lostPost(ctx context.Context, forum snowflake.ID, name string, batch delivery.Batch) (snowflake.ID, error) {
	guild, err := snowflake.Parse(batch.Destination.GuildID)
	if err != nil {
		return 0, fmt.Errorf("read guild id: %w", err)
	}
	var active discord.GuildActiveThreads
	if err := c.rest.Do(rest.GetActiveGuildThreads.Compile(nil, guild), nil, &active, rest.WithCtx(ctx)); err != nil {
		return 0, plain(err, c.token)
	}
	since := batch.Deliveries[0].Event.ID.Time()
	threads := slices.DeleteFunc(active.Threads, func(t discord.GuildThread) bool {
		parent := t.ParentID()
		return parent == nil || *parent != forum || t.OwnerID != c.self || t.Name() != name || t.ID().Time().Before(since)
	})
	slices.SortFunc(threads, func(a, b discord.GuildThread) int { return a.ID().Time().Compare(b.ID().Time()) })
	for _, t := range threads {
		taken, err := c.forums.posts.IsPost(ctx, batch.Destination.ID, t.ID().String())
		if err != nil {
			return 0, err
		}
		if !taken {
			return t.ID(), nil
		}
	}
	return 0, nil
}
