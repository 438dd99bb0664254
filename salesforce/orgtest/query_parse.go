package orgtest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query is as much of SOQL as there is here: fields, one object, conditions, an order and a limit.
type query struct {
	fields []string
	from   string
	where  *condition
	order  []ordering
	limit  int // 0: none
}

type ordering struct {
	name string
	sign int
}

func (q query) orderNames() []string {
	var names []string
	for _, o := range q.order {
		names = append(names, o.name)
	}
	return names
}

// condition is a comparison, or several of which all or one have to hold. nil always holds.
type condition struct {
	name, operator string
	value          any

	parts []*condition
	any   bool
}

var (
	tokenShape = regexp.MustCompile(`^\s*('(?:[^'\\]|\\.)*'|\d{4}-\d{2}-\d{2}T[0-9:.]+Z|[A-Za-z_][A-Za-z0-9_.]*|-?[0-9.]+|[<>!]=|[=<>(),])`)
	nameShape  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$`)
)

// reader takes a query apart.
type reader struct {
	tokens []string
	failed bool
}

func parseQuery(text string) (query, *queryFault) {
	r := &reader{}
	rest := text
	for strings.TrimSpace(rest) != "" {
		found := tokenShape.FindStringSubmatchIndex(rest)
		if found == nil {
			return query{}, &queryFault{"MALFORMED_QUERY", "unexpected token: '" + strings.TrimSpace(rest) + "'"}
		}
		r.tokens = append(r.tokens, rest[found[2]:found[3]])
		rest = rest[found[1]:]
	}
	q := r.query()
	if r.failed || len(r.tokens) > 0 {
		return query{}, &queryFault{"MALFORMED_QUERY", "unexpected token: '" + strings.Join(r.tokens[:min(1, len(r.tokens))], "") + "'"}
	}
	return q, nil
}

func (r *reader) query() (q query) {
	r.want("SELECT")
	q.fields = r.names()
	r.want("FROM")
	q.from = r.name()
	if r.has("WHERE") {
		q.where = r.condition()
	}
	if r.has("ORDER") {
		r.want("BY")
		for more := true; more && !r.failed; more = r.has(",") {
			o := ordering{name: r.name(), sign: 1}
			if r.has("DESC") {
				o.sign = -1
			} else {
				r.has("ASC")
			}
			q.order = append(q.order, o)
		}
	}
	if r.has("LIMIT") {
		n, err := strconv.Atoi(r.take())
		r.failed = r.failed || err != nil || n < 1
		q.limit = n
	}
	return q
}

func (r *reader) take() string {
	if len(r.tokens) == 0 {
		r.failed = true
		return ""
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *reader) has(word string) bool {
	if len(r.tokens) == 0 || !strings.EqualFold(r.tokens[0], word) {
		return false
	}
	r.take()
	return true
}

func (r *reader) want(word string) { r.failed = !r.has(word) || r.failed }

func (r *reader) name() string {
	name := r.take()
	r.failed = r.failed || !nameShape.MatchString(name)
	return name
}

func (r *reader) names() (all []string) {
	for more := true; more && !r.failed; more = r.has(",") {
		name := r.name()
		r.failed = r.failed || slices.Contains(all, name) // Salesforce: duplicate field selected
		all = append(all, name)
	}
	return all
}

// condition reads comparisons that are joined by AND, or by OR: both need parentheses.
func (r *reader) condition() *condition {
	c := &condition{parts: []*condition{r.part()}}
	for joint := ""; !r.failed; {
		switch {
		case joint != "OR" && r.has("AND"):
			joint = "AND"
		case joint != "AND" && r.has("OR"):
			joint, c.any = "OR", true
		default:
			return c
		}
		c.parts = append(c.parts, r.part())
	}
	return c
}

func (r *reader) part() *condition {
	if r.has("(") {
		c := r.condition()
		r.want(")")
		return c
	}
	c := &condition{name: r.name(), operator: r.take()}
	r.failed = r.failed || !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, c.operator)
	c.value = r.value()
	return c
}

func (r *reader) value() any {
	token := r.take()
	if at, err := time.Parse(time.RFC3339Nano, token); err == nil {
		return at
	}
	switch {
	case strings.HasPrefix(token, "'"):
		return strings.ReplaceAll(strings.Trim(token, "'"), `\'`, "'")
	case strings.EqualFold(token, "true"), strings.EqualFold(token, "false"):
		return strings.EqualFold(token, "true")
	}
	number, err := strconv.ParseFloat(token, 64)
	r.failed = r.failed || err != nil
	return number
}

func (c *condition) names() []string {
	if c == nil {
		return nil
	}
	if len(c.parts) == 0 {
		return []string{c.name}
	}
	var names []string
	for _, part := range c.parts {
		names = append(names, part.names()...)
	}
	return names
}

// check wants values to be of their fields' types.
func (c *condition) check(table Table) *queryFault {
	if c == nil {
		return nil
	}
	for _, part := range c.parts {
		if fault := part.check(table); fault != nil {
			return fault
		}
	}
	f, _ := table.field(c.name)
	if _, isTime := c.value.(time.Time); c.name != "" && isTime != (f.Type == "datetime") {
		return &queryFault{"INVALID_FIELD", "value of filter criterion for field '" + c.name + "' must be of type " + f.Type}
	}
	return nil
}

func (c *condition) takes(r row) bool {
	if c == nil {
		return true
	}
	if len(c.parts) > 0 {
		holds := func(part *condition) bool { return part.takes(r) == c.any }
		return slices.ContainsFunc(c.parts, holds) == c.any
	}
	n := compareValues(r.values[c.name], c.value)
	switch c.operator {
	case "=":
		return n == 0
	case "!=":
		return n != 0
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	}
	return n >= 0
}
