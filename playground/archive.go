package playground

import (
	"net/http"
	"slices"
	"time"
)

// maxActive is how many threads of a guild can be active at once.
const maxActive = 1000

// ArchiveThread archives a thread, given by name or id. Writing in it brings it back, unless it is locked.
func (d *Discord) ArchiveThread(thread string, locked bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.channelNamed(thread); ch != nil && ch.isThread() {
		ch.thread.locked = locked
		d.archive(ch, true)
	}
}

// LockThread locks a thread, given by name or id, and leaves it active. Only who manages threads can write in it.
func (d *Discord) LockThread(thread string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.channelNamed(thread); ch != nil && ch.isThread() {
		ch.thread.locked = true
		d.channelChanged(ch)
	}
}

// archive archives a thread, or brings it back. The caller holds the lock.
func (d *Discord) archive(ch *channel, archived bool) {
	ch.thread.archived, ch.thread.turned = archived, d.now().UTC()
	if !archived {
		ch.thread.active = ch.thread.turned
	}
	d.channelChanged(ch)
}

// expire archives a thread in which nothing was said for as long as it stays. The caller holds the lock.
func (d *Discord) expire(ch *channel) {
	t := &ch.thread
	if ch.isThread() && !t.archived && d.now().Sub(t.active) >= time.Duration(t.stays)*time.Minute {
		d.archive(ch, true)
	}
}

// actives returns the active threads of a guild. The caller holds the lock.
func (d *Discord) actives(g *guild) []*channel {
	var all []*channel
	for _, ch := range g.channels {
		if d.expire(ch); ch.isThread() && !ch.thread.archived {
			all = append(all, ch)
		}
	}
	return all
}

// crowded says whether a guild has room for no other active thread. The caller holds the lock.
func (d *Discord) crowded(g *guild) bool { return len(d.actives(g)) >= maxActive }

// reopenable says whether somebody may write in a thread that is archived or locked, or why not.
// See https://discord.com/developers/docs/topics/threads#locked-threads.
func (d *Discord) reopenable(ch *channel, p Permissions) error {
	t := &ch.thread
	switch locked := t.locked && !p.Has(ManageThreads); {
	case locked && t.archived:
		return errThreadArchived
	case locked:
		return errThreadLocked
	case t.archived && d.crowded(ch.guild):
		return errTooManyThreads
	}
	return nil
}

// getActiveThreads returns the active threads of a guild that the bot sees, the newest first. It is a member of those it
// began.
func (d *Discord) getActiveThreads(c *call) (int, any, error) {
	g, err := d.guild(c.PathValue("guild_id"))
	if err != nil {
		return 0, nil, err
	}
	threads, members := []any{}, []any{}
	all := d.actives(g)
	slices.SortFunc(all, func(a, b *channel) int {
		if older(a.id, b.id) {
			return 1
		}
		return -1
	})
	for _, ch := range all {
		if !ch.permissions(d.bot.ID).Has(ViewChannel) {
			continue
		}
		threads = append(threads, ch.object())
		if t := ch.thread; t.owner == d.bot.ID {
			members = append(members, map[string]any{"id": ch.id, "user_id": d.bot.ID, "join_timestamp": t.born, "flags": 1})
		}
	}
	return http.StatusOK, map[string]any{"threads": threads, "members": members}, nil
}
