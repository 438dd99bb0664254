package storage

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"dispatch/event"
)

// transaction is the one that the writer has open. It is used again and again.
type transaction struct {
	conn  *sql.Conn
	last  event.ID // the last id given
	tally tally
	first firsts
	args  []driver.NamedValue
}

func newTransaction(conn *sql.Conn, windows *windows) transaction {
	return transaction{
		conn: conn, tally: make(tally), args: make([]driver.NamedValue, 0, 16),
		first: firsts{windows: windows, of: make(map[string]*departure)},
	}
}

// begin starts over behind the last committed event, whatever became of the transaction before.
func (tx *transaction) begin(last event.ID) error {
	if err := tx.rollback(); err != nil {
		return err
	}
	tx.last = last
	clear(tx.tally)
	clear(tx.first.of)
	return tx.exec(`BEGIN IMMEDIATE`)
}

func (tx *transaction) commit() error {
	if err := tx.count(); err != nil {
		return err
	}
	if err := tx.raw(tx.first.pin); err != nil {
		return err
	}
	return tx.exec(`COMMIT`)
}

// rollback undoes everything. SQLite may have done so by itself, depending on what went wrong.
func (tx *transaction) rollback() error {
	return tx.raw(func(conn *sqliteConn) error {
		if conn.AutoCommit() {
			return nil
		}
		if err := conn.run(`ROLLBACK`); err != nil {
			return fmt.Errorf("roll back transaction: %w", err)
		}
		return nil
	})
}

// do does the work, behind a savepoint when it is alone or the transaction is careful. The transaction
// cannot go on when the work left something behind, or when the database is to blame.
func (tx *transaction) do(work work, careful bool) (goOn bool, err error) {
	if !careful && !work.alone() {
		err := guard(func() error { return work.write(tx) })
		return err == nil || refusal(err), err
	}
	last := tx.last
	if err := tx.exec(`SAVEPOINT work`); err != nil {
		return false, err
	}
	err = guard(func() error { return work.write(tx) })
	if err == nil && careful {
		err = tx.count()
	}
	if err == nil {
		err := tx.exec(`RELEASE work`)
		return err == nil, err
	}
	tx.last = last
	if careful {
		clear(tx.tally) // else it holds what others have done
	}
	if unavailable(err) {
		return false, err
	}
	undone := tx.exec(`ROLLBACK TO work; RELEASE work`)
	return undone == nil, errors.Join(err, undone)
}

// nextID is the id of an event that was received at the time: after all others, whatever the clock did.
func (tx *transaction) nextID(received time.Time) event.ID {
	tx.last = max(tx.last+1, event.FirstID(received))
	return tx.last
}

func (tx *transaction) exec(query string) error {
	return tx.raw(func(conn *sqliteConn) error { return conn.run(query) })
}

// raw gives the work the driver's connection: database/sql takes about as long as SQLite does for the
// small statements of the hot tables.
func (tx *transaction) raw(fn func(*sqliteConn) error) error {
	return tx.conn.Raw(func(conn any) error {
		return fn(&sqliteConn{SQLiteConn: conn.(*sqlite3.SQLiteConn), tx: tx})
	})
}
