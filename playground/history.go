package playground

import "slices"

// last returns the newest of some things, n at most.
func last[T any](all []T, n int) []T { return all[max(0, len(all)-n):] }

// capped forgets the oldest of some things so that at least n stay, and less than twice as many. It does so
// now and then, since each time moves all that stay.
func capped[T any](all []T, n int) []T {
	if len(all) < 2*n {
		return all
	}
	return slices.Clone(last(all, n))
}
