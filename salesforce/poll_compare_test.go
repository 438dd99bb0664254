package salesforce_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
)

func TestCompare(t *testing.T) {
	type (
		seen = salesforce.Seen
		told = salesforce.Told
	)
	since := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return since.Add(time.Duration(seconds) * time.Second) }
	before := func(stamp int, deleted bool, raw string) map[string]seen {
		return map[string]seen{"1": {ID: "1", Stamp: at(stamp), Deleted: deleted, Copy: json.RawMessage(raw)}}
	}
	tests := map[string]struct {
		seen           map[string]seen
		stamp, created int
		deleted        bool
		raw            string
		want           []told
		forgotten      bool // nothing new is remembered
	}{
		"created":                           {nil, 9, 9, false, `{}`, []told{{"created", "1", ""}}, false},
		"created, and changed at once":      {nil, 9, 3, false, `{}`, []told{{"created", "1", ""}}, false},
		"created when the last round ended": {nil, 0, 0, false, `{}`, []told{{"created", "1", ""}}, false},
		"dated a second apart":              {nil, 0, -1, false, `{}`, []told{{"created", "1", ""}}, false},
		"late, but never changed":           {nil, -99, -99, false, `{}`, []told{{"created", "1", ""}}, false},
		"updated, never seen":               {nil, 9, -99, false, `{"A":1}`, []told{{"updated", "1", ""}}, false},
		"seen":                              {before(9, false, `{"A":1}`), 9, 9, false, `{"A":1}`, nil, true},
		"updated":                           {before(9, false, `{"A":1,"B":"x"}`), 10, 9, false, `{"A":2,"B":"x"}`, []told{{"updated", "1", `{"A":1}`}}, false},
		"within the same second":            {before(9, false, `{"A":"x"}`), 9, 9, false, `{"A":"y"}`, []told{{"updated", "1", `{"A":"x"}`}}, false},
		"touched":                           {before(9, false, `{"A":1}`), 10, 9, false, `{"A":1}`, []told{{"updated", "1", ""}}, false},
		"emptied, and filled":               {before(9, false, `{"A":null,"B":1}`), 10, 9, false, `{"A":1,"B":null}`, []told{{"updated", "1", `{"A":null,"B":1}`}}, false},
		"another way to write it":           {before(9, false, `{"A":100}`), 9, 9, false, `{"A":100.0}`, nil, true},
		"a field that is new, or gone":      {before(9, false, `{"A":1}`), 9, 9, false, `{"B":1}`, nil, true},
		"another record's field":            {before(9, false, `{"Owner":{"Name":"x"}}`), 9, 9, false, `{"Owner":{"Name":"y"}}`, nil, true},
		"a formula":                         {before(9, false, `{"Now__c":1}`), 9, 9, false, `{"Now__c":2}`, nil, true},
		"a formula, and more": {
			before(9, false, `{"Now__c":1,"A":1}`), 10, 9, false, `{"Now__c":2,"A":2}`, []told{{"updated", "1", `{"Now__c":1,"A":1}`}}, false,
		},
		"bookkeeping": {
			before(9, false, `{"LastModifiedDate":"x","SystemModstamp":"x","A":1}`), 10, 9, false, `{"LastModifiedDate":"y","SystemModstamp":"y","A":2}`,
			[]told{{"updated", "1", `{"A":1}`}},
			false,
		},
		"an older copy that says the same":       {before(9, false, `{"A":1}`), 8, 1, false, `{"A":1}`, nil, true},
		"an older timestamp with something new":  {before(9, false, `{"A":1}`), 8, 1, false, `{"A":2}`, []told{{"updated", "1", `{"A":1}`}}, false},
		"deleted":                                {before(9, false, `{"A":1}`), 10, 1, true, `{"A":1}`, []told{{"deleted", "1", ""}}, false},
		"deleted, with the timestamp it had":     {before(9, false, `{"A":1}`), 9, 1, true, `{"A":1}`, []told{{"deleted", "1", ""}}, false},
		"deleted, never seen":                    {nil, 9, -99, true, `{}`, []told{{"deleted", "1", ""}}, false},
		"created and deleted between two rounds": {nil, 9, 3, true, `{}`, []told{{"deleted", "1", ""}}, false},
		"deleted before":                         {before(9, true, `{"A":1}`), 10, 1, true, `{"A":1}`, nil, false},
		"taken out of the bin":                   {before(9, true, `{"A":1}`), 10, 1, false, `{"A":1}`, []told{{"updated", "1", ""}}, false},
		"a quote in a name":                      {before(9, false, `{"A\"":1}`), 10, 9, false, `{"A\"":2}`, []told{{"updated", "1", `{"A\"":1}`}}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, kept := salesforce.Compare(tc.seen, since, map[string]bool{"Now__c": true},
				salesforce.Record("1", at(tc.stamp), at(tc.created), tc.deleted, tc.raw))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if forgotten := len(kept) == 0; forgotten != tc.forgotten {
				t.Errorf("remembered: %v", kept)
			}
		})
	}
}
