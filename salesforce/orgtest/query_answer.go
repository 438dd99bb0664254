package orgtest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxBatch   = 2000 // records in one answer
	minBatch   = 200
	maxAddress = 16 << 10 // bytes
)

// cursor is the rest of a query's result: which records, not what they are.
type cursor struct {
	query query
	ids   []string
}

// queryFault is a refusal of a query.
type queryFault struct{ code, message string }

func (t *Tables) answer(all bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text := r.URL.Query().Get("q")
		if len(r.URL.RequestURI()) > maxAddress {
			w.WriteHeader(http.StatusRequestURITooLong)
			return
		}
		t.mu.Lock()
		hear := t.queried
		t.mu.Unlock()
		if hear != nil {
			hear(text)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.queries++
		parsed, fault := parseQuery(text)
		if fault == nil {
			fault = t.check(parsed)
		}
		if fault != nil {
			Refuse(w, http.StatusBadRequest, fault.code, fault.message)
			return
		}
		t.write(w, r, parsed, t.find(parsed, all))
	}
}

// goOn answers with what a cursor has left.
func (t *Tables) goOn(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, known := t.cursors[r.PathValue("cursor")]
	if !known {
		Refuse(w, http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		return
	}
	t.write(w, r, c.query, c.ids)
}

// check wants the object and all fields to be there.
func (t *Tables) check(q query) *queryFault {
	table, known := t.tables[strings.ToLower(q.from)]
	if !known || table.Forbidden {
		return &queryFault{"INVALID_TYPE", "sObject type '" + q.from + "' is not supported."}
	}
	for _, name := range slices.Concat(q.fields, q.where.names(), q.orderNames()) {
		if relation, of, related := strings.Cut(name, "."); related && (t.related(table, relation) == nil || of != "Name") {
			return &queryFault{"INVALID_FIELD", "Didn't understand relationship '" + relation + "' in field path."}
		} else if _, known := table.field(name); !related && !known {
			return &queryFault{"INVALID_FIELD", "No such column '" + name + "' on entity '" + table.Name + "'."}
		}
	}
	return q.where.check(table)
}

// related is the field that has the relationship.
func (t *Tables) related(table Table, relation string) *Field {
	for _, f := range table.Fields {
		if f.Relationship != "" && strings.EqualFold(f.Relationship, relation) {
			return &f
		}
	}
	return nil
}

// find gives the ids of what the query is for.
func (t *Tables) find(q query, all bool) []string {
	var found []row
	for _, r := range t.rows {
		if r.table == strings.ToLower(q.from) && (all || !r.isDeleted()) && q.where.takes(r) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b row) int {
		for _, o := range q.order {
			if n := compareValues(a.values[o.name], b.values[o.name]); n != 0 {
				return n * o.sign
			}
		}
		return 0
	})
	if q.limit > 0 && len(found) > q.limit {
		found = found[:q.limit]
	}
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.id()
	}
	return ids
}

var batchSize = regexp.MustCompile(`batchSize=(\d+)`)

// write answers with the first of the records, as they are now.
func (t *Tables) write(w http.ResponseWriter, r *http.Request, q query, ids []string) {
	most := maxBatch
	if asked := batchSize.FindStringSubmatch(r.Header.Get("Sforce-Query-Options")); asked != nil {
		most, _ = strconv.Atoi(asked[1])
		most = max(min(most, maxBatch), minBatch)
	}
	byID := make(map[string]row, len(t.rows))
	for _, one := range t.rows {
		byID[one.id()] = one
	}
	now := ids[:min(len(ids), most, t.most)]
	records := make([]map[string]any, 0, len(now))
	for _, id := range now {
		if one, there := byID[id]; there { // else it was purged meanwhile
			records = append(records, t.shown(r, q, one, byID))
		}
	}
	told := map[string]any{"totalSize": len(ids), "done": len(now) == len(ids), "records": records}
	if rest := ids[len(now):]; len(rest) > 0 {
		name := fmt.Sprintf("01g%s-%d", random("", 8), len(now))
		t.cursors[name] = cursor{q, rest}
		told["nextRecordsUrl"] = "/services/data/" + r.PathValue("version") + "/query/" + name
	}
	w.Header().Set("Date", t.org.opts.Now().UTC().Format(http.TimeFormat))
	Answer(w, http.StatusOK, told)
}

func (t *Tables) shown(r *http.Request, q query, one row, byID map[string]row) map[string]any {
	table := t.tables[one.table]
	attributes := func(object, id string) map[string]string {
		return map[string]string{"type": object, "url": "/services/data/" + r.PathValue("version") + "/sobjects/" + object + "/" + id}
	}
	shown := map[string]any{"attributes": attributes(table.Name, one.id())}
	for _, name := range q.fields {
		relation, _, related := strings.Cut(name, ".")
		if !related {
			shown[name] = written(one.values[name])
			continue
		}
		shown[relation] = nil
		id, _ := one.values[t.related(table, relation).Name].(string)
		if other, there := byID[id]; there {
			shown[relation] = map[string]any{"attributes": attributes(t.tables[other.table].Name, id), "Name": other.values["Name"]}
		}
	}
	return shown
}

// written is a value as the REST API writes it.
func written(value any) any {
	if at, is := value.(time.Time); is {
		return at.UTC().Format("2006-01-02T15:04:05.000-0700")
	}
	return value
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case time.Time:
		b, _ := b.(time.Time)
		return a.Compare(b)
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}
