package storage

import "sync"

// shelfSize is how many values a shelf holds before it starts again: enough for every source of a busy
// server, little enough to bound the memory.
const shelfSize = 10_000

// shelf remembers what was loaded until it is cleared. What is not found is not remembered, so asking for
// made-up keys fills nothing.
type shelf[K comparable, V any] struct {
	mu     sync.RWMutex
	values map[K]V
	age    uint64 // how often it was cleared
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
	if s.values == nil || len(s.values) >= shelfSize {
		s.values = make(map[K]V)
	}
	s.values[key] = value
	return value, nil
}

// clear drops all values.
func (s *shelf[K, V]) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = nil
	s.age++
}
