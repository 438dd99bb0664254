package bot

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is how long to wait between tries: it doubles from first to most, stretched by up to a quarter at random.
type backoff struct {
	first, most time.Duration
	tries       int
}

// patient is for what hangs on a service that is down: from a second to a minute.
func patient() *backoff { return &backoff{first: time.Second, most: time.Minute} }

// next is the wait before the next try.
func (b *backoff) next() time.Duration {
	delay := b.first
	for range b.tries {
		if delay *= 2; delay >= b.most {
			delay = b.most
			break
		}
	}
	b.tries++
	return min(delay+rand.N(delay/4), b.most)
}

// sleep waits for d, or returns ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
