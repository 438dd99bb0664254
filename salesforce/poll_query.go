package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// pageSize is how many records one answer has at most. Salesforce gives no more.
const pageSize = 2000

// smallestPage is the least that Salesforce lets a client ask for.
const smallestPage = 200

// place is where in the order of timestamps and ids reading goes on. The org's own cursors are not used: they do not move with
// records that change, and end.
type place struct {
	stamp time.Time
	after string // the last id that was read of those with the stamp; "": all of them are still to come
}

// literal is a time as queries have it.
func literal(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// upwards asks for what changed at the place and later, oldest first.
func (p fieldPlan) upwards(from place, limit int) string {
	return p.query(from, ">", "", limit)
}

// downwards asks for what changed before the place, newest first; for all when that is the zero place.
func (p fieldPlan) downwards(from place, limit int) string {
	return p.query(from, "<", " DESC", limit)
}

func (p fieldPlan) query(from place, beyond, order string, limit int) string {
	where := ""
	at := literal(from.stamp)
	switch {
	case from.after != "":
		where = fmt.Sprintf(" WHERE SystemModstamp %s %s OR (SystemModstamp = %s AND Id %s '%s')", beyond, at, at, beyond, from.after)
	case !from.stamp.IsZero():
		where = fmt.Sprintf(" WHERE SystemModstamp %s= %s", beyond, at)
	}
	return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY SystemModstamp%s, Id%s LIMIT %d",
		strings.Join(append(p.fields[:len(p.fields):len(p.fields)], p.related...), ", "), p.object, where, order, order, limit)
}

// page is an answer to a query.
type page struct {
	records []record
	more    bool      // there may be others behind them
	at      time.Time // when the org answered, by its own clock; zero when it did not say
}

// last is where reading goes on behind the page.
func (p page) last() place {
	last := p.records[len(p.records)-1]
	return place{last.Stamp, last.ID}
}

// readPage asks for a page. Where its records are too large for us, there are fewer of them.
func readPage(ctx context.Context, org *Org, plan fieldPlan, query func(place, int) string, from place) (page, error) {
	for limit := pageSize; ; limit = max(limit/4, smallestPage) {
		read, err := plan.ask(ctx, org, query(from, limit), limit)
		if err == nil && read.more && read.last() == from {
			return page{}, fmt.Errorf("query %s: %w", plan.object, errStuck)
		}
		if !errors.Is(err, ErrTooLarge) || limit == smallestPage {
			return read, err
		}
	}
}

func (p fieldPlan) ask(ctx context.Context, org *Org, query string, limit int) (page, error) {
	answer, err := org.Do(ctx, Request{
		Method: http.MethodGet, Path: p.resource, Query: url.Values{"q": {query}},
		Header: http.Header{"Sforce-Query-Options": {fmt.Sprintf("batchSize=%d", max(limit, smallestPage))}},
	})
	if err != nil {
		return page{}, fmt.Errorf("query %s: %w", p.object, err)
	}
	var told struct {
		Done    bool              `json:"done"`
		Records []json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(answer.Body, &told); err != nil {
		return page{}, fmt.Errorf("query %s: %w", p.object, err)
	}
	read := page{records: make([]record, len(told.Records)), more: len(told.Records) > 0 && (!told.Done || len(told.Records) >= limit)}
	for i, raw := range told.Records {
		if read.records[i], err = readRecord(raw); err != nil {
			return page{}, fmt.Errorf("query %s: %w", p.object, err)
		}
	}
	read.at, _ = http.ParseTime(answer.Header.Get("Date")) // else it is not known
	return read, nil
}

var (
	recordID = regexp.MustCompile(`^[A-Za-z0-9]{15,18}$`)
	// errRecord is for what cannot be a record that was asked for.
	errRecord = errors.New("the org answered a record without an id or a timestamp")
	// errStuck is for an org that does not look at where reading goes on.
	errStuck = errors.New("the org answered the same records again")
)

func readRecord(raw json.RawMessage) (record, error) {
	fields := gjson.GetManyBytes(raw, fieldID, fieldStamp, fieldCreated, fieldDeleted)
	r := record{ID: fields[0].Str, Stamp: timestamp(fields[1].Str), Created: timestamp(fields[2].Str), Deleted: fields[3].Bool(), Raw: raw}
	if !recordID.MatchString(r.ID) || r.Stamp.IsZero() {
		return record{}, errRecord
	}
	return r, nil
}

// timestamp reads a time as orgs write it; the zero time is for what is none.
func timestamp(text string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05.000-0700", time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
