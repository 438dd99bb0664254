package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
	"dispatch/fault"
	"dispatch/storage"
)

func transform(t testing.TB, db *storage.DB, name, program string) delivery.Transform {
	t.Helper()
	made, err := db.CreateTransform(t.Context(), delivery.Transform{GuildID: guild, Name: name, Program: program})
	must(t, err)
	return made
}

func TestCreateTransform(t *testing.T) {
	db := open(t)
	_, err := db.CreateTransform(t.Context(), delivery.Transform{GuildID: "2", Name: "FLAT"})
	must(t, err)
	flat, bare := transform(t, db, "Flat", ".record"), transform(t, db, "bare", ".")
	want := delivery.Transform{ID: flat.ID, GuildID: guild, Name: "Flat", Program: ".record", Version: 1, UpdatedAt: flat.UpdatedAt}
	if diff := cmp.Diff(want, flat); diff != "" || flat.ID == "" || flat.UpdatedAt.IsZero() {
		t.Errorf("%+v, -want +got: %s", flat, diff)
	}
	got, err := db.Transform(t.Context(), guild, "flat")
	must(t, err)
	if diff := cmp.Diff(flat, got); diff != "" {
		t.Error("-want +got:", diff)
	}
	all, err := db.Transforms(t.Context(), guild)
	must(t, err)
	if diff := cmp.Diff([]delivery.Transform{bare, flat}, all); diff != "" {
		t.Error("-want +got:", diff)
	}
	_, err = db.CreateTransform(t.Context(), delivery.Transform{GuildID: guild, Name: "fLAT"})
	wantKind(t, err, fault.Exists)
	_, err = db.Transform(t.Context(), guild, "x")
	wantKind(t, err, fault.NotFound)
}

func TestUpdateTransform(t *testing.T) {
	db := open(t)
	flat := transform(t, db, "Flat", ".record")
	transform(t, db, "Bare", ".")
	flat.Name, flat.Program = "flat", ".old"
	changed, err := db.UpdateTransform(t.Context(), flat)
	must(t, err)
	want := delivery.Transform{ID: flat.ID, GuildID: guild, Name: "flat", Program: ".old", Version: 2, UpdatedAt: changed.UpdatedAt}
	got, err := db.Transform(t.Context(), guild, "Flat")
	must(t, err)
	if diff := cmp.Diff([]delivery.Transform{want, want}, []delivery.Transform{changed, got}); diff != "" {
		t.Error("-want +got:", diff)
	}
	flat.Name = "BARE"
	_, err = db.UpdateTransform(t.Context(), flat)
	wantKind(t, err, fault.Exists)
	flat.GuildID = "2"
	_, err = db.UpdateTransform(t.Context(), flat)
	wantKind(t, err, fault.NotFound)
}

func TestDeleteTransform(t *testing.T) {
	db := open(t)
	s := connect(t, db, "Sales", "1")
	flat := transform(t, db, "Flat", ".record")
	with := link(t, db, s, "2", delivery.Link{TransformID: flat.ID})
	if look := lookOf(t, db, with.ID); look.Transform == nil || look.Transform.Program != ".record" {
		t.Errorf("look is %+v", look)
	}
	wantKind(t, db.DeleteTransform(t.Context(), "2", flat.ID), fault.NotFound)
	must(t, db.DeleteTransform(t.Context(), guild, flat.ID))
	wantKind(t, db.DeleteTransform(t.Context(), guild, flat.ID), fault.NotFound)
	if look := lookOf(t, db, with.ID); look.Transform != nil {
		t.Error("the link goes on transforming")
	}
	links, err := db.Links(t.Context(), s.ID)
	must(t, err)
	if len(links) != 2 || links[1].TransformID != "" {
		t.Errorf("links are %+v", links)
	}
}
