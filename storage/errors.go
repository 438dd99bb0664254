package storage

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// classify gives an error of the database the kind that its receiver can act upon. An error that has one
// keeps it.
func classify(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case refusal(err):
		return fmt.Errorf("%s: %w", doing, err)
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "%s: %w", doing, err)
	case unavailable(err):
		return fault.New(fault.Unavailable, "%s: %w", doing, err)
	}
	var sqlite sqlite3.Error
	if errors.As(err, &sqlite) {
		switch sqlite.ExtendedCode {
		case sqlite3.ErrConstraintForeignKey:
			return fault.New(fault.NotFound, "%s: %w", doing, err)
		case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
			return fault.New(fault.Exists, "%s: %w", doing, err)
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// stale is an error of writing deliveries, which is delivery.ErrStale when they refer to what is gone.
func stale(err error) error {
	var sqlite sqlite3.Error
	if errors.As(err, &sqlite) && sqlite.ExtendedCode == sqlite3.ErrConstraintForeignKey {
		return fmt.Errorf("%w: %w", delivery.ErrStale, err)
	}
	return err
}

// refusal says whether err is an answer rather than a failure: the database is fine.
func refusal(err error) bool {
	var (
		duplicate *event.DuplicateError
		kind      *fault.Error
	)
	return errors.As(err, &duplicate) || errors.As(err, &kind)
}

// unavailable says whether the database cannot write or read now, through no fault of the statement.
func unavailable(err error) bool {
	var sqlite sqlite3.Error
	if !errors.As(err, &sqlite) {
		return errors.Is(err, sql.ErrConnDone)
	}
	switch sqlite.Code {
	case sqlite3.ErrFull, sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrReadonly, sqlite3.ErrIoErr,
		sqlite3.ErrCantOpen, sqlite3.ErrNomem, sqlite3.ErrProtocol:
		return true
	}
	return false
}
