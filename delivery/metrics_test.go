package delivery_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/sirupsen/logrus"

	"dispatch/delivery"
)

// attempts is what a scrape says of the attempts to channels; those that are not named are 0.
func attempts(made map[string]int) string {
	var text strings.Builder
	text.WriteString("# HELP dispatch_attempts_total Attempts to deliver, by kind of destination and outcome.\n" +
		"# TYPE dispatch_attempts_total counter\n")
	for _, outcome := range []string{"down", "gone", "later", "pause", "sent", "stop", "wrong"} {
		fmt.Fprintf(&text, "dispatch_attempts_total{kind=\"channel\",outcome=%q} %d\n", outcome, made[outcome])
	}
	return text.String()
}

func outage(down int) string {
	return "# HELP dispatch_outage 1 while nothing is heard of the other side.\n# TYPE dispatch_outage gauge\n" +
		fmt.Sprintf("dispatch_outage{kind=\"channel\"} %d\n", down)
}

// shown is how many deliveries the histogram has seen, and how long they took in all.
func shown(t *testing.T, worker *delivery.Worker) (count uint64, seconds float64) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(worker); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "dispatch_shown_seconds" {
			histogram := family.GetMetric()[0].GetHistogram()
			return histogram.GetSampleCount(), histogram.GetSampleSum()
		}
	}
	t.Fatal("there is no dispatch_shown_seconds")
	return 0, 0
}

func compare(t *testing.T, worker *delivery.Worker, want string, names ...string) {
	t.Helper()
	if err := testutil.CollectAndCompare(worker, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
}

func TestMetricsAreThereFromTheStart(t *testing.T) {
	log := logrus.New()
	log.SetOutput(io.Discard)
	worker := delivery.NewWorker(nil, map[delivery.Kind]delivery.Sender{delivery.KindChannel: &script{}},
		delivery.Options{Owner: "test", Policy: policy, Log: log})
	compare(t, worker, attempts(nil)+outage(0), "dispatch_attempts_total", "dispatch_outage")
	if count, _ := shown(t, worker); count != 0 {
		t.Errorf("%d deliveries were shown", count)
	}
	problems, err := testutil.CollectAndLint(worker)
	if err != nil || len(problems) > 0 {
		t.Errorf("names: %v (%v)", problems, err)
	}
}

func TestMetricsCountWhatIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := time.Now().Add(20 * time.Second)
		sender := &script{do: func(eventType string, try int) delivery.Outcome {
			switch {
			case eventType == "down" && time.Now().Before(end):
				return delivery.Outcome{Verdict: delivery.Down, Err: errScripted}
			case eventType == "later" && try == 1:
				return delivery.Outcome{Verdict: delivery.Later, After: 4 * time.Second, Err: errScripted}
			case eventType == "wrong":
				return delivery.Outcome{Verdict: delivery.Wrong, Err: errScripted}
			case eventType == "pause":
				return delivery.Outcome{Verdict: delivery.Pause, Reason: "pause.refused", Err: errScripted}
			case eventType == "slow":
				<-time.After(3 * time.Second)
			}
			return delivery.Outcome{Verdict: delivery.Sent}
		}}
		o := open(t, sender, "sales", "support")
		o.accept("sales", "down")
		after(10 * time.Second) // tries at 0, 1, 3 and 7 seconds; the next is at 15, and the one that is heard at 31
		compare(t, o.worker, attempts(map[string]int{"down": 4})+outage(1), "dispatch_attempts_total", "dispatch_outage")
		after(25 * time.Second)
		made := map[string]int{"down": 5, "sent": 1}
		compare(t, o.worker, attempts(made)+outage(0), "dispatch_attempts_total", "dispatch_outage")

		o.accept("sales", "slow", "later", "wrong", "pause", "behind")
		after(time.Minute)
		made = map[string]int{"down": 5, "sent": 3, "later": 1, "wrong": 1, "pause": 1}
		compare(t, o.worker, attempts(made)+outage(0), "dispatch_attempts_total", "dispatch_outage")
		if count, seconds := shown(t, o.worker); count != 3 || seconds != 31+3+7 {
			t.Errorf("%d deliveries were shown within %v s, want 3 within 41", count, seconds)
		}
	})
}
