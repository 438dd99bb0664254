package filter

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// What an expression may begin with.
const (
	ofRecord = iota
	ofOld
	ofBody
	ofHeaders
	ofMeta
)

var roots = map[string]int{"record": ofRecord, "old": ofOld, "body": ofBody, "headers": ofHeaders, "meta": ofMeta}

var metaNames = []string{"type", "id", "source", "object", "action", "received_at"}

// path leads to a value of the event.
type path struct {
	root int
	keys []string
}

func (p *path) down(key string) *path {
	if p.root == ofHeaders && len(p.keys) == 0 {
		key = strings.ToLower(key)
	}
	return &path{root: p.root, keys: append(slices.Clone(p.keys), key)}
}

// look is a call that gives what the path leads to.
func look(at ast.Node, p *path) ast.Node {
	return call(at, "look", env(), &ast.ConstantNode{Value: p})
}

// pathOf is the path that a node looks up, nil when it does anything else.
func pathOf(node ast.Node) *path {
	if made, ok := node.(*ast.CallNode); ok && len(made.Arguments) == 2 {
		if constant, ok := made.Arguments[1].(*ast.ConstantNode); ok {
			known, _ := constant.Value.(*path)
			return known
		}
	}
	return nil
}

// env is the Scope that the expression is run on.
func env() ast.Node { return &ast.IdentifierNode{Value: "$env"} }

// call is a call of the library in place of a node.
func call(at ast.Node, name string, arguments ...ast.Node) ast.Node {
	made := &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: arguments}
	made.SetLocation(at.Location())
	return made
}

// truths is the kind of what is true or false.
const truths = "true or false"

// kindOf is what a node as it was parsed gives, in words, as far as that is known without an event; else "".
func kindOf(node ast.Node) string {
	switch n := node.(type) {
	case *ast.BoolNode:
		return truths
	case *ast.StringNode:
		return kindOfValue(n.Value)
	case *ast.IntegerNode:
		return kindOfValue(n.Value)
	case *ast.FloatNode:
		return kindOfValue(n.Value)
	case *ast.ArrayNode:
		return kindOfValue([]any{})
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return truths
		}
		return kindOfValue(0)
	case *ast.BinaryNode:
		return kindOfOperator(n.Operator)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && callee.Value == "changed" {
			return truths
		}
	case *ast.BuiltinNode:
		return kindOfFunction(n.Name)
	}
	return ""
}

func kindOfOperator(operator string) string {
	switch operator {
	case "-", "*", "/", "%", "**", "^":
		return kindOfValue(0)
	case "+":
		return "a number or a text"
	case "??":
		return ""
	}
	return truths
}

func kindOfFunction(name string) string {
	switch name {
	case "all", "any", "none", "one":
		return truths
	case "filter", "map":
		return kindOfValue([]any{})
	case "find":
		return ""
	case "lower", "upper", "trim":
		return kindOfValue("")
	}
	return kindOfValue(0)
}
