package storage_test

import (
	"testing"
	"time"

	"dispatch/storage"
)

func TestPosts(t *testing.T) {
	db := open(t)
	d := destination(t, db, connect(t, db, "Sales", "1"))
	other := destination(t, db, connect(t, db, "Service", "2"))
	post := func(destinationID, record string) string {
		t.Helper()
		thread, err := db.Post(t.Context(), destinationID, record)
		must(t, err)
		return thread
	}
	if got := post(d.ID, "006A"); got != "" {
		t.Errorf("a post before there was one: %s", got)
	}
	must(t, db.SavePost(t.Context(), d.ID, "006A", "10"))
	must(t, db.SavePost(t.Context(), d.ID, "006B", "11"))
	must(t, db.SavePost(t.Context(), d.ID, "006B", "12"))
	if got := post(d.ID, "006A") + post(d.ID, "006B"); got != "1012" {
		t.Errorf("posts are %s", got)
	}
	if got := post(other.ID, "006A"); got != "" {
		t.Errorf("another forum has the post %s", got)
	}
	for thread, want := range map[string]bool{"10": true, "11": false, "12": true} {
		is, err := db.IsPost(t.Context(), d.ID, thread)
		must(t, err)
		if is != want {
			t.Errorf("thread %s is a post: %v", thread, is)
		}
	}
	must(t, db.Retain(t.Context(), time.Now().Add(100*24*time.Hour), storage.Retention{Keep: time.Hour}))
	if got := post(d.ID, "006A"); got != "" {
		t.Errorf("after a hundred days: %s", got)
	}
}
