package salesforce_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// listed is what the list of objects was asked for.
func (o *office) listed() int {
	return len(slices.DeleteFunc(o.org.Calls(), func(c orgtest.Call) bool { return !strings.HasSuffix(c.Path, "/sobjects") }))
}

func TestObjectsOfAnOrg(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	if _, err := o.Objects(t.Context(), o.source.ID); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("before it is authorized: %v", err)
	}
	o.authorize()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			got, err := o.Objects(t.Context(), o.source.ID)
			if err != nil {
				t.Error(err)
			}
			for _, never := range []string{"PricebookEntry", "OpportunityHistory", "Invoicing__c", "Invoiced__e", "Retired__c"} {
				if slices.Contains(got, never) {
					t.Errorf("%s can have a trigger", never)
				}
			}
			want := []string{"Account", "Contact", "Lead", "Opportunity"}
			last := []string{"Invoice__c", "Invoice_Line__c", "AIInsightAction"}
			if diff := cmp.Diff(append(want, last...), append(got[:4:4], got[len(got)-3:]...)); diff != "" {
				t.Errorf("first and last (-want +got):\n%s", diff)
			}
		})
	}
	all.Wait()
	if n := o.listed(); n != 1 {
		t.Errorf("the org was asked %d times", n)
	}
	o.now = o.now.Add(10 * time.Minute)
	if _, err := o.Objects(t.Context(), o.source.ID); err != nil || o.listed() != 2 {
		t.Errorf("after a while: %v, asked %d times", err, o.listed())
	}
	o.authorize() // it may be another org
	if _, err := o.Objects(t.Context(), o.source.ID); err != nil || o.listed() != 3 {
		t.Errorf("authorized again: %v, asked %d times", err, o.listed())
	}
}

// TestObjectsOfASlowOrg gives up before the org answers: the answer serves the next one who asks.
func TestObjectsOfASlowOrg(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	asked, answer := make(chan struct{}), make(chan struct{})
	o.org.SetTrouble(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/sobjects") {
			close(asked)
			<-answer
		}
		return false
	})
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { <-asked; giveUp() }()
	if _, err := o.Objects(ctx, o.source.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(answer)
	if got, err := o.Objects(t.Context(), o.source.ID); err != nil || len(got) == 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if n := o.listed(); n != 1 {
		t.Errorf("the org was asked %d times", n)
	}
}

func TestObjectsOfAnOrgInTrouble(t *testing.T) {
	o := openOffice(t, orgtest.Options{})
	o.authorize()
	for name, body := range map[string]string{"not JSON": "<html>", "refused": ""} {
		o.org.SetTrouble(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/sobjects") {
				return false
			}
			if body == "" {
				orgtest.Refuse(w, http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
			}
			_, _ = w.Write([]byte(body))
			return true
		})
		if got, err := o.Objects(t.Context(), o.source.ID); err == nil || salesforce.IsLater(err) != (name == "refused") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
