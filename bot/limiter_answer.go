package bot

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

const (
	// maxRefusal is how much of a 429's body is read to learn how long it lasts.
	maxRefusal = 64 << 10
	// maxWait is the longest that Discord can make us wait; it has never been seen to ask for more.
	maxWait = 24 * time.Hour
	// unsaidWait is how long a 429 lasts that does not say.
	unsaidWait = 5 * time.Second
	// maxEpoch is the last moment, in seconds since 1970, that can be the end of a window: in the year 5138.
	maxEpoch = 1e11
)

// answer is what a response says about rate limits.
type answer struct {
	hash       string // of the bucket; "" when it names none
	counts     bool   // limit, remaining and resetAfter are there
	limit      int
	remaining  int
	resetAfter time.Duration // from the receipt
	window     time.Time     // when the window ends by Discord's clock; zero when it does not say

	refused    bool // it is a 429
	global     bool // for the whole bot
	edge       bool // by Cloudflare, before the API: for the whole address
	retryAfter time.Duration
}

// readAnswer reads the headers, and the body of a 429, which can be read again afterwards. now is when the
// response was received; a nil response says nothing.
func readAnswer(rs *http.Response, now time.Time) answer {
	if rs == nil {
		return answer{}
	}
	said := answer{hash: rs.Header.Get("X-RateLimit-Bucket")}
	said.readCounts(rs.Header, now)
	if rs.StatusCode != http.StatusTooManyRequests {
		return said
	}
	scope := rs.Header.Get("X-RateLimit-Scope")
	body := peek(rs)
	said.refused = true
	said.retryAfter = retryAfter(rs.Header, body)
	if said.retryAfter == 0 {
		said.retryAfter = unsaidWait
	}
	said.global = scope == "global" || rs.Header.Get("X-RateLimit-Global") == "true" ||
		gjson.GetBytes(body, "global").Bool()
	said.edge = rs.Header.Get("Via") == "" && scope == "" && said.hash == "" && !said.global
	return said
}

func (a *answer) readCounts(header http.Header, now time.Time) {
	limit, err := strconv.Atoi(header.Get("X-RateLimit-Limit"))
	if err != nil || limit < 1 {
		return
	}
	remaining, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	if err != nil || remaining < 0 {
		return
	}
	end, dated := seconds(header.Get("X-RateLimit-Reset"))
	after, said := timespan(header.Get("X-RateLimit-Reset-After"))
	if dated && end < maxEpoch {
		a.window = time.UnixMilli(int64(end * 1000))
		if !said {
			after, said = min(max(0, a.window.Sub(clockOf(header, now))), maxWait), true
		}
	}
	a.limit, a.remaining, a.resetAfter, a.counts = limit, remaining, after, said
}

// clockOf is what Discord's clock showed; ours where it does not say.
func clockOf(header http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return now
}

// retryAfter is how long a 429 lasts: the body has it in fractions, the header in whole seconds. 0 when
// neither says.
func retryAfter(header http.Header, body []byte) time.Duration {
	if gjson.ValidBytes(body) {
		if said, ok := timespan(gjson.GetBytes(body, "retry_after").String()); ok && said > 0 {
			return said
		}
	}
	said, _ := timespan(header.Get("Retry-After"))
	return said
}

// timespan reads seconds, which may have a fraction.
func timespan(s string) (time.Duration, bool) {
	value, ok := seconds(s)
	return time.Duration(min(value, maxWait.Seconds()) * float64(time.Second)), ok
}

func seconds(s string) (float64, bool) {
	value, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) || value < 0 {
		return 0, false
	}
	return value, true
}

// peek reads the beginning of the body and puts it back.
func peek(rs *http.Response) []byte {
	if rs.Body == nil {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(rs.Body, maxRefusal))
	rest := io.Reader(rs.Body)
	if err != nil {
		rest = failing{err}
	}
	rs.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), rs.Body}
	return head
}

// failing is a reader that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
