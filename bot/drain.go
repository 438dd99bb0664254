package bot

import (
	"context"
	"sync"
)

// drain counts what is under way, so that a stop can wait for it. Its zero value is ready; unlike a
// sync.WaitGroup it may be waited for while more begins.
type drain struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when count falls to zero; nil when nobody waits
}

func (d *drain) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
}

func (d *drain) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count--
	if d.count == 0 && d.idle != nil {
		close(d.idle)
		d.idle = nil
	}
}

// wait returns when nothing is under way, or ctx ends.
func (d *drain) wait(ctx context.Context) {
	d.mu.Lock()
	if d.count == 0 {
		d.mu.Unlock()
		return
	}
	if d.idle == nil {
		d.idle = make(chan struct{})
	}
	idle := d.idle
	d.mu.Unlock()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}
