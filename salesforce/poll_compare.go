package salesforce

import (
	"encoding/json"
	"time"

	"github.com/tidwall/gjson"
)

const (
	// overlap is how long a transaction of the org may take from the time that it gives its records to its end.
	overlap = 5 * time.Minute
	// tolerance is how far apart the two times of a record may be that was created just now.
	tolerance = time.Second
)

// record is one as an org answered it.
type record struct {
	ID             string
	Stamp, Created time.Time // Created is zero where the object has no such field
	Deleted        bool
	Raw            json.RawMessage
}

func (r record) seen() Seen { return Seen{ID: r.ID, Stamp: r.Stamp, Deleted: r.Deleted, Copy: r.Raw} }

// news is something that nobody was told yet.
type news struct {
	record
	action string
	old    json.RawMessage // former values of what has others now; nil when none are known
}

// compare tells what the records say that was not told before, and what is to be remembered of them. What was created at since
// or later and was not seen is new. Fields that are volatile say nothing about whether a record was changed.
func compare(seen map[string]Seen, since time.Time, volatile map[string]bool, records []record) (told []news, now []Seen) {
	for _, r := range records {
		before, known := seen[r.ID]
		changed := changedSince(before.Copy, r.Raw)
		if known && before.Deleted == r.Deleted && !r.Stamp.After(before.Stamp) && !matters(changed, volatile) {
			continue
		}
		now = append(now, r.seen())
		switch {
		case r.Deleted && known && before.Deleted: // it goes on being deleted
		case r.Deleted:
			told = append(told, news{record: r, action: "deleted"})
		case !known && r.isNew(since):
			told = append(told, news{record: r, action: "created"})
		default:
			told = append(told, news{record: r, action: "updated", old: oldOf(changed)})
		}
	}
	return told, now
}

// isNew says whether a record that was not seen before was created since, or was never changed.
func (r record) isNew(since time.Time) bool {
	return !r.Created.IsZero() && (!r.Created.Before(since.Add(-tolerance)) || r.Stamp.Sub(r.Created) <= tolerance)
}

// former is a field that has another value now.
type former struct {
	name  string
	value gjson.Result // that it had
}

// changedSince are the fields that both have, with different values. A related record's fields are its own business.
func changedSince(was, is json.RawMessage) []former {
	if len(was) == 0 {
		return nil
	}
	values := make(map[string]gjson.Result)
	gjson.ParseBytes(is).ForEach(func(name, value gjson.Result) bool {
		values[name.Str] = value
		return true
	})
	var changed []former
	gjson.ParseBytes(was).ForEach(func(name, value gjson.Result) bool {
		now, there := values[name.Str]
		if there && !isRelated(value) && !isRelated(now) && !sameValue(value, now) && !bookkeeping[name.Str] {
			changed = append(changed, former{name.Str, value})
		}
		return true
	})
	return changed
}

// bookkeeping are the fields that change with all others.
var bookkeeping = map[string]bool{
	fieldID: true, fieldStamp: true, fieldCreated: true, "LastModifiedDate": true, "LastModifiedById": true, "LastActivityDate": true,
}

func isRelated(value gjson.Result) bool { return value.IsObject() }

// sameValue compares by what is meant: 100 is 100.0.
func sameValue(a, b gjson.Result) bool {
	if a.Type == gjson.Number && b.Type == gjson.Number {
		return a.Raw == b.Raw || a.Num == b.Num
	}
	return a.Type == b.Type && a.String() == b.String()
}

// matters says whether one of the changes is somebody's doing.
func matters(changed []former, volatile map[string]bool) bool {
	for _, f := range changed {
		if !volatile[f.name] {
			return true
		}
	}
	return false
}

// oldOf is the object of the former values, nil when there are none.
func oldOf(changed []former) json.RawMessage {
	if len(changed) == 0 {
		return nil
	}
	old := []byte("{")
	for i, f := range changed {
		if i > 0 {
			old = append(old, ',')
		}
		old = append(append(append(old, jsonText(f.name)...), ':'), f.value.Raw...)
	}
	return append(old, '}')
}

// jsonText is a text as JSON has it.
func jsonText(text string) []byte {
	quoted, _ := json.Marshal(text) // texts can be marshalled
	return quoted
}
