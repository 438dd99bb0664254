package bot

import "time"

// pace keeps the whole bot below so many requests a second, over all routes. A request has one of perSecond slots
// from when it is made until a second after it was answered. Of any perSecond+1 requests that Discord counts within
// one second, the last to be made would have found all slots taken by the others: however long requests travel, that
// cannot happen.
type pace struct {
	perSecond int // 0: no limit
	inFlight  int
	answered  []time.Time // within the last second, oldest first
	blocked   time.Time   // a global 429 forbids any request until then
}

// opens says from when on another request may be made: not after now, later, or whenAnswered.
func (p *pace) opens(now time.Time) time.Time {
	if now.Before(p.blocked) {
		return p.blocked
	}
	if p.perSecond == 0 {
		return now
	}
	for len(p.answered) > 0 && now.Sub(p.answered[0]) > time.Second {
		p.answered = p.answered[1:]
	}
	switch {
	case p.inFlight+len(p.answered) < p.perSecond:
		return now
	case len(p.answered) > 0:
		return p.answered[0].Add(time.Second + time.Nanosecond)
	}
	return whenAnswered
}

func (p *pace) start() { p.inFlight++ }

func (p *pace) land(now time.Time) {
	p.inFlight--
	if p.perSecond > 0 {
		p.answered = append(p.answered, now)
	}
}
