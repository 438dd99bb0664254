package delivery

import (
	"sync"

	"dispatch/filter"
)

// maxFilters is how many expressions are kept ready to be asked.
const maxFilters = 1000

// filters keeps what was read of expressions, by their text.
type filters struct {
	mu    sync.RWMutex
	ready map[string]readFilter
}

type readFilter struct {
	*filter.Filter
	err error // why it could not be read
}

// ask says whether the expression wants the event.
func (f *filters) ask(expression string, scope *filter.Scope) (bool, error) {
	read := f.read(expression)
	if read.err != nil {
		return false, read.err
	}
	return read.Match(scope)
}

func (f *filters) read(expression string) readFilter {
	f.mu.RLock()
	known, ok := f.ready[expression]
	f.mu.RUnlock()
	if ok {
		return known
	}
	var read readFilter
	read.Filter, read.err = filter.Parse(expression)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ready == nil || len(f.ready) >= maxFilters {
		f.ready = make(map[string]readFilter)
	}
	f.ready[expression] = read
	return read
}
