package salesforce

import (
	"sync"
	"time"
)

// journey is a deployment under way. One goroutine takes it on, others look.
type journey struct {
	mu      sync.Mutex
	now     Deployment
	changed chan struct{} // closed when now is not as it was
	ended   bool          // nobody takes it on any more
	called  chan struct{} // holds one when it was called off just now

	// What only the one who takes it on knows.
	saved     milestone // what is written down
	looks     int       // how often the org was asked about the request
	troubled  time.Time // since when there is nothing but trouble; zero when there is none
	calledOff bool      // the org was told
}

func newJourney(d Deployment) *journey {
	return &journey{now: d, saved: milestoneOf(d), changed: make(chan struct{}), called: make(chan struct{}, 1)}
}

// look is how far it is, what tells of the next change, and whether there will be none.
func (j *journey) look() (now Deployment, changed <-chan struct{}, last bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now = j.now
	now.Cargo = Cargo{} // nobody else's
	return now, j.changed, j.ended
}

func (j *journey) state() Deployment {
	now, _, _ := j.look()
	return now
}

// whole is the state with its cargo.
func (j *journey) whole() Deployment {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.now
}

// move makes now the state; that it was called off meanwhile stays.
func (j *journey) move(now Deployment) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now.Cancelled = now.Cancelled || j.now.Cancelled
	j.now = now
	j.tell()
}

// end tells those who look that there is nothing more to come.
func (j *journey) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ended = true
	j.now.Cargo = Cargo{}
	j.tell()
}

// tell wakes who waits for a change. The caller holds the lock.
func (j *journey) tell() {
	close(j.changed)
	j.changed = make(chan struct{})
}

// callOff asks for the end, and says whether there is anything to end.
func (j *journey) callOff() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.now.Phase.Over() {
		return false
	}
	j.now.Cancelled = true
	j.tell()
	select {
	case j.called <- struct{}{}:
	default: // it knows already
	}
	return true
}
