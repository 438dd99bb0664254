package render

import (
	"errors"
	"fmt"
	"strings"
	"text/template/parse"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
)

// What running a template may take, over all of its texts.
const (
	maxTime    = 100 * time.Millisecond
	maxSteps   = 1_000_000 // about what maxTime allows
	maxWritten = 64 << 10  // characters
	maxMade    = 1 << 20   // bytes of the texts that functions make
	maxCalls   = 40        // templates that call one another, or themselves
)

// How many bytes are a step: of those that are looked through for something, and of those that are worked on.
const (
	scanned = 1024
	handled = 16
)

// untimed is how many steps are taken between two looks at the clock. Most templates take fewer, so that a busy
// machine does not make them fail.
const untimed = 2000

// run is a template at work on one event. It walks the parsed texts itself, because text/template would call methods,
// and stops nowhere but where it writes.
type run struct {
	data
	roles     []string // that can be mentioned
	script    *script  // the text that is running
	writer    writer
	args      []value
	variables []variable
	calls     int

	began  time.Time
	steps  int
	looked int // steps at the last look at the clock
	bytes  int // of the texts that functions made
}

type variable struct {
	name string
	is   value
}

func newRun(e event.Event, sourceName string, say locales.Catalog, roles []string) *run {
	return &run{data: data{event: e, source: sourceName, say: say}, roles: roles, began: time.Now()}
}

var errTooLong = errors.New("this takes too long")

// What ends an iteration. Neither is a failure.
var (
	errBreak    = errors.New("break")
	errContinue = errors.New("continue")
)

// text is what the script writes about the event. The error is a *TemplateError.
func (r *run) text(s *script) (string, error) {
	if s.isFixed() {
		return s.text, nil
	}
	r.script = s
	for _, literal := range []bool{false, true} {
		r.writer.begin(s, literal)
		r.variables = append(r.variables[:0], variable{"$", value{kind: kindData}})
		if err := r.list(value{kind: kindData}, s.main); err != nil {
			return "", err
		}
		if r.writer.ticks == 0 {
			break // else what was taken for code has no end, so that it is none
		}
	}
	return string(r.writer.out), nil
}

// spend takes steps, until there are none left.
func (r *run) spend(steps int) error {
	if r.steps += steps; r.steps > maxSteps {
		return errTooLong
	}
	if r.steps-r.looked > untimed {
		r.looked = r.steps
		if time.Since(r.began) > maxTime {
			return errTooLong
		}
	}
	return nil
}

// make takes room for a text that a function makes.
func (r *run) make(bytes int) error {
	if r.bytes += bytes; r.bytes > maxMade {
		return fmt.Errorf("this makes more than %d KB of text", maxMade>>10)
	}
	return r.spend(bytes / handled)
}

// fail tells where the text fails.
func (r *run) fail(n parse.Node, err error) error {
	var told *TemplateError
	if err == nil || errors.As(err, &told) || errors.Is(err, errBreak) || errors.Is(err, errContinue) {
		return err
	}
	return r.script.wrongNode(n, err.Error())
}

func (r *run) list(dot value, list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		if err := r.node(dot, n); err != nil {
			return r.fail(n, err)
		}
	}
	return nil
}

func (r *run) node(dot value, n parse.Node) error {
	if err := r.spend(1); err != nil {
		return err
	}
	switch n := n.(type) {
	case *parse.TextNode:
		return r.writer.own(string(n.Text))
	case *parse.ActionNode:
		v, err := r.pipe(dot, n.Pipe)
		if err != nil || len(n.Pipe.Decl) > 0 {
			return err
		}
		return r.write(v)
	case *parse.IfNode:
		return r.branch(dot, &n.BranchNode)
	case *parse.WithNode:
		return r.branch(dot, &n.BranchNode)
	case *parse.RangeNode:
		return r.iterate(dot, n)
	case *parse.TemplateNode:
		return r.template(dot, n)
	case *parse.BreakNode:
		return errBreak
	case *parse.ContinueNode:
		return errContinue
	}
	return nil
}

// branch is an {{if}} or a {{with}}, with all that follows it by {{else if}}.
func (r *run) branch(dot value, n *parse.BranchNode) error {
	mark := len(r.variables)
	for {
		v, err := r.pipe(dot, n.Pipe)
		if err != nil {
			return r.fail(n.Pipe, err)
		}
		next := chained(n)
		switch is := r.isTrue(v); {
		case is && n.NodeType == parse.NodeWith:
			err = r.list(v, n.List)
		case is:
			err = r.list(dot, n.List)
		case next != nil:
			n = next
			if err := r.spend(1); err != nil {
				return err
			}
			continue
		default:
			err = r.list(dot, n.ElseList)
		}
		r.variables = r.variables[:mark]
		return err
	}
}

// template runs a defined text. The parser let it know no variables but its own.
func (r *run) template(dot value, n *parse.TemplateNode) error {
	given := none
	if n.Pipe != nil {
		var err error
		if given, err = r.pipe(dot, n.Pipe); err != nil {
			return err
		}
	}
	if r.calls++; r.calls > maxCalls {
		return fmt.Errorf("more than %d templates call one another", maxCalls)
	}
	mark := len(r.variables)
	r.variables = append(r.variables, variable{"$", given})
	err := r.list(given, r.script.trees[n.Name].Root)
	r.variables = r.variables[:mark]
	r.calls--
	return err
}

// write shows a value.
func (r *run) write(v value) error {
	if !v.isScalar() {
		text, err := r.textOf(v)
		if err != nil {
			return err
		}
		v = textValue(text)
	}
	if err := r.spend(min(len(v.text), maxRaw) / handled); err != nil {
		return err
	}
	return r.writer.value(v)
}

// textOf is a value as text: a record by its name, another object by its JSON, the items of a list with commas between
// them.
func (r *run) textOf(v value) (string, error) {
	switch {
	case v.isScalar():
		return v.text, nil
	case v.kind != kindList:
		return r.nameOrJSON(r.json(v))
	}
	var b strings.Builder
	err := r.each(v, func(_, item value) error {
		text := item.text
		if !item.isScalar() {
			var err error
			if text, err = r.nameOrJSON(gjson.Parse(item.text)); err != nil {
				return err
			}
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(text)
		return r.make(len(text) + len(", "))
	})
	return b.String(), err
}

func (r *run) nameOrJSON(object gjson.Result) (string, error) {
	if err := r.spend(len(object.Raw) / handled); err != nil {
		return "", err
	}
	if name := nameOf(object, r.say); name != "" {
		return name, nil
	}
	return r.masked(object.Raw)
}

// masked is JSON without the secrets in it, which nobody asked for by name.
func (r *run) masked(written string) (string, error) {
	if err := r.make(len(written)); err != nil || written == "" {
		return "", err
	}
	return string(event.Mask([]byte(written))), nil
}
