package delivery

import "sync"

// maxEditions is how many texts are kept ready.
const maxEditions = 1000

// Editions keeps what was read from texts, such as templates, until they change. The zero value is ready to use.
type Editions[T any] struct {
	mu    sync.RWMutex
	ready map[string]edition[T] // by id
}

type edition[T any] struct {
	version int
	value   T
	err     error // why it could not be read
}

// Get reads the text with the id, unless it has read this version of it before.
func (e *Editions[T]) Get(id string, version int, read func() (T, error)) (T, error) {
	e.mu.RLock()
	known, ok := e.ready[id]
	e.mu.RUnlock()
	if ok && known.version == version {
		return known.value, known.err
	}
	value, err := read()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ready == nil || len(e.ready) >= maxEditions {
		e.ready = make(map[string]edition[T])
	}
	e.ready[id] = edition[T]{version, value, err}
	return value, err
}
