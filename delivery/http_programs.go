package delivery

import (
	"context"
	"sync"

	"dispatch/transform"
)

// maxPrograms is how many transforms are kept ready to run.
const maxPrograms = 1000

// programs keeps what was read of transforms until they change.
type programs struct {
	mu    sync.Mutex
	ready map[string]program // by the transform's id
}

type program struct {
	version int
	run     *transform.Transform
	err     error // why it could not be read
}

// apply is the body as the transform reshapes it.
func (p *programs) apply(ctx context.Context, t *Transform, body []byte) ([]byte, error) {
	ready := p.get(t)
	if ready.err != nil {
		return nil, ready.err
	}
	return ready.run.Apply(ctx, body)
}

func (p *programs) get(t *Transform) program {
	p.mu.Lock()
	known, ok := p.ready[t.ID]
	p.mu.Unlock()
	if ok && known.version == t.Version {
		return known
	}
	read := program{version: t.Version}
	read.run, read.err = transform.Parse(t.Program)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready == nil || len(p.ready) >= maxPrograms {
		p.ready = map[string]program{}
	}
	p.ready[t.ID] = read
	return read
}
