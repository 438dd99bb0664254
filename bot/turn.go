package bot

import "dispatch/delivery"

// turn is the way of a batch through its messages. When Discord does not take a message for what is in it, the bad
// ones are found and the others go without them.
//
// Which message comes next depends on nothing but what is left and on what Discord refuses. So after a turn that broke
// off anywhere, the next one, with what is pending of the same batch, comes by the same message again; and Discord
// knows it by its nonce should it have been posted.
type turn struct {
	left     group              // from the first that nothing became of yet; those found bad leave their place empty
	suspects int                // Discord refuses something among so many of those left; 0: nothing that is known of
	seen     int                // so many of the batch were in a message, alone or not
	outcomes []delivery.Outcome // of the batch
}

// newTurn begins with the batch as it was drawn.
func newTurn(drawn group) *turn {
	return &turn{left: drawn, outcomes: make([]delivery.Outcome, len(drawn))}
}

// next is what the next message holds. It does not ask Discord what is known already: with all suspects in it, a
// message would be refused like the one before. That goes for what Discord has seen; what is new may be worse.
func (t *turn) next() group {
	some := t.untried(t.left.head())
	if last := some[len(some)-1].index; last >= t.seen {
		t.seen = last + 1
		return some
	}
	for t.suspects > 0 && len(some) >= t.suspects && len(some) > 1 {
		some = some[:len(some)/2]
	}
	return some
}

// done notes what became of a message, and says whether there is another to post. named are the embeds that Discord
// finds fault with.
func (t *turn) done(some group, outcome delivery.Outcome, named []int) bool {
	bad := some.at(named)
	switch wrong := outcome.Verdict == delivery.Wrong; {
	case wrong && len(some) > 1 && len(bad) == 0: // Discord does not say which
		t.suspects = len(some)
	case wrong && len(some) > 1:
		bad.note(outcome, t.outcomes)
		t.suspects = 0
	case wrong: // there may be more among those who were suspected with it, or not
		some.note(outcome, t.outcomes)
		t.suspects = 0
	default:
		some.note(outcome, t.outcomes)
		t.suspects = max(0, t.suspects-len(some))
		if outcome.Verdict != delivery.Sent {
			return false
		}
	}
	for len(t.left) > 0 && t.outcomes[t.left[0].index].Verdict != delivery.Untried {
		t.left = t.left[1:]
	}
	return len(t.left) > 0
}

// untried are the pieces of which nothing became yet.
func (t *turn) untried(some group) group {
	var found group
	for _, p := range some {
		if t.outcomes[p.index].Verdict == delivery.Untried {
			found = append(found, p)
		}
	}
	return found
}
