package orgtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Table is an object of the org, and what it has besides the fields that all have: Id, CreatedDate, LastModifiedDate,
// SystemModstamp, IsDeleted.
type Table struct {
	Name      string
	Fields    []Field
	Hidden    []string // of those that all have: it has them not
	Forbidden bool     // for queries
}

// Field is one of them. A reference has the relationship, and the object that it leads to.
type Field struct {
	Name         string   `json:"name"`
	Type         string   `json:"type"` // "": string
	Length       int      `json:"length"`
	Custom       bool     `json:"custom"`
	Calculated   bool     `json:"calculated"`
	HTML         bool     `json:"htmlFormatted"`
	Relationship string   `json:"relationshipName"`
	To           []string `json:"referenceTo"`
}

// Tables are records that can be queried. They keep time by the org's clock, in whole seconds.
type Tables struct {
	org *Org

	mu      sync.Mutex
	tables  map[string]Table // by name in lower case
	rows    []row
	last    int
	most    int // records in one answer
	queried func(query string)
	cursors map[string]cursor
	queries int
}

// row is a record.
type row struct {
	table  string // in lower case
	values map[string]any
}

func (r row) id() string      { return r.values["Id"].(string) }
func (r row) isDeleted() bool { return r.values["IsDeleted"] == true }

// AddTables teaches the org to describe the objects, and to answer queries for their records.
func (o *Org) AddTables(tables ...Table) *Tables {
	t := &Tables{org: o, tables: make(map[string]Table), most: maxBatch, cursors: make(map[string]cursor)}
	for _, one := range tables {
		t.Define(one)
	}
	o.API(http.MethodGet, "sobjects/{object}/describe", t.describe)
	o.API(http.MethodGet, "query", t.answer(false))
	o.API(http.MethodGet, "queryAll", t.answer(true))
	o.API(http.MethodGet, "query/{cursor}", t.goOn)
	o.API(http.MethodGet, "queryAll/{cursor}", t.goOn)
	return t
}

// Define adds an object, or puts it in place of the one that has its name.
func (t *Tables) Define(table Table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []Field{
		{Name: "Id", Type: "id", Length: 18},
		{Name: "CreatedDate", Type: "datetime"},
		{Name: "LastModifiedDate", Type: "datetime"},
		{Name: "SystemModstamp", Type: "datetime"},
		{Name: "IsDeleted", Type: "boolean"},
	}
	all = slices.DeleteFunc(all, func(f Field) bool { return slices.Contains(table.Hidden, f.Name) })
	for _, f := range table.Fields {
		if f.Type == "" {
			f.Type = "string"
		}
		all = append(all, f)
	}
	table.Fields = all
	t.tables[strings.ToLower(table.Name)] = table
}

// SetMost has no answer have more records than that, whatever was asked for.
func (t *Tables) SetMost(records int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.most = records
}

// OnQuery has the function hear of each query before it is answered.
func (t *Tables) OnQuery(hear func(query string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queried = hear
}

// Insert makes a record and gives its id.
func (t *Tables) Insert(object string, values map[string]any) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	id := fmt.Sprintf("0064x%010dAAA", t.last)
	now := t.now()
	fresh := row{strings.ToLower(object), map[string]any{"Id": id, "CreatedDate": now, "IsDeleted": false}}
	t.rows = append(t.rows, fresh)
	fresh.change(now, values)
	return id
}

// Update changes a record.
func (t *Tables) Update(id string, values map[string]any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.rows {
		if r.id() == id {
			r.change(t.now(), values)
		}
	}
}

// Delete moves a record into the recycle bin.
func (t *Tables) Delete(id string) { t.Update(id, map[string]any{"IsDeleted": true}) }

// Undelete takes it out again.
func (t *Tables) Undelete(id string) { t.Update(id, map[string]any{"IsDeleted": false}) }

// Purge empties the recycle bin.
func (t *Tables) Purge() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = slices.DeleteFunc(t.rows, row.isDeleted)
}

// Queries is how many queries were answered.
func (t *Tables) Queries() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.queries
}

func (t *Tables) now() time.Time { return t.org.opts.Now().UTC().Truncate(time.Second) }

func (r row) change(now time.Time, values map[string]any) {
	maps.Copy(r.values, values)
	r.values["LastModifiedDate"], r.values["SystemModstamp"] = now, now
}

// field is the one of the name, in whatever case.
func (t Table) field(name string) (Field, bool) {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return Field{}, false
	}
	return t.Fields[i], true
}

func (t *Tables) describe(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	table, known := t.tables[strings.ToLower(r.PathValue("object"))]
	if !known {
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		return
	}
	Answer(w, http.StatusOK, map[string]any{"name": table.Name, "queryable": !table.Forbidden, "fields": table.Fields})
}
