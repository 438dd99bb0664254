package storage

import "sync"

// What a shelf holds before it starts again: enough for every source of a busy server, little enough to bound the
// memory.
const (
	shelfSize  = 10_000  // values
	shelfBytes = 8 << 20 // of values that differ in size
)

// shelf remembers what was loaded until it is cleared. What is not found is not remembered, so asking for
// made-up keys fills nothing.
type shelf[K comparable, V any] struct {
	mu     sync.RWMutex
	values map[K]V
	age    uint64 // how often it was cleared

	sizeOf func(V) int // nil when all are small
	bytes  int
}

// get gives the value of the key, and loads it when it is not there. A value that was loaded while the
// shelf was cleared may be from before: it is returned, as the caller asked before, but not kept.
func (s *shelf[K, V]) get(key K, load func() (V, error)) (V, error) {
	s.mu.RLock()
	value, ok := s.values[key]
	age := s.age
	s.mu.RUnlock()
	if ok {
		return value, nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.age != age {
		return value, nil
	}
	if s.values == nil || len(s.values) >= shelfSize || s.bytes >= shelfBytes {
		s.values, s.bytes = make(map[K]V), 0
	}
	s.values[key] = value
	if s.sizeOf != nil {
		s.bytes += s.sizeOf(value)
	}
	return value, nil
}

// clear drops all values.
func (s *shelf[K, V]) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values, s.bytes = nil, 0
	s.age++
}
