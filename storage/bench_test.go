package storage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dispatch/delivery"
)

// BenchmarkAppend has 64 callers append events of 1 KB to one destination, as fast as they can.
func BenchmarkAppend(b *testing.B) {
	db := open(b)
	s := connect(b, db, "Sales", "1")
	e := entry(b, db, s, `{"a":"`+strings.Repeat("x", 1050)+`"}`)
	commits, err := db.CountCommits(b.Context())
	must(b, err)
	b.ReportAllocs()
	b.SetParallelism(64)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			e := e
			e.Event.ReceivedAt = time.Now()
			if _, err := db.Append(b.Context(), []delivery.Entry{e}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/float64(commits.Load()), "events/commit")
}

// BenchmarkDrain claims and finishes ten deliveries at a time, with little and with much behind them.
func BenchmarkDrain(b *testing.B) {
	for _, backlog := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(backlog), func(b *testing.B) {
			db := open(b)
			s := connect(b, db, "Sales", "1")
			e := entry(b, db, s, `{"a":"`+strings.Repeat("x", 1050)+`"}`)
			to := e.Routes[0].DestinationID
			entries := make([]delivery.Entry, 1000)
			for i := range entries {
				entries[i] = e
			}
			fill := func() {
				for range backlog / len(entries) {
					_, err := db.Append(b.Context(), entries)
					must(b, err)
				}
			}
			fill()
			l := lease("a", 0, time.Hour)
			for b.Loop() {
				batch, err := db.Claim(b.Context(), to, l, 10)
				must(b, err)
				if len(batch.Deliveries) == 0 {
					b.StopTimer()
					fill()
					b.StartTimer()
					continue
				}
				progress := delivery.Progress{DestinationID: to}
				for _, v := range batch.Deliveries {
					progress.Results = append(progress.Results, delivery.Result{
						EventID: v.Event.ID, SourceID: v.Event.SourceID, LinkID: v.LinkID, Attempt: 1, State: delivery.Delivered, At: at, Receipt: "1",
					})
				}
				must(b, db.Finish(b.Context(), progress))
			}
		})
	}
}

// BenchmarkSourceBySlug asks for a source that is remembered.
func BenchmarkSourceBySlug(b *testing.B) {
	db := open(b)
	s := connect(b, db, "Sales", "1")
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if got, err := db.SourceBySlug(b.Context(), s.Slug); err != nil || got.ID != s.ID {
				b.Error(got.ID, err)
			}
		}
	})
}
