package filter

import (
	"github.com/expr-lang/expr"
)

// loops are the functions of the language that go over a list.
var loops = []string{"all", "any", "none", "one", "count", "filter", "find", "map", "sum"}

// library is what a rewritten expression calls. Its author cannot: builder lets no other call through.
var library = func() []expr.Option {
	made := []expr.Option{
		expr.Env(&Scope{}),
		expr.Function("look", func(p ...any) (any, error) { return p[0].(*Scope).look(p[1].(*path)) },
			new(func(*Scope, *path) any)),
		expr.Function("member", func(p ...any) (any, error) { return p[0].(*Scope).member(p[1], p[2]) },
			new(func(*Scope, any, any) any)),
		expr.Function("element", func(p ...any) (any, error) { return p[1], p[0].(*Scope).pay(size(p[1])) },
			new(func(*Scope, any) any)),
		expr.Function("each", func(p ...any) (any, error) { return p[0].(*Scope).each(p[1], p[2].(int)) },
			new(func(*Scope, any, int) []any)),
		expr.Function("truth", func(p ...any) (any, error) { return truth(p[0]) },
			new(func(any) bool)),
		expr.Function("addend", func(p ...any) (any, error) { return addend(p[0]) },
			new(func(any) any)),
		expr.Function("==", func(p ...any) (any, error) { return p[0].(*Scope).same(p[1], p[2]) },
			new(func(*Scope, any, any) bool)),
		expr.Function("!=", func(p ...any) (any, error) {
			same, err := p[0].(*Scope).same(p[1], p[2])
			return !same, err
		}, new(func(*Scope, any, any) bool)),
		expr.Function("in", func(p ...any) (any, error) { return p[0].(*Scope).in(p[1], p[2]) },
			new(func(*Scope, any, any) bool)),
		expr.Function("matches", func(p ...any) (any, error) { return p[0].(*Scope).matches(p[1], p[2].(*pattern)) },
			new(func(*Scope, any, *pattern) bool)),
		expr.Function("changed", func(p ...any) (any, error) { return p[0].(*Scope).changed(p[1]) },
			new(func(*Scope, any) bool)),
		expr.Function("was", func(p ...any) (any, error) { return p[0].(*Scope).was(p[1]) },
			new(func(*Scope, any) any)),
	}
	for name, do := range operators {
		made = append(made, expr.Function(name, func(p ...any) (any, error) { return do(p[0], p[1]) }, new(func(any, any) any)))
	}
	for name, do := range functions {
		made = append(made, expr.Function(name, func(p ...any) (any, error) { return do(p[0]) }, new(func(any) any)))
	}
	return made
}()

// addend is a value as a part of a sum. What is missing adds nothing.
func addend(v any) (any, error) {
	read, err := number(v)
	if read == nil && err == nil {
		return 0, nil
	}
	return read, err
}
