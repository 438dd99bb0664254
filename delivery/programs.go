package delivery

import (
	"context"

	"dispatch/transform"
)

// Programs are transforms, ready to run. The zero value is ready to use.
type Programs struct {
	ready Editions[*transform.Transform]
}

// Apply is the body as the transform reshapes it. Its error is a *transform.Error, or that of ctx.
func (p *Programs) Apply(ctx context.Context, t *Transform, body []byte) ([]byte, error) {
	program, err := p.ready.Get(t.ID, t.Version, func() (*transform.Transform, error) { return transform.Parse(t.Program) })
	if err != nil {
		return nil, err
	}
	return program.Apply(ctx, body)
}
