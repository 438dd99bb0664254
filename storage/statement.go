package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/mattn/go-sqlite3"
)

// querier runs ordinary SQL: the pool of readers, and the writer's connection inside a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is a row of either.
type scanner interface {
	Scan(dest ...any) error
}

// list gives what scan makes of each row.
func list[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// changed runs a statement and says whether it changed a row.
func changed(ctx context.Context, q querier, query string, args ...any) (bool, error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// sqliteConn is the driver's connection. It keeps prepared what it was given, by the text of the statement.
type sqliteConn struct {
	*sqlite3.SQLiteConn
	tx *transaction
}

// run runs a statement without arguments.
func (c *sqliteConn) run(query string) error {
	_, err := c.ExecContext(context.Background(), query, nil)
	return err
}

// exec runs a statement and gives the number of rows that it changed.
func (c *sqliteConn) exec(query string, args ...driver.Value) (int64, error) {
	result, err := c.ExecContext(context.Background(), query, c.bind(args))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// first reads the first row into dest, and says whether there is one.
func (c *sqliteConn) first(dest []driver.Value, query string, args ...driver.Value) (bool, error) {
	rows, err := c.QueryContext(context.Background(), query, c.bind(args))
	if err != nil {
		return false, err
	}
	err = rows.Next(dest)
	closed := rows.Close()
	if errors.Is(err, io.EOF) {
		return false, closed
	}
	return err == nil, errors.Join(err, closed)
}

func (c *sqliteConn) bind(args []driver.Value) []driver.NamedValue {
	named := c.tx.args[:0]
	for i, arg := range args {
		named = append(named, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	c.tx.args = named
	return named
}
