package storage

import (
	"dispatch/event"
)

// sealedBody is the body as it is stored: sealed as a whole where it is known to hold secrets, else as it came.
func (v vault) sealedBody(e *event.Event, id event.ID) []byte {
	if !e.HoldsSecrets() {
		return e.Body
	}
	return v.seal(e.Body, bodyPlace(id))
}

// openBody undoes sealedBody in an event that was read. What begins a sealed body begins no JSON.
func (v vault) openBody(e *event.Event) error {
	if len(e.Body) == 0 || e.Body[0] != sealedV1 {
		return nil
	}
	plain, err := v.open(e.Body, bodyPlace(e.ID))
	if err != nil {
		return err
	}
	e.Body = plain
	return nil
}

func bodyPlace(id event.ID) string { return "events.body/" + id.String() }
