// Package filter decides by an expression whether an event is wanted. It is a room of its own because three others
// ask it: delivery matches links by it, render shows fields by it, commands check it, and none of them may own it.
//
// Expressions are those of expr-lang/expr, read by its parser and run by its machine. In between they are rewritten
// (build.go): what is missing is nil and fails no comparison, only what is harmless is left, and everything that
// looks at the event pays for it out of a budget, so that no expression holds up anything, whatever the event is.
package filter

import (
	"fmt"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// MaxLength is how many characters an expression may have.
const MaxLength = 1000

// Filter is an expression that was understood. It is safe for concurrent use.
type Filter struct {
	source  source
	program *vm.Program
}

// Parse reads an expression. Its error is an *Error.
func Parse(expression string) (*Filter, error) {
	written := source(expression)
	if utf8.RuneCountInString(expression) > MaxLength {
		return nil, written.at(span(MaxLength, MaxLength), fmt.Sprintf("an expression has at most %d characters", MaxLength))
	}
	tree, err := parser.Parse(expression)
	if err != nil {
		return nil, written.misread(err)
	}
	builder := builder{source: written, seen: make(map[ast.Node]bool)}
	if tree.Node = builder.condition(tree.Node); builder.err != nil {
		return nil, builder.err
	}
	config := conf.CreateNew()
	for _, option := range library {
		option(config)
	}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, written.failed(err)
	}
	program, err := compiler.Compile(tree, config)
	if err != nil {
		return nil, written.failed(err)
	}
	return &Filter{source: written, program: program}, nil
}

// Match says whether the event is wanted. Its error is an *Error.
func (f *Filter) Match(s *Scope) (bool, error) {
	s.begin()
	defer s.end()
	wanted, err := expr.Run(f.program, s)
	if err != nil {
		return false, f.source.failed(err)
	}
	return wanted == true, nil
}
