package storage

import (
	"context"

	"dispatch/delivery"
)

// LookOf tells what a link does to an event on its way. One that is gone does nothing to it. The Failing of its template
// is not told here.
func (db *DB) LookOf(ctx context.Context, linkID string) (delivery.Look, error) {
	return db.looks.get(linkID, func() (delivery.Look, error) {
		look, err := lookOf(ctx, db.readers, linkID)
		return look, db.fail("find look of link", err)
	})
}

func lookOf(ctx context.Context, q querier, linkID string) (look delivery.Look, err error) {
	templates, err := list(ctx, q, scanTemplate, `
		SELECT `+templateColumns+` FROM links l JOIN templates t ON t.id = l.template_id WHERE l.id = ?`, linkID)
	if err != nil {
		return look, err
	}
	for i := range templates { // one at most
		look.Template = &templates[i]
		look.Template.Failing = nil // it changes without the link being looked up again
	}
	transforms, err := list(ctx, q, scanTransform, `
		SELECT `+transformColumns+` FROM links l JOIN transforms x ON x.id = l.transform_id WHERE l.id = ?`, linkID)
	for i := range transforms {
		look.Transform = &transforms[i]
	}
	return look, err
}

// sizeOfLook is about how much memory one takes.
func sizeOfLook(look delivery.Look) int {
	size := 0
	if look.Template != nil {
		size += len(look.Template.Text)
	}
	if look.Transform != nil {
		size += len(look.Transform.Program)
	}
	return size
}
