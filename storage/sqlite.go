package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// scheme begins the URL of a SQLite database.
const scheme = "sqlite://"

// applicationID marks the file as ours ("DSPT"), so that no other program's database is taken for one.
const applicationID = 0x44535054

// pathOf is the file that a storage URL names.
func pathOf(url string) (string, error) {
	if strings.HasPrefix(url, "postgres://") { // as the configuration has it
		return "", errors.New("storage.url: PostgreSQL comes with a later release; until then it names a file, such as sqlite://dispatch.db")
	}
	path, found := strings.CutPrefix(url, scheme)
	if !found || path == "" || strings.HasPrefix(path, ":memory:") {
		// The URL itself stays out of the sentence: that of another store may hold a password.
		return "", errors.New("storage.url must name a file, such as sqlite://dispatch.db")
	}
	return path, nil
}

// Pragmas go into the DSN so that they hold on every connection of a pool; run by Exec, they would reach
// one. Pragmas that the DSN has no word for are in the hook. _mutex=no: a pool never shares a connection.
const (
	everyConn = "_mutex=no&_foreign_keys=on&_busy_timeout=5000&_stmt_cache_size=64"
	writerDSN = everyConn + "&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_cache_size=-16000"
	readerDSN = everyConn + "&_query_only=on&_cache_size=-2000"
)

// A short WAL keeps checkpoints short: each stalls the writer for 3–6 ms. What a burst has made longer is
// cut at the next one.
const writerHook = `PRAGMA wal_autocheckpoint = 512; PRAGMA journal_size_limit = 16777216`

func openWriter(path string) *sql.DB {
	pool := openPool(path, writerDSN, writerHook)
	pool.SetMaxOpenConns(1)
	return pool
}

func openReaders(path string) *sql.DB {
	pool := openPool(path, readerDSN, "")
	n := max(4, runtime.GOMAXPROCS(0))
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool
}

func openPool(path, params, hook string) *sql.DB {
	return sql.OpenDB(connector{
		dsn: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + params,
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
			_, err := conn.Exec(hook, nil)
			return err
		}},
	})
}

// connector opens connections without a driver registered for the whole process.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

func (c connector) Driver() driver.Driver { return c.driver }

// createDatabase makes the file when there is none, and makes sure that it is ours.
func createDatabase(ctx context.Context, path string) error {
	empty, err := touch(path)
	if err != nil {
		return pathError(path, err)
	}
	pool := openPool(path, everyConn, "")
	defer func() { _ = pool.Close() }()
	if empty {
		return initDatabase(ctx, pool, path)
	}
	var id int64
	err = pool.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id)
	if isNotADB(err) || err == nil && id != applicationID {
		return fmt.Errorf("%s is not a database of dispatch", path)
	}
	if err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	return nil
}

// touch makes sure that there is a file that can be written, and says whether it is empty. What is in
// events is nobody else's business: SQLite alone would let everybody read it.
func touch(path string) (empty bool, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return false, err
	}
	return info.Size() == 0, nil
}

// initDatabase settles what cannot be changed once the file has a page, and makes that page in one
// transaction: a crash leaves an empty file or a database of ours.
func initDatabase(ctx context.Context, pool *sql.DB, path string) error {
	_, err := pool.ExecContext(ctx, fmt.Sprintf(`PRAGMA page_size = 8192;
		BEGIN; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = %d; COMMIT`, applicationID))
	if err != nil {
		return fmt.Errorf("create database %s: %w", path, err)
	}
	return nil
}

func isNotADB(err error) bool {
	var sqlite sqlite3.Error
	return errors.As(err, &sqlite) && sqlite.Code == sqlite3.ErrNotADB
}

// pathError says in one sentence why a file of the database cannot be opened.
func pathError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("open database %s: there is no directory %s", path, filepath.Dir(path))
	case errors.Is(err, syscall.EISDIR):
		return fmt.Errorf("open database %s: it is a directory", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("open database %s: it cannot be written here: %w", path, errors.Unwrap(err))
	}
	return fmt.Errorf("open database %s: %w", path, err)
}
