package storage

import (
	"time"

	"dispatch/event"
)

// maxFirst is how many deliveries are claimed together before the worker has asked: as many as it asks for.
const maxFirst = 10

// firsts are the first deliveries of queues that were empty. They will be claimed at once, so what a claim would write is
// written with them: it need not commit again.
type firsts struct {
	windows *windows
	of      map[string]*departure // by destination, in this transaction
}

// departure is what becomes the flight of a queue. One that was not empty has none.
type departure struct {
	idle   bool
	was    string
	ids    []int64
	flight string // once it is written
}

// add adds what was accepted for the destination.
func (f *firsts) add(destinationID string, id event.ID) {
	d := f.of[destinationID]
	if d == nil {
		d = &departure{}
		d.was, d.idle = f.windows.idle(destinationID, time.Now())
		f.of[destinationID] = d
	}
	if d.idle && len(d.ids) < maxFirst {
		d.ids = append(d.ids, int64(id))
	}
}

// pin writes the flights.
func (f *firsts) pin(conn *sqliteConn) error {
	for destinationID, d := range f.of {
		if !d.idle {
			continue
		}
		flight := jsonOf(d.ids)
		n, err := conn.exec(`UPDATE queues SET flight = ? WHERE destination_id = ? AND flight = ?`, flight, destinationID, d.was)
		if err != nil {
			return err
		}
		if n > 0 {
			d.flight = flight
		}
	}
	return nil
}
