package playground

import (
	"strconv"
	"time"
)

// epoch is the first millisecond of 2015, from which Discord's ids count.
const epoch = 1420070400000

// snowflakes gives ids that carry the time they were given at and always grow.
type snowflakes struct {
	last uint64
}

func (s *snowflakes) next(at time.Time) string {
	id := uint64(at.UnixMilli()-epoch) << 22
	if id <= s.last {
		id = s.last + 1
	}
	s.last = id
	return strconv.FormatUint(id, 10)
}

// older says whether id a was given before id b, which a comparison of the texts would not.
func older(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
