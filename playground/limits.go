package playground

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// Limits that hold for the whole bot.
const (
	globalRate   = 50     // Requests a second.
	maxInvalid   = 10_000 // Answers of 401, 403 and 429 within invalidSpan.
	invalidSpan  = 10 * time.Minute
	unlimited    = 1_000_000
	bucketsSwept = 1000 // More buckets than this are looked through for those that are full again.
)

// limits counts requests as Discord does: in windows that begin with their first request.
// See https://discord.com/developers/docs/topics/rate-limits.
type limits struct {
	buckets map[string]*window
	global  window
	blocked time.Time // Until when everything is answered with the global limit.
	invalid window
}

type window struct {
	used   int
	resets time.Time
}

// take counts a request and says whether it was still within the limit.
func (w *window) take(l limit, now time.Time) bool {
	if !now.Before(w.resets) {
		*w = window{resets: now.Add(l.per)}
	}
	if w.used >= l.n {
		return false
	}
	w.used++
	return true
}

// verdict is what the limits say to a request.
type verdict struct {
	bucket    string // The bucket's hash, which is the same for every major parameter.
	limit     int
	remaining int
	resets    time.Time
	wait      time.Duration // Over the limit: how long.
	scope     string
}

// rate decides about one request. The caller holds the lock.
func (d *Discord) rate(r *route, req *http.Request) verdict {
	now, l := d.now(), r.limit
	if d.unlimited {
		l = limit{unlimited, time.Second}
	}
	if r.access == byBot {
		if now.Before(d.limits.blocked) {
			return verdict{wait: d.limits.blocked.Sub(now), scope: "global"}
		}
		if !d.unlimited && !d.limits.global.take(limit{globalRate, time.Second}, now) {
			return verdict{wait: d.limits.global.resets.Sub(now), scope: "global"}
		}
	}
	v := verdict{bucket: r.hash(), limit: l.n}
	w := d.limits.bucket(v.bucket+r.major(req), now)
	if !w.take(l, now) {
		v.wait, v.scope = w.resets.Sub(now), "user"
	}
	v.remaining, v.resets = l.n-w.used, w.resets
	return v
}

func (ls *limits) bucket(key string, now time.Time) *window {
	if len(ls.buckets) > bucketsSwept {
		for k, w := range ls.buckets {
			if !now.Before(w.resets) {
				delete(ls.buckets, k)
			}
		}
	}
	if ls.buckets == nil {
		ls.buckets = map[string]*window{}
	}
	if ls.buckets[key] == nil {
		ls.buckets[key] = new(window)
	}
	return ls.buckets[key]
}

// count counts an answer that Discord bans an address for when there are too many of them.
func (ls *limits) count(status int, scope string, now time.Time) {
	switch {
	case status == http.StatusTooManyRequests && scope == "shared":
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		ls.invalid.take(limit{maxInvalid, invalidSpan}, now)
	}
}

// banned returns until when the address is locked out for its invalid requests.
func (ls *limits) banned(now time.Time) (time.Duration, bool) {
	return ls.invalid.resets.Sub(now), ls.invalid.used >= maxInvalid && now.Before(ls.invalid.resets)
}

// InvalidRequests returns how many of the last requests were answered with 401, 403 or 429. At 10,000
// within ten minutes Discord bans the sender's address.
func (d *Discord) InvalidRequests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.now().Before(d.limits.invalid.resets) {
		return 0
	}
	return d.limits.invalid.used
}

// hash names a route's bucket as the header X-RateLimit-Bucket does.
func (r *route) hash() string {
	name := r.bucket
	if name == "" {
		name = r.method + " " + r.path
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// major returns the parameters that give requests of one route buckets of their own.
func (r *route) major(req *http.Request) string {
	return "/" + req.PathValue("channel_id") + "/" + req.PathValue("guild_id") + "/" +
		req.PathValue("webhook_token") + "/" + req.PathValue("interaction_token")
}

// write sets the headers that tell about a limit.
func (v verdict) write(h http.Header, now time.Time) {
	if v.bucket != "" {
		h.Set("X-RateLimit-Bucket", v.bucket)
		h.Set("X-RateLimit-Limit", strconv.Itoa(v.limit))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(v.remaining))
		h.Set("X-RateLimit-Reset", seconds(time.Duration(v.resets.UnixNano())))
		h.Set("X-RateLimit-Reset-After", seconds(v.resets.Sub(now)))
	}
	if v.wait > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((v.wait+time.Second-1)/time.Second), 10))
	}
	if v.scope != "" {
		h.Set("X-RateLimit-Scope", v.scope)
	}
	if v.scope == "global" {
		h.Set("X-RateLimit-Global", "true")
	}
}

// refusal is the body of an answer to a request over a limit.
func (v verdict) refusal() any {
	message := "You are being rate limited."
	if v.scope == "shared" {
		message = "The resource is being rate limited."
	}
	return map[string]any{
		"message": message, "global": v.scope == "global", "retry_after": float64(milliseconds(v.wait)) / 1000,
	}
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(float64(milliseconds(d))/1000, 'f', 3, 64)
}

// milliseconds rounds up: who waits that long does not come too early.
func milliseconds(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }
