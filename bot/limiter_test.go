package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/rest"

	"dispatch/bot"
)

// never is the wait of a request that was refused its turn.
const never = time.Duration(-1)

func post(channel int) *rest.CompiledEndpoint { return rest.CreateMessage.Compile(nil, channel) }

func callback(token string) *rest.CompiledEndpoint {
	return rest.CreateInteractionResponse.Compile(nil, 1, token)
}

// respond is an answer of Discord's API with the headers, which are given as "Name: value" lines.
func respond(status int, body string, headers ...string) *http.Response {
	rs := &http.Response{
		StatusCode: status,
		Header:     http.Header{"Via": {"1.1 google"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		rs.Header.Set(name, value)
		if value == "" {
			rs.Header.Del(name)
		}
	}
	return rs
}

// wait is how long the request has to wait for its turn; the request is answered without a word then.
func wait(ctx context.Context, t *testing.T, l *bot.Limiter, endpoint *rest.CompiledEndpoint) time.Duration {
	t.Helper()
	began := time.Now()
	if err := l.Wait(ctx, endpoint); err != nil {
		return never
	}
	unlock(t, l, endpoint, nil)
	return time.Since(began)
}

func unlock(t *testing.T, l *bot.Limiter, endpoint *rest.CompiledEndpoint, rs *http.Response) {
	t.Helper()
	if err := l.Unlock(endpoint, rs); err != nil {
		t.Errorf("Unlock: %v", err)
	}
}

func mustWait(t *testing.T, l *bot.Limiter, endpoint *rest.CompiledEndpoint) {
	t.Helper()
	if err := l.Wait(t.Context(), endpoint); err != nil {
		t.Fatalf("Wait: %v", err)
	}
}

const (
	margin  = 10 * time.Millisecond // what the limiter adds to a rounded time
	bucket1 = "X-RateLimit-Bucket: b1"
	limit5  = "X-RateLimit-Limit: 5"
	none    = "X-RateLimit-Remaining: 0"
	noVia   = "Via: "
)

// After one answer: how long do the next request to the same channel, one to another channel, and the answer
// to an interaction have to wait?
func TestLimiterReadsAnswers(t *testing.T) {
	tests := map[string]struct {
		rs                   *http.Response
		same, other, answers time.Duration
	}{
		"no answer":             {nil, 0, 0, 0},
		"nothing said":          {respond(200, ""), 0, 0, 0},
		"some left":             {respond(200, "", bucket1, limit5, "X-RateLimit-Remaining: 4", "X-RateLimit-Reset-After: 5.000"), 0, 0, 0},
		"none left":             {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 1.250"), 1250*time.Millisecond + margin, 0, 0},
		"none left, no hash":    {respond(200, "", limit5, none, "X-RateLimit-Reset-After: 0.3"), 300*time.Millisecond + margin, 0, 0},
		"none left for a blink": {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 0.001"), time.Millisecond + margin, 0, 0},
		"by Discord's clock": {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset: 1470173023.500",
			"Date: Tue, 02 Aug 2016 21:23:41 GMT"), 2500*time.Millisecond + margin, 0, 0},
		"by ours":                 {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset: 946684802"), 2*time.Second + margin, 0, 0}, // synctest begins at 946684800
		"a word for a number":     {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: soon"), 0, 0, 0},
		"no number":               {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: NaN"), 0, 0, 0},
		"no limit":                {respond(200, "", bucket1, none, "X-RateLimit-Reset-After: 1"), 0, 0, 0},
		"a negative rest":         {respond(200, "", bucket1, limit5, "X-RateLimit-Remaining: -1", "X-RateLimit-Reset-After: 1"), 0, 0, 0},
		"the end of days":         {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 1e300", "X-RateLimit-Reset: 1e300"), 24*time.Hour + margin, 0, 0},
		"broken, not by us":       {respond(502, "<html>"), 0, 0, 0},
		"broken, but counted":     {respond(500, "{}", bucket1, limit5, none, "X-RateLimit-Reset-After: 2"), 2*time.Second + margin, 0, 0},
		"refused":                 {respond(429, "", bucket1, "X-RateLimit-Scope: user", "Retry-After: 2"), 2*time.Second + margin, 0, 0},
		"refused in fractions":    {respond(429, "", bucket1, "X-RateLimit-Scope: user", "Retry-After: 0.25"), 250*time.Millisecond + margin, 0, 0},
		"refused, body knows":     {respond(429, `{"retry_after":0.529,"global":false}`, bucket1, "X-RateLimit-Scope: user", "Retry-After: 1"), 529*time.Millisecond + margin, 0, 0},
		"refused, shared":         {respond(429, "", bucket1, limit5, "X-RateLimit-Remaining: 4", "X-RateLimit-Reset-After: 1", "X-RateLimit-Scope: shared", "Retry-After: 3"), 3*time.Second + margin, 0, 0},
		"refused without a word":  {respond(429, "", bucket1), 5*time.Second + margin, 0, 0},
		"refused with nonsense":   {respond(429, `{"retry_after":"later"}`, bucket1, "Retry-After: -3"), 5*time.Second + margin, 0, 0},
		"refused globally":        {respond(429, "", "X-RateLimit-Global: true", "X-RateLimit-Scope: global", "Retry-After: 7"), 7*time.Second + margin, 7*time.Second + margin, 0},
		"globally, says the body": {respond(429, `{"retry_after":1.5,"global":true}`, bucket1), 1500*time.Millisecond + margin, 1500*time.Millisecond + margin, 0},
		"refused at the edge":     {respond(429, "error 1015", noVia, "Retry-After: 60"), time.Minute + margin, time.Minute + margin, never},
		"edge, briefly":           {respond(429, "error 1015", noVia, "Retry-After: 2"), 2*time.Second + margin, 2*time.Second + margin, 2*time.Second + margin},
		"no Via, but Discord":     {respond(429, "", noVia, bucket1, "X-RateLimit-Scope: user", "Retry-After: 2"), 2*time.Second + margin, 0, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for next, want := range map[string]time.Duration{"same": tc.same, "other": tc.other, "answer": tc.answers} {
				synctest.Test(t, func(t *testing.T) {
					l := bot.NewLimiter(50)
					first := post(1)
					mustWait(t, l, first)
					unlock(t, l, first, tc.rs)
					if tc.rs != nil {
						rewind(t, tc.rs)
					}
					endpoint := map[string]*rest.CompiledEndpoint{"same": post(1), "other": post(2), "answer": callback("a")}[next]
					if got := wait(t.Context(), t, l, endpoint); got != want {
						t.Errorf("next %s waits %v, want %v", next, got, want)
					}
				})
			}
		})
	}
}

// rewind reads the body to its end, as disgo does after Unlock, and puts it back for the next turn.
func rewind(t *testing.T, rs *http.Response) {
	t.Helper()
	body, err := io.ReadAll(rs.Body)
	if err != nil {
		t.Fatalf("read body after Unlock: %v", err)
	}
	rs.Body = io.NopCloser(strings.NewReader(string(body)))
}

func TestLimiterKeepsTheBody(t *testing.T) {
	want := `{"retry_after":0.1,"message":"` + strings.Repeat("x", 100<<10) + `"}`
	rs := respond(429, want, bucket1)
	l := bot.NewLimiter(50)
	endpoint := post(1)
	mustWait(t, l, endpoint)
	unlock(t, l, endpoint, rs)
	got, err := io.ReadAll(rs.Body)
	if err != nil || string(got) != want {
		t.Errorf("body after Unlock has %d bytes (%v), want all %d", len(got), err, len(want))
	}
	if l.Refused() != 1 {
		t.Errorf("Refused() = %d, want 1", l.Refused())
	}
}

// Two routes with one hash are one bucket; two channels of one route are two.
func TestLimiterSharesBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		empty := []string{bucket1, limit5, none, "X-RateLimit-Reset-After: 4"}
		read := func(channel int) *rest.CompiledEndpoint { return rest.GetChannel.Compile(nil, channel) }
		for _, endpoint := range []*rest.CompiledEndpoint{post(9), read(9)} { // learn both routes' hash
			mustWait(t, l, endpoint)
			unlock(t, l, endpoint, respond(200, "", empty[0], limit5, "X-RateLimit-Remaining: 4", "X-RateLimit-Reset-After: 1"))
		}
		first := post(1)
		mustWait(t, l, first)
		unlock(t, l, first, respond(200, "", empty...))
		if got := wait(t.Context(), t, l, read(2)); got != 0 {
			t.Errorf("another channel waits %v", got)
		}
		if got, want := wait(t.Context(), t, l, read(1)), 4*time.Second+margin; got != want {
			t.Errorf("another route of the bucket waits %v, want %v", got, want)
		}
	})
}

func TestLimiterGoesOneByOneThenTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		var let atomic.Int32
		endpoints := make([]*rest.CompiledEndpoint, 8)
		for i := range endpoints {
			endpoints[i] = post(1)
			go func() {
				if l.Wait(t.Context(), endpoints[i]) == nil {
					let.Add(1)
				}
			}()
			synctest.Wait()
		}
		check := func(when string, want int32) {
			t.Helper()
			synctest.Wait()
			if got := let.Load(); got != want {
				t.Fatalf("%s: %d requests were let go, want %d", when, got, want)
			}
		}
		window := func(remaining string) *http.Response {
			return respond(200, "", bucket1, limit5, "X-RateLimit-Remaining: "+remaining,
				"X-RateLimit-Reset: 2000000005.000", "X-RateLimit-Reset-After: 5")
		}
		check("nothing is known", 1)
		unlock(t, l, endpoints[0], window("4"))
		check("four are left", 5)
		unlock(t, l, endpoints[4], window("0")) // the last of them is answered first
		unlock(t, l, endpoints[1], window("3"))
		unlock(t, l, endpoints[2], window("2"))
		unlock(t, l, endpoints[3], nil)
		check("none is left, whatever order the answers came in", 5)
		<-time.After(5*time.Second + margin)
		check("the next window", 8)
	})
}

// Three requests are in flight when a window ends. One is counted in the next, and the answer to one that was not
// comes last: what counts is the next window.
func TestLimiterTellsWindowsApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		window := func(ends, remaining, after string) *http.Response {
			return respond(200, "", bucket1, limit5, "X-RateLimit-Reset: "+ends,
				"X-RateLimit-Remaining: "+remaining, "X-RateLimit-Reset-After: "+after)
		}
		first, early, later, late := post(1), post(1), post(1), post(1)
		mustWait(t, l, first)
		unlock(t, l, first, window("2000000000.000", "4", "1.000"))
		for _, endpoint := range []*rest.CompiledEndpoint{early, later, late} {
			mustWait(t, l, endpoint)
		}
		unlock(t, l, early, window("2000000000.001", "3", "0.900"))
		unlock(t, l, later, window("2000000005.200", "4", "4.800"))
		unlock(t, l, late, window("2000000000.000", "0", "0.500"))
		for i := range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			if err := l.Wait(ctx, post(1)); err != nil {
				t.Errorf("request %d of the next window: %v", i, err)
			}
			cancel()
		}
		began := time.Now()
		mustWait(t, l, post(1))
		if got, want := time.Since(began), 4800*time.Millisecond+margin; got != want {
			t.Errorf("the window opens again after %v, want %v", got, want)
		}
	})
}

func TestLimiterHonoursContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		first := post(1)
		mustWait(t, l, first)
		unlock(t, l, first, respond(429, `{"retry_after":10}`, bucket1))
		began := time.Now()

		short, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		err := l.Wait(short, post(1))
		var limited *bot.LimitedError
		if !errors.As(err, &limited) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait = %v, want a *LimitedError that is a DeadlineExceeded", err)
		} else if got := limited.Until.Sub(began); got != 10*time.Second+margin {
			t.Errorf("limited for %v, want 10s", got)
		}
		if time.Since(began) != 0 {
			t.Errorf("it took %v to say that the turn comes too late", time.Since(began))
		}

		cancelled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := l.Wait(cancelled, post(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait = %v, want Canceled", err)
		}
		if err := l.Wait(cancelled, post(2)); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait with a context that is over = %v, want Canceled", err)
		}
		if got := wait(t.Context(), t, l, post(1)); got != 9*time.Second+margin {
			t.Errorf("those who left still hold up the queue: %v", got)
		}
	})
}

func TestLimiterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		flying, waiting := post(1), make(chan error)
		mustWait(t, l, flying)
		go func() { waiting <- l.Wait(t.Context(), post(1)) }()
		synctest.Wait()
		time.AfterFunc(time.Second, func() { unlock(t, l, flying, nil) })

		began := time.Now()
		bounded, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		go l.Close(bounded)
		if err := <-waiting; !errors.Is(err, bot.ErrClosed) {
			t.Errorf("waiting at Close: %v, want ErrClosed", err)
		}
		if err := l.Wait(t.Context(), post(2)); !errors.Is(err, bot.ErrClosed) {
			t.Errorf("Wait after Close: %v, want ErrClosed", err)
		}
		l.Close(t.Context())
		if got := time.Since(began); got != time.Second {
			t.Errorf("Close returned after %v, want when the flight was answered, after 1s", got)
		}
	})
}

func TestLimiterReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		for _, rs := range []*http.Response{
			respond(429, "", bucket1, "Retry-After: 100"),
			respond(429, "", "X-RateLimit-Scope: global", "Retry-After: 100"),
			respond(429, "", noVia, "Retry-After: 100"),
		} {
			endpoint := post(1)
			mustWait(t, l, endpoint)
			unlock(t, l, endpoint, rs)
			done := make(chan error)
			go func() { done <- l.Wait(t.Context(), endpoint) }()
			synctest.Wait()
			l.Reset()
			if err := <-done; err != nil {
				t.Errorf("Wait after Reset: %v", err)
			}
			unlock(t, l, endpoint, nil)
		}
		if got := time.Since(time.Unix(946684800, 0)); got != 0 {
			t.Errorf("Reset let a request wait for %v", got)
		}
	})
}

// Fifty requests are under way; as they are answered, those who wait go in the order in which they came, each
// a second after an answer.
func TestLimiterIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		flying := make([]*rest.CompiledEndpoint, 50)
		for i := range flying {
			flying[i] = post(i)
			mustWait(t, l, flying[i])
		}
		turn := make(chan int, 1)
		for i := range 20 {
			go func() {
				if l.Wait(t.Context(), post(100+i)) == nil {
					turn <- i
				}
			}()
			synctest.Wait()
		}
		for i := range 20 {
			unlock(t, l, flying[i], nil)
			began := time.Now()
			<-time.After(999 * time.Millisecond)
			wait(t.Context(), t, l, callback("a")) // has the queue looked through, too early
			if got := <-turn; got != i {
				t.Fatalf("turn %d went to %d", i, got)
			}
			if got := time.Since(began); got != time.Second+time.Nanosecond {
				t.Fatalf("turn %d came %v after an answer, want 1s", i, got)
			}
		}
	})
}

// The answer to an interaction goes at once while fifty posts are under way and more wait.
func TestLimiterLetsAnswersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for i := range 60 {
			go func() { _ = l.Wait(ctx, post(i)) }()
		}
		synctest.Wait()
		for _, endpoint := range []*rest.CompiledEndpoint{
			callback("t1"),
			rest.UpdateInteractionResponse.Compile(nil, 1, "t1"),
			rest.CreateFollowupMessage.Compile(nil, 1, "t1"),
		} {
			if got := wait(t.Context(), t, l, endpoint); got != 0 {
				t.Errorf("%s waits %v", endpoint.Endpoint.Route, got)
			}
		}
	})
}

// A bucket that nobody uses is forgotten, one that still has something to say is not.
func TestLimiterForgetsIdleBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		for token := range 1000 {
			wait(t.Context(), t, l, callback(fmt.Sprint(token)))
		}
		long, held := post(1), post(2)
		mustWait(t, l, long)
		unlock(t, l, long, respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 600"))
		mustWait(t, l, held)
		<-time.After(2 * time.Minute)
		wait(t.Context(), t, l, post(3))
		if got := l.Buckets(); got != 3 {
			t.Errorf("%d buckets are remembered, want the 3 of the channels", got)
		}
		if got := wait(t.Context(), t, l, post(1)); got != 8*time.Minute+margin {
			t.Errorf("the empty bucket opens in %v, want 8m", got)
		}
		unlock(t, l, held, nil)
	})
}

// Fifty a second are fifty over everything, whatever kind of request they are; only answers to interactions go on.
func TestLimiterPacesEveryKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bot.NewLimiter(50)
		flying := []*rest.CompiledEndpoint{
			rest.GetGatewayBot.Compile(nil), rest.SetGlobalCommands.Compile(nil, 1), rest.GetCurrentUser.Compile(nil),
		}
		for i := range 50 - len(flying) {
			flying = append(flying, [...]*rest.CompiledEndpoint{
				post(i), rest.GetChannel.Compile(nil, i), rest.SetGuildCommands.Compile(nil, 1, i),
			}[i%3])
		}
		began := time.Now()
		for _, endpoint := range flying {
			mustWait(t, l, endpoint)
		}
		if got := time.Since(began); got != 0 {
			t.Errorf("fifty requests wait %v", got)
		}
		for _, endpoint := range flying {
			unlock(t, l, endpoint, respond(200, ""))
		}
		if got := wait(t.Context(), t, l, callback("a")); got != 0 {
			t.Errorf("the answer to an interaction waits %v", got)
		}
		for name, endpoint := range map[string]*rest.CompiledEndpoint{
			"post": post(1000), "read": rest.GetChannel.Compile(nil, 1001), "registration": rest.SetGuildCommands.Compile(nil, 1, 1002),
		} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if got := wait(ctx, t, l, endpoint); got != never {
				t.Errorf("%s is request 51 and waits %v, want over a second", name, got)
			}
			cancel()
		}
		if got, want := wait(t.Context(), t, l, post(1000)), time.Second+time.Nanosecond; got != want {
			t.Errorf("request 51 waits %v, want %v", got, want)
		}
	})
}

func TestLimiterTellsWhenABucketOpens(t *testing.T) {
	tests := map[string]struct {
		rs    *http.Response
		other bool // another channel is asked for
		want  time.Duration
	}{
		"nothing known":  {respond(200, ""), false, 0},
		"some left":      {respond(200, "", bucket1, limit5, "X-RateLimit-Remaining: 1", "X-RateLimit-Reset-After: 4"), false, 0},
		"none left":      {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 4"), false, 4*time.Second + margin},
		"none elsewhere": {respond(200, "", bucket1, limit5, none, "X-RateLimit-Reset-After: 4"), true, 0},
		"refused":        {respond(429, `{"retry_after":7}`, bucket1), false, 7*time.Second + margin},
		"global":         {respond(429, `{"retry_after":7,"global":true}`, bucket1), true, 7*time.Second + margin},
		"the edge":       {respond(429, "error 1015", noVia, "Retry-After: 60"), true, time.Minute + margin},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := bot.NewLimiter(50)
				first := post(1)
				mustWait(t, l, first)
				if got := time.Until(l.Opens(post(1))); got != 0 {
					t.Errorf("with a request under way it opens in %v", got)
				}
				unlock(t, l, first, tc.rs)
				next := post(1)
				if tc.other {
					next = post(2)
				}
				if got := time.Until(l.Opens(next)); got != tc.want {
					t.Errorf("it opens in %v, want %v", got, tc.want)
				}
			})
		})
	}
}
