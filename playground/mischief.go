package playground

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// mischief is what goes wrong on demand.
type mischief struct {
	outage    bool
	plans     []*plan
	gone      []*channel // That were deleted in the page, and can be had again.
	forbidden []moderation
}

// plan is something that goes wrong with the next requests that match.
type plan struct {
	match  string
	times  int
	lose   bool      // Do what was asked and drop the connection instead of answering.
	answer *response // Nil does what was asked.
}

// FailNext lets the next requests that match fail with an HTTP status and Discord's error code, 0 for none.
// match is part of the method and route, such as "POST /channels/{channel_id}/messages", or of the method
// and path. An empty one matches every request.
func (d *Discord) FailNext(match string, status, code, times int) {
	text := fmt.Sprintf("%d: %s", status, http.StatusText(status))
	d.plan(&plan{match: match, times: times, answer: &response{
		status: status, body: &apiError{code: code, message: text},
	}})
}

// Throttle lets the next requests that match run into a rate limit. scope is "user", "global" or "shared".
func (d *Discord) Throttle(match string, wait time.Duration, scope string, times int) {
	v := verdict{wait: wait, scope: scope}
	d.plan(&plan{match: match, times: times, answer: &response{
		status: http.StatusTooManyRequests, body: v.refusal(), rate: v,
	}})
}

// Block lets the proxy before Discord refuse the next requests that match: a 429 in HTML and without the
// header Via.
func (d *Discord) Block(match string, wait time.Duration, times int) {
	d.plan(&plan{match: match, times: times, answer: blocked(wait)})
}

// LoseAnswer does what the next requests that match ask, and drops the connection instead of answering.
func (d *Discord) LoseAnswer(match string, times int) {
	d.plan(&plan{match: match, times: times, lose: true})
}

// GlobalLimit refuses all of the bot's requests for a time, but for its answers to interactions.
func (d *Discord) GlobalLimit(wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.limits.blocked = d.now().Add(wait)
	d.mischiefChanged()
	time.AfterFunc(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.mischiefChanged()
	})
}

// Outage starts or ends a time in which nothing works: REST answers 503, the gateway hangs up and takes no
// new connections.
func (d *Discord) Outage(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mischief.outage = on
	if on {
		d.gateway.hangUp(closeAbrupt)
	}
	d.mischiefChanged()
}

func (d *Discord) plan(p *plan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	done := func(old *plan) bool { return old.times <= 0 }
	d.mischief.plans = append(slices.DeleteFunc(d.mischief.plans, done), p)
	d.mischiefChanged()
}

// mischiefChanged tells the pages what is going wrong now. The caller holds the lock.
func (d *Discord) mischiefChanged() {
	d.page.publish("mischief", d.mischiefState())
	d.touch()
}

// mischiefState is what the pages know of what goes wrong. The caller holds the lock.
func (d *Discord) mischiefState() any {
	limited := d.now().Before(d.limits.blocked) || slices.ContainsFunc(d.mischief.plans, func(p *plan) bool {
		return p.times > 0 && p.answer != nil && p.answer.status == http.StatusTooManyRequests
	})
	return map[string]bool{"outage": d.mischief.outage, "limits": limited}
}

// next returns the plan for a request, nil when nothing is to go wrong. The caller holds the lock.
func (m *mischief) next(r *route, req *http.Request) *plan {
	for _, p := range m.plans {
		path := strings.TrimPrefix(req.URL.Path, api)
		if p.times > 0 && (strings.Contains(r.method+" "+r.path, p.match) || strings.Contains(req.Method+" "+path, p.match)) {
			p.times--
			return p
		}
	}
	return nil
}
