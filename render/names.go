package render

import (
	"strings"

	"github.com/tidwall/gjson"

	"dispatch/locales"
)

// The fields that records go by, and what is called so elsewhere, best first.
var (
	recordNames = []string{
		"Name", lastName, "CaseNumber", "OrderNumber", "ContractNumber", "WorkOrderNumber", "AppointmentNumber",
		"Subject", "Title", "ArticleNumber",
	}
	foreignNames = []string{"name", "title", "subject"}
)

const (
	lastName = "LastName" // is filled in people's records, who may come without a Name
	recordID = "Id"
)

// nameField is the first of them that the record fills, its id when it fills none, "" when it has none of them.
func (v *view) nameField() string {
	names := recordNames
	if v.foreign {
		names = foreignNames
	}
	for _, name := range names {
		if v.text(name) != "" {
			return name
		}
	}
	if v.text(recordID) != "" && !v.foreign {
		return recordID
	}
	return ""
}

// name is what the record is called, "" when it does not say.
func (v *view) name() string {
	field := v.nameField()
	if field == lastName {
		return line(person(v.record.Text("FirstName"), v.record.Text(lastName), v.say))
	}
	return v.text(field)
}

// nameOf is what a related record is called, "" when it does not say. It is not escaped.
func nameOf(related gjson.Result, say locales.Catalog) string {
	if !related.IsObject() {
		return ""
	}
	for _, field := range recordNames {
		switch name := scalar(related.Get(field)); {
		case name == "":
		case field == lastName:
			return person(scalar(related.Get("FirstName")), name, say)
		default:
			return name
		}
	}
	return ""
}

// person is a name in the order that the language has.
func person(first, last string, say locales.Catalog) string {
	if strings.TrimSpace(first) == "" {
		return last
	}
	return say.T("embed.person", "first", first, "last", last)
}

// at is the text at a place in the record, on one line, escaped: of a field, of "Relation.Field", or the name of
// the record that a relation leads to; "" at none.
func (v *view) at(place string) string {
	if place == "" {
		return ""
	}
	if relation, field, ok := strings.Cut(place, "."); ok {
		return line(scalar(v.record.Get(relation).Get(field)))
	}
	if value := v.record.Get(place); value.IsObject() {
		return line(nameOf(value, v.say))
	}
	return v.text(place)
}

// text is the record's field on one line, escaped.
func (v *view) text(name string) string { return line(v.record.Text(name)) }
