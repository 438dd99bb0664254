package delivery

import "dispatch/filter"

// filters are expressions, ready to be asked. What they are called by is their text, which never changes.
type filters struct {
	ready Editions[*filter.Filter]
}

// ask says whether the expression wants the event.
func (f *filters) ask(expression string, scope *filter.Scope) (bool, error) {
	read, err := f.ready.Get(expression, 0, func() (*filter.Filter, error) { return filter.Parse(expression) })
	if err != nil {
		return false, err
	}
	return read.Match(scope)
}
