package transform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// guard rewrites a program so that what the interpreter does at once, without a look at the clock, is checked before:
// operators and functions that can make much out of little become calls of the prelude. What cannot be bounded, or has
// no business in here, is refused; the first such thing is in err.
type guard struct {
	program string
	err     *Error
	defined []string // functions of the program that are in sight
	called  []string // functions of others
}

func (g *guard) refuse(word, problem string) {
	if g.err == nil {
		g.err = about(g.program, word, problem)
	}
}

// signature is how functions are told apart.
func signature(name string, arguments int) string { return name + "/" + strconv.Itoa(arguments) }

// call is a call of the prelude.
func (g *guard) call(name string, arguments ...*gojq.Query) *gojq.Query {
	g.called = append(g.called, name)
	return termOf(&gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: arguments}})
}

func termOf(term *gojq.Term) *gojq.Query { return &gojq.Query{Term: term} }

func pipe(left, right *gojq.Query) *gojq.Query {
	return &gojq.Query{Left: left, Op: gojq.OpPipe, Right: right}
}

// within is a query as a term.
func within(query *gojq.Query) *gojq.Term {
	return &gojq.Term{Type: gojq.TermTypeQuery, Query: query}
}

// operators are the functions in place of operators.
var operators = map[gojq.Operator]string{
	gojq.OpAdd: "__add", gojq.OpSub: "__subtract", gojq.OpMul: "__multiply", gojq.OpDiv: "__divide",
	gojq.OpEq: "__equal", gojq.OpNe: "__unequal", gojq.OpLt: "__less", gojq.OpLe: "__atmost", gojq.OpGt: "__more", gojq.OpGe: "__atleast",
	gojq.OpUpdateAdd: "__add", gojq.OpUpdateSub: "__subtract", gojq.OpUpdateMul: "__multiply", gojq.OpUpdateDiv: "__divide",
}

// query rewrites in place.
func (g *guard) query(q *gojq.Query) {
	if q == nil || g.err != nil {
		return
	}
	if q.Meta != nil || len(q.Imports) > 0 {
		g.refuse("import", "there are no modules")
		return
	}
	before := len(g.defined)
	defer func() { g.defined = g.defined[:before] }()
	for _, definition := range q.FuncDefs {
		g.define(definition)
	}
	if q.Term != nil {
		g.term(q.Term)
		return
	}
	g.query(q.Left)
	g.patterns(q.Patterns)
	g.query(q.Right)
	g.operator(q)
}

func (g *guard) operator(q *gojq.Query) {
	definitions, name := q.FuncDefs, operators[q.Op]
	switch q.Op {
	case gojq.OpUpdateAdd, gojq.OpUpdateSub, gojq.OpUpdateMul, gojq.OpUpdateDiv:
		by := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: "$__by"}}}
		updated := g.call(name, termOf(&gojq.Term{Type: gojq.TermTypeIdentity}), by)
		*q = gojq.Query{
			Left: q.Right, Op: gojq.OpPipe, Patterns: []*gojq.Pattern{{Name: "$__by"}},
			Right: g.update(q.Left, gojq.OpModify, updated),
		}
	case gojq.OpModify:
		*q = *g.update(q.Left, q.Op, pipe(q.Right, g.call("__wide")))
	case gojq.OpUpdateMod, gojq.OpUpdateAlt:
		*q = *g.update(q.Left, q.Op, q.Right)
	case gojq.OpAssign:
		q.Right = pipe(q.Right, g.call("__wide"))
	default:
		if name != "" {
			*q = *g.call(name, q.Left, q.Right)
		}
	}
	q.FuncDefs = definitions
}

// update looks at the whole before a part of it is changed: what is deleted by the way is looked for everywhere.
func (g *guard) update(left *gojq.Query, op gojq.Operator, right *gojq.Query) *gojq.Query {
	return pipe(g.call("__walk"), &gojq.Query{Left: left, Op: op, Right: right})
}

func (g *guard) define(f *gojq.FuncDef) {
	if strings.HasPrefix(f.Name, "__") {
		g.refuse(f.Name, "names do not begin with __")
	}
	g.defined = append(g.defined, signature(f.Name, len(f.Args)))
	before := len(g.defined)
	for _, argument := range f.Args {
		if strings.HasPrefix(strings.TrimPrefix(argument, "$"), "__") {
			g.refuse(argument, "names do not begin with __")
		}
		g.defined = append(g.defined, signature(strings.TrimPrefix(argument, "$"), 0))
	}
	g.query(f.Body)
	g.defined = g.defined[:before]
}

func (g *guard) term(t *gojq.Term) {
	switch t.Type {
	case gojq.TermTypeIndex:
		g.index(t.Index)
	case gojq.TermTypeFunc:
		g.function(t.Func)
	case gojq.TermTypeObject:
		for _, field := range t.Object.KeyVals {
			field.KeyQuery, field.KeyString = g.key(field.KeyQuery, field.KeyString)
			g.query(field.Val)
		}
	case gojq.TermTypeArray:
		g.query(t.Array.Query)
	case gojq.TermTypeUnary:
		g.term(t.Unary.Term)
	case gojq.TermTypeFormat, gojq.TermTypeString:
		g.text(t)
	case gojq.TermTypeQuery:
		g.query(t.Query)
	default:
		g.control(t)
	}
	for _, suffix := range t.SuffixList {
		g.index(suffix.Index)
	}
}

func (g *guard) control(t *gojq.Term) {
	switch t.Type {
	case gojq.TermTypeIf:
		g.query(t.If.Cond)
		g.query(t.If.Then)
		for _, other := range t.If.Elif {
			g.query(other.Cond)
			g.query(other.Then)
		}
		g.query(t.If.Else)
	case gojq.TermTypeTry:
		g.query(t.Try.Body)
		g.query(t.Try.Catch)
	case gojq.TermTypeReduce:
		g.query(t.Reduce.Query)
		g.patterns(t.Reduce.Patterns)
		g.query(t.Reduce.Start)
		g.query(t.Reduce.Update)
	case gojq.TermTypeForeach:
		g.query(t.Foreach.Query)
		g.patterns(t.Foreach.Patterns)
		g.query(t.Foreach.Start)
		g.query(t.Foreach.Update)
		g.query(t.Foreach.Extract)
	case gojq.TermTypeLabel:
		g.query(t.Label.Body)
	}
}

func (g *guard) patterns(patterns []*gojq.Pattern) {
	for _, pattern := range patterns {
		if strings.HasPrefix(pattern.Name, "$__") {
			g.refuse(pattern.Name, "names do not begin with __")
		}
		g.patterns(pattern.Array)
		for _, field := range pattern.Object {
			field.KeyQuery, field.KeyString = g.key(field.KeyQuery, field.KeyString)
			if field.KeyQuery != nil {
				field.KeyQuery = pipe(field.KeyQuery, g.call("__index"))
			}
			if field.Val != nil {
				g.patterns([]*gojq.Pattern{field.Val})
			}
		}
	}
}

// key rewrites a computed key.
func (g *guard) key(query *gojq.Query, text *gojq.String) (*gojq.Query, *gojq.String) {
	if text == nil || text.Queries == nil {
		g.query(query)
		return query, text
	}
	return g.joined(text, g.asText), nil
}

// index keeps lists from being made longer than they may be by a number: .[1000000000] = 0.
func (g *guard) index(i *gojq.Index) {
	switch {
	case i == nil || i.Name != "":
		return
	case i.Str != nil && i.Str.Queries != nil:
		i.Start, i.Str = g.joined(i.Str, g.asText), nil
		return
	}
	g.query(i.Start)
	g.query(i.End)
	if i.Start == nil || i.IsSlice {
		return
	}
	if term := i.Start.Term; term != nil && term.Type == gojq.TermTypeString || isSmall(term) {
		return
	}
	i.Start = pipe(i.Start, g.call("__index"))
}

// isSmall says whether the term is a number that needs no check as an index.
func isSmall(term *gojq.Term) bool {
	if term != nil && term.Type == gojq.TermTypeUnary && len(term.SuffixList) == 0 {
		term = term.Unary.Term
	}
	return term != nil && term.Type == gojq.TermTypeNumber && len(term.SuffixList) == 0 && len(term.Number) < 3
}

func (g *guard) function(f *gojq.Func) {
	for _, argument := range f.Args {
		g.query(argument)
	}
	name := signature(f.Name, len(f.Args))
	switch {
	case f.Name[0] == '$':
		if strings.HasPrefix(f.Name, "$__") || f.Name == "$ENV" {
			g.refuse(f.Name, "there is no such variable")
		}
	case slices.Contains(g.defined, name):
	case !allowed()[name]:
		g.refuse(f.Name, refusal(f.Name, len(f.Args)))
	default:
		g.called = append(g.called, f.Name)
	}
}

// text rewrites a text with something computed in it, or a format.
func (g *guard) text(t *gojq.Term) {
	if t.Str != nil && t.Str.Queries == nil {
		return
	}
	asText := g.asText
	if t.Type == gojq.TermTypeFormat {
		format := t.Format
		asText = func() *gojq.Query {
			return pipe(g.call("__walk"), termOf(&gojq.Term{Type: gojq.TermTypeFormat, Format: format}))
		}
	}
	suffixes := t.SuffixList
	if t.Str == nil {
		*t = *within(asText())
	} else {
		*t = *within(g.joined(t.Str, asText))
	}
	t.SuffixList = suffixes
}

func (g *guard) asText() *gojq.Query { return g.call("tostring") }

// joined adds the pieces of a text, as the interpreter would do.
func (g *guard) joined(text *gojq.String, asText func() *gojq.Query) *gojq.Query {
	var whole *gojq.Query
	for _, piece := range text.Queries {
		if piece.Term.Str == nil {
			g.query(piece)
			piece = pipe(piece, asText())
		}
		if whole == nil {
			whole = piece
		} else {
			whole = g.call("__add", whole, piece)
		}
	}
	return whole
}
