package event

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ID numbers an event in the order of acceptance: milliseconds since 1970 in the upper bits, a sequence
// in the lower 20. People see it as a UUIDv7, which is computed from the number and read back, not stored.
type ID int64

// SequenceBits is how many low bits of an ID count within one millisecond.
const SequenceBits = 20

// FirstID is the smallest ID that an event accepted at t can have.
func FirstID(t time.Time) ID { return ID(t.UnixMilli() << SequenceBits) }

// Time is when the event was accepted, in UTC and whole milliseconds.
func (id ID) Time() time.Time { return time.UnixMilli(int64(id) >> SequenceBits).UTC() }

// UUID is the ID as people see it. Its sequence fills rand_a and the top of rand_b; the rest is a mix of
// the number, so that ids look alike to nobody and a mistyped one is recognized.
func (id ID) UUID() uuid.UUID {
	ms, seq := uint64(id)>>SequenceBits, uint64(id)&(1<<SequenceBits-1)
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], ms<<16|0x7<<12|seq>>8)
	binary.BigEndian.PutUint64(u[8:], 0b10<<62|(seq&0xff)<<54|mix(uint64(id))>>10)
	return u
}

// String is the UUID in its usual form.
func (id ID) String() string { return id.UUID().String() }

// ParseID reads what String wrote. The error says that s is no event id; it carries no more detail.
func ParseID(s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != len(uuid.Nil.String()) {
		return 0, fmt.Errorf("parse event id %q: not a UUID", s)
	}
	hi, lo := binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])
	id := ID(hi>>16<<SequenceBits | (hi&0xfff)<<8 | lo>>54&0xff)
	if id < 0 || id.UUID() != u {
		return 0, fmt.Errorf("parse event id %q: not an event's", s)
	}
	return id, nil
}

// mix is the finalizer of splitmix64: every bit of the input reaches every bit of the output.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
