package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Fields that every record has, or nearly every.
const (
	fieldID      = "Id"
	fieldStamp   = "SystemModstamp"
	fieldCreated = "CreatedDate"
	fieldDeleted = "IsDeleted"
)

const (
	// maxFieldList is how many characters the names of an object's fields may have: an address has 16 KB at most.
	maxFieldList = 10_000
	maxFields    = 250
	maxRelated   = 15     // records whose name is asked for, too
	maxFieldText = 32_768 // characters of a field; longer ones are left out
)

// fieldPlan is how an object is asked for.
type fieldPlan struct {
	object   string // as the org spells it
	resource string // of the REST API: queryAll has deleted records, too
	fields   []string
	related  []string // such as Account.Name
	volatile map[string]bool
	until    time.Time // how long we believe it
}

// description is what an org says of an object.
type description struct {
	Name      string      `json:"name"`
	Queryable bool        `json:"queryable"`
	Fields    []describes `json:"fields"`
}

// describes is what it says of a field.
type describes struct {
	Name         string   `json:"name"`
	Type         string   `json:"type"`
	Length       int      `json:"length"`
	Custom       bool     `json:"custom"`
	Calculated   bool     `json:"calculated"`
	HTML         bool     `json:"htmlFormatted"`
	Relationship string   `json:"relationshipName"`
	To           []string `json:"referenceTo"`
}

// planOf asks the org how an object is to be asked for, which is one call. What speaks against the object is a *PollObjectError.
func planOf(ctx context.Context, org *Org, object string) (fieldPlan, error) {
	answer, err := org.Do(ctx, Request{Method: http.MethodGet, Path: "sobjects/" + url.PathEscape(object) + "/describe"})
	var failed *APIError
	if errors.As(err, &failed) && (failed.Status == http.StatusNotFound || failed.Code == "INVALID_TYPE" || failed.Code == "INSUFFICIENT_ACCESS") {
		return fieldPlan{}, &PollObjectError{Object: object, Problem: NoSuchObject, Answer: failed}
	}
	if err != nil {
		return fieldPlan{}, fmt.Errorf("describe %s: %w", object, err)
	}
	var told description
	if err := json.Unmarshal(answer.Body, &told); err != nil {
		return fieldPlan{}, fmt.Errorf("describe %s: %w", object, err)
	}
	return told.plan(object)
}

func (d description) plan(object string) (fieldPlan, error) {
	there := make(map[string]bool)
	for _, f := range d.Fields {
		there[f.Name] = true
	}
	switch {
	case !d.Queryable || !there[fieldID] || !isAPIName(d.Name):
		return fieldPlan{}, &PollObjectError{Object: object, Problem: NotQueryable}
	case !there[fieldStamp]:
		return fieldPlan{}, &PollObjectError{Object: object, Problem: NoTimestamp}
	}
	p := fieldPlan{object: d.Name, resource: "query", fields: []string{fieldID, fieldStamp}, volatile: make(map[string]bool)}
	if there[fieldDeleted] {
		p.resource = "queryAll"
		p.fields = append(p.fields, fieldDeleted)
	}
	if there[fieldCreated] {
		p.fields = append(p.fields, fieldCreated)
	}
	room := maxFieldList
	for _, custom := range []bool{false, true} { // what Salesforce has made comes first
		for _, f := range d.Fields {
			if f.Custom == custom && f.readable() {
				p.add(f, &room)
			}
		}
	}
	return p, nil
}

// isAPIName says whether the name can be put into a path or a query as it is.
func isAPIName(name string) bool { return len(name) <= maxAPIName && apiName.MatchString(name) }

// silent are fields that are different for each who looks.
var silent = map[string]bool{"LastViewedDate": true, "LastReferencedDate": true}

// unmoved are fields, beside calculated ones, whose changes leave a record's timestamp alone.
var unmoved = map[string]bool{"LastActivityDate": true, "LastLoginDate": true}

// readable says whether the field is one value, and no larger than anybody reads.
func (f describes) readable() bool {
	switch f.Type {
	case "base64", "address", "location", "complexvalue", "anyType", "json":
		return false
	}
	return !f.HTML && f.Length <= maxFieldText && isAPIName(f.Name) && !silent[f.Name]
}

// add asks for the field, and for the name of the record that it leads to, as long as there is room.
func (p *fieldPlan) add(f describes, room *int) {
	if f.Calculated || unmoved[f.Name] {
		p.volatile[f.Name] = true
	}
	switch f.Name {
	case fieldID, fieldStamp, fieldDeleted, fieldCreated:
		return
	}
	if len(p.fields) == maxFields || !take(room, f.Name) {
		return
	}
	p.fields = append(p.fields, f.Name)
	if name := f.Relationship + ".Name"; f.named() && len(p.related) < maxRelated && take(room, name) {
		p.related = append(p.related, name)
	}
}

func take(room *int, name string) bool {
	const between = len(", ")
	if len(name)+between > *room {
		return false
	}
	*room -= len(name) + between
	return true
}

// nameless are objects that people look up and that have no field called Name.
var nameless = map[string]bool{
	"Case": true, "Contract": true, "Order": true, "Solution": true, "Task": true, "Event": true, "Idea": true, "CaseComment": true,
	"EmailMessage": true, "WorkOrder": true, "WorkOrderLineItem": true, "ServiceAppointment": true, "ContentDocument": true,
	"ContentVersion": true, "FeedItem": true,
}

// named says whether the field leads to records that have a name. One that leads to several kinds has a Name of its own.
func (f describes) named() bool {
	if f.Relationship == "" || len(f.To) == 0 || !isAPIName(f.Relationship) {
		return false
	}
	switch f.Name {
	case "CreatedById", "LastModifiedById", "MasterRecordId":
		return false
	}
	return len(f.To) > 1 || !nameless[f.To[0]] && !strings.HasSuffix(f.To[0], "__x")
}
