package bot

import "time"

const (
	// resetMargin is added to whatever Discord tells in rounded milliseconds.
	resetMargin = 10 * time.Millisecond
	// sameWindow is how much the end of one window may differ from answer to answer.
	sameWindow = 100 * time.Millisecond
	// leastSpan is the least that a window is taken to last when we cannot know: it is that of messages.
	leastSpan = 5 * time.Second
)

// bucket is one of Discord's: so many requests in a window of time, which begins with its first request.
//
// What is left is never guessed. remaining is the lowest that Discord has told in this window, and whatever is
// in flight may be missing from it. So remaining-inFlight are free for sure, in whatever order the answers
// come; and when all are in, it is exact. A request whose answer is lost stays in flight, so to speak, for as
// long as the window that counted it can last. Windows are told apart by their end on Discord's own clock, which
// a slow answer does not move; when ours is over, we count from the receipt of the answer.
type bucket struct {
	limit     int // a window's requests; 0 as long as it is unknown
	remaining int
	inFlight  int
	lost      []time.Time   // until when each unanswered request may count, the earliest first
	window    time.Time     // the end of the window by Discord's clock
	reset     time.Time     // the same by ours
	span      time.Duration // the longest window seen
	blocked   time.Time     // a 429 forbids any request until then
}

// opens says from when on another request may be made: not after now, later, or whenAnswered.
func (b *bucket) opens(now time.Time) time.Time {
	b.expire(now)
	if now.Before(b.blocked) {
		return b.blocked
	}
	taken, left := b.inFlight+len(b.lost), b.remaining
	reset := b.reset
	if !now.Before(b.reset) {
		left, reset = max(b.limit, 1), whenAnswered
	}
	switch {
	case taken < left:
		return now
	case len(b.lost) > 0 && b.lost[0].Before(reset):
		return b.lost[0]
	}
	return reset
}

// learn takes in the counts of an answer that was received now.
func (b *bucket) learn(said answer, now time.Time) {
	reset := now.Add(said.resetAfter + resetMargin)
	switch {
	case b.isNew(said, now):
		b.remaining, b.reset, b.window = said.remaining, reset, said.window
	case !said.window.IsZero() && said.window.Before(b.window.Add(-sameWindow)):
		return // an answer from a window that is over
	default:
		b.remaining, b.reset = min(b.remaining, said.remaining), latest(b.reset, reset)
	}
	b.limit = said.limit
	b.span = max(b.span, said.resetAfter)
}

// isNew says whether the answer begins a window for us. One that does not name its window is taken for the
// current one's as long as that lasts.
func (b *bucket) isNew(said answer, now time.Time) bool {
	return !now.Before(b.reset) || said.window.After(b.window.Add(sameWindow))
}

// lose takes in that a request was made and nothing was said about it: it may have been counted. As long as
// the bucket is unknown that is left out: its requests go one by one, and the next answer includes this one.
func (b *bucket) lose(now time.Time) {
	if b.limit > 0 {
		b.lost = append(b.lost, now.Add(max(b.span, leastSpan)+resetMargin))
	}
}

// idle says whether forgetting the bucket loses nothing.
func (b *bucket) idle(now time.Time) bool {
	b.expire(now)
	return b.inFlight == 0 && len(b.lost) == 0 && !now.Before(b.reset) && !now.Before(b.blocked)
}

// expire forgets the lost requests that no window can count any more.
func (b *bucket) expire(now time.Time) {
	for len(b.lost) > 0 && !now.Before(b.lost[0]) {
		b.lost = b.lost[1:]
	}
}
