package render

import (
	"errors"
	"strings"
)

// errEnough ends going through a list before its end.
var errEnough = errors.New("enough")

func indexed(r *run, args []value) (value, error) {
	v := args[0]
	for _, key := range args[1:] {
		var err error
		if v, err = r.at(v, key); err != nil {
			return none, err
		}
	}
	return v, nil
}

// at is what stands at a place of a list, or under a name of an object; nothing when there is no such place.
func (r *run) at(v, key value) (value, error) {
	if v.kind != kindList {
		return r.path(v, []string{key.text})
	}
	i, ok := key.whole()
	if !ok {
		return none, nil
	}
	items, err := r.items(v, i, i+1)
	if err != nil || len(items) == 0 {
		return none, err
	}
	return items[0], nil
}

// items are those of the list from one place to before another.
func (r *run) items(list value, from, to int) ([]value, error) {
	var items []value
	i := 0
	if from < 0 || from >= to {
		return nil, nil
	}
	err := r.each(list, func(_, item value) error {
		if i >= to {
			return errEnough
		}
		if i >= from {
			items = append(items, item)
			if err := r.make(sizeOfValue); err != nil {
				return err
			}
		}
		i++
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return items, err
}

// sliced is a part of a list, or of a text by its characters, from one place to before another.
func sliced(r *run, args []value) (value, error) {
	from, to := 0, maxTaken
	for i, at := range []*int{&from, &to} {
		if i+1 < len(args) {
			n, ok := args[i+1].whole()
			if !ok {
				return none, errors.New("slice is given numbers, from where to before where")
			}
			*at = max(n, 0)
		}
	}
	v := args[0]
	if v.kind == kindList {
		items, err := r.items(v, from, to)
		return listValue(items), err
	}
	if !v.isScalar() {
		return none, errors.New("only a list or a text can be sliced")
	}
	text, err := r.take(v)
	if err != nil {
		return none, err
	}
	i := 0
	var b strings.Builder
	for _, c := range text {
		if from <= i && i < to {
			b.WriteRune(c)
		}
		i++
	}
	return r.made(b.String(), v.own)
}
