package orgtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Records are what the org has of some objects. Their names are Salesforce's, in any case.
type Records struct {
	fields map[string][]string // of each object, by its name in lower case

	mu   sync.Mutex
	all  map[string]map[string]any // by id
	last int
}

// idSuffix makes ids of objects end as those of accounts do in documents.
const idSuffix = "AA0"

// AddRecords teaches the org to keep records of the objects: their names, and which fields they have besides Id.
func (o *Org) AddRecords(objects map[string][]string) *Records {
	r := &Records{fields: make(map[string][]string), all: make(map[string]map[string]any)}
	for name, fields := range objects {
		r.fields[strings.ToLower(name)] = append([]string{"Id"}, fields...)
	}
	o.API(http.MethodPost, "sobjects/{object}", r.create)
	o.API(http.MethodGet, "sobjects/{object}/{id}", r.show)
	o.API(http.MethodPatch, "sobjects/{object}/{id}", r.update)
	o.API(http.MethodDelete, "sobjects/{object}/{id}", r.remove)
	return r
}

// Put keeps a record under the id.
func (r *Records) Put(id string, record map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[id] = maps.Clone(record)
	r.all[id]["Id"] = id
}

// Get is the record of the id, nil when there is none.
func (r *Records) Get(id string) map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.all[id])
}

// Len is how many records there are.
func (r *Records) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all)
}

func (r *Records) create(w http.ResponseWriter, request *http.Request) {
	record, ok := r.read(w, request)
	if !ok {
		return
	}
	if record["Name"] == nil {
		Refuse(w, http.StatusBadRequest, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]")
		return
	}
	r.mu.Lock()
	r.last++
	id := fmt.Sprintf("0014x%010d%s", r.last, idSuffix)
	r.mu.Unlock()
	r.Put(id, record)
	Answer(w, http.StatusCreated, map[string]any{"id": id, "success": true, "errors": []any{}})
}

func (r *Records) show(w http.ResponseWriter, request *http.Request) {
	record := r.find(w, request)
	if record == nil {
		return
	}
	wanted := r.fields[strings.ToLower(request.PathValue("object"))]
	if asked := request.URL.Query().Get("fields"); asked != "" {
		wanted = append(strings.Split(asked, ","), "Id")
	}
	shown := map[string]any{"attributes": map[string]any{"type": request.PathValue("object"), "url": request.URL.Path}}
	for _, name := range wanted {
		if !r.knows(w, request, name) {
			return
		}
		shown[name] = record[name]
	}
	Answer(w, http.StatusOK, shown)
}

func (r *Records) update(w http.ResponseWriter, request *http.Request) {
	if r.find(w, request) == nil {
		return
	}
	changes, ok := r.read(w, request)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.Copy(r.all[request.PathValue("id")], changes)
	w.WriteHeader(http.StatusNoContent)
}

func (r *Records) remove(w http.ResponseWriter, request *http.Request) {
	if r.find(w, request) == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, request.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

// find is the record that is asked for, or answers that there is none.
func (r *Records) find(w http.ResponseWriter, request *http.Request) map[string]any {
	record := r.Get(request.PathValue("id"))
	if _, known := r.fields[strings.ToLower(request.PathValue("object"))]; !known || record == nil {
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		return nil
	}
	return record
}

// read reads a record from the body, which has to be JSON and to have no other fields than the object.
func (r *Records) read(w http.ResponseWriter, request *http.Request) (map[string]any, bool) {
	if _, known := r.fields[strings.ToLower(request.PathValue("object"))]; !known {
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		return nil, false
	}
	if media, _, _ := strings.Cut(request.Header.Get("Content-Type"), ";"); media != "application/json" {
		Refuse(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Content type not supported")
		return nil, false
	}
	var record map[string]any
	if err := json.NewDecoder(request.Body).Decode(&record); err != nil {
		Refuse(w, http.StatusBadRequest, "JSON_PARSER_ERROR", err.Error())
		return nil, false
	}
	for name := range record {
		if !r.knows(w, request, name) {
			return nil, false
		}
	}
	return record, true
}

// knows says whether the object has the field, or answers that it has not.
func (r *Records) knows(w http.ResponseWriter, request *http.Request, field string) bool {
	object := request.PathValue("object")
	if slices.Contains(r.fields[strings.ToLower(object)], field) {
		return true
	}
	Refuse(w, http.StatusBadRequest, "INVALID_FIELD", "No such column '"+field+"' on sobject of type "+object)
	return false
}
