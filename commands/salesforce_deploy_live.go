package commands

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/rest"
)

// lively is how long an answer can be changed: Discord grants fifteen minutes after the question, of which the first answer
// may have taken some.
const lively = 14 * time.Minute

// live goes on after its reply was given: it may edit that, and add others. It ends when ctx does.
type live func(ctx context.Context, edit, add func(reply))

// keepUp lets a reply go on. What does not reach Discord any more, because somebody has closed it, is nobody's loss.
func (d *desk) keepUp(ctx context.Context, c *call, going live) error {
	ctx, cancel := context.WithTimeout(ctx, lively)
	defer cancel()
	put := func(send func(...rest.RequestOpt) error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
		defer cancel()
		if err := send(rest.WithCtx(ctx)); err != nil {
			d.logOf(c).WithField(keyErr, withoutToken(err)).Warn("answer not kept up")
		}
	}
	edit := func(r reply) {
		put(func(opts ...rest.RequestOpt) error {
			_, err := c.client.Rest.UpdateInteractionResponse(c.ApplicationID(), c.Token(), r.update(c.say()), opts...)
			return err
		})
	}
	add := func(r reply) {
		put(func(opts ...rest.RequestOpt) error {
			_, err := c.client.Rest.CreateFollowupMessage(c.ApplicationID(), c.Token(), r.message(c.say()), opts...)
			return err
		})
	}
	_, err := guarded(ctx, func(ctx context.Context) (struct{}, error) {
		going(ctx, edit, add)
		return struct{}{}, nil
	})
	return err
}
