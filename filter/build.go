package filter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// builder rewrites what was parsed into calls of the library. The first thing that it does not let through is in err.
type builder struct {
	source source
	err    *Error
	seen   map[ast.Node]bool
}

// refuse remembers what is wrong with a node. What it returns is never run.
func (b *builder) refuse(at file.Location, problem string) ast.Node {
	if b.err == nil {
		b.err = b.source.at(at, problem)
	}
	return &ast.NilNode{}
}

// condition rewrites what must be true or false.
func (b *builder) condition(node ast.Node) ast.Node {
	kind := kindOf(node)
	if kind != "" && kind != truths {
		return b.refuse(node.Location(), "this is "+kind+", not a condition: compare it with something")
	}
	built := b.build(node)
	if kind == truths {
		return built
	}
	return call(node, "truth", built)
}

// build rewrites a node and all below it.
func (b *builder) build(node ast.Node) ast.Node {
	if b.err != nil {
		return node
	}
	// The parser gives b to both comparisons of a < b < c. Nested, such pairs double what is to be walked each time.
	if b.seen[node] {
		return b.refuse(node.Location(), "comparisons are not chained: write a < b && b < c")
	}
	b.seen[node] = true
	switch n := node.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
		return node
	case *ast.IdentifierNode:
		return b.name(n)
	case *ast.ChainNode:
		return b.build(n.Node)
	case *ast.MemberNode:
		return b.member(n)
	case *ast.UnaryNode:
		return b.unary(n)
	case *ast.BinaryNode:
		return b.binary(n)
	case *ast.CallNode:
		return b.call(n)
	case *ast.BuiltinNode:
		return b.builtin(n)
	case *ast.PointerNode:
		return b.pointer(n)
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = b.condition(n.Cond), b.build(n.Exp1), b.build(n.Exp2)
		return n
	case *ast.ArrayNode:
		return b.array(n)
	}
	return b.refuse(node.Location(), "this cannot be in a filter")
}

func (b *builder) unary(n *ast.UnaryNode) ast.Node {
	switch n.Operator {
	case "-":
		return call(n, "-", &ast.IntegerNode{}, b.build(n.Node))
	case "+":
		return b.build(n.Node)
	}
	n.Node = b.condition(n.Node)
	return n
}

func (b *builder) binary(n *ast.BinaryNode) ast.Node {
	switch n.Operator {
	case "&&", "||", "and", "or":
		n.Left, n.Right = b.condition(n.Left), b.condition(n.Right)
		return n
	case "??":
		n.Left, n.Right = b.build(n.Left), b.build(n.Right)
		return n
	case "matches":
		return b.matches(n)
	case "==", "!=", "in":
		return call(n, n.Operator, env(), b.build(n.Left), b.build(n.Right))
	}
	if _, ok := operators[n.Operator]; !ok {
		return b.refuse(n.Location(), "this cannot be in a filter")
	}
	return call(n, n.Operator, b.build(n.Left), b.build(n.Right))
}

func (b *builder) matches(n *ast.BinaryNode) ast.Node {
	text, ok := n.Right.(*ast.StringNode)
	if !ok {
		return b.refuse(n.Right.Location(), "a pattern is a text in quotes")
	}
	compiled, err := compilePattern(text.Value)
	if err != nil {
		return b.refuse(text.Location(), err.Error())
	}
	return call(n, n.Operator, env(), b.build(n.Left), &ast.ConstantNode{Value: compiled})
}

// call lets the functions through that ask the event.
func (b *builder) call(n *ast.CallNode) ast.Node {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return b.refuse(n.Location(), "values have no methods: write lower(record.Name)")
	}
	if callee.Value != "changed" && callee.Value != "was" {
		return b.refuse(n.Location(), "there is no such function")
	}
	if len(n.Arguments) != 1 {
		return b.refuse(n.Location(), "this takes the name of one field, as in "+callee.Value+`("StageName")`)
	}
	return call(n, callee.Value, env(), b.build(n.Arguments[0]))
}

func (b *builder) builtin(n *ast.BuiltinNode) ast.Node {
	if slices.Contains(loops, n.Name) {
		return b.loop(n)
	}
	if _, ok := functions[n.Name]; !ok {
		return b.refuse(n.Location(), "this cannot be in a filter")
	}
	if len(n.Arguments) != 1 {
		return b.refuse(n.Location(), "this takes one value")
	}
	return call(n, n.Name, b.build(n.Arguments[0]))
}

// loop charges for the whole of it before it begins: as often as there are elements, what is done to one.
func (b *builder) loop(n *ast.BuiltinNode) ast.Node {
	list, before := b.build(n.Arguments[0]), len(b.seen)
	var each ast.Node = &ast.PointerNode{} // the element itself
	each.SetLocation(n.Location())
	if len(n.Arguments) > 1 {
		each = n.Arguments[1].(*ast.PredicateNode).Node
	}
	switch n.Name {
	case "map":
		each = b.build(each)
	case "sum":
		each = call(n, "addend", b.build(each))
	default:
		each = b.condition(each)
	}
	work := &ast.IntegerNode{Value: 1 + len(b.seen) - before}
	predicate := &ast.PredicateNode{Node: each}
	predicate.SetLocation(n.Location())
	n.Arguments = []ast.Node{call(n, "each", env(), list, work), predicate}
	return n
}

func (b *builder) pointer(n *ast.PointerNode) ast.Node {
	if n.Name != "" {
		return b.refuse(n.Location(), "this cannot be in a filter")
	}
	return call(n, "element", env(), n)
}

// array makes a list of literals once, not for each event.
func (b *builder) array(n *ast.ArrayNode) ast.Node {
	values := make([]any, 0, len(n.Nodes))
	for i, node := range n.Nodes {
		n.Nodes[i] = b.build(node)
		switch literal := n.Nodes[i].(type) {
		case *ast.StringNode:
			values = append(values, literal.Value)
		case *ast.IntegerNode:
			values = append(values, literal.Value)
		case *ast.FloatNode:
			values = append(values, literal.Value)
		case *ast.BoolNode:
			values = append(values, literal.Value)
		}
	}
	if len(values) < len(n.Nodes) {
		return n
	}
	constant := &ast.ConstantNode{Value: values}
	constant.SetLocation(n.Location())
	return constant
}

// name is what an expression may begin with.
func (b *builder) name(n *ast.IdentifierNode) ast.Node {
	root, ok := roots[n.Value]
	switch {
	case !ok:
		return b.refuse(n.Location(), unknown(n.Value))
	case root == ofMeta:
		return b.refuse(n.Location(), "meta has "+strings.Join(metaNames, ", "))
	}
	return look(n, &path{root: root})
}

// member joins the constant part of what is looked up: only what is behind its end is read.
func (b *builder) member(n *ast.MemberNode) ast.Node {
	if from, ok := n.Node.(*ast.IdentifierNode); ok && from.Value == "meta" {
		return b.meta(n)
	}
	from, key := b.build(n.Node), b.build(n.Property)
	known := pathOf(from)
	if known == nil {
		return call(n, "member", env(), from, key)
	}
	switch key := key.(type) {
	case *ast.StringNode:
		return look(n, known.down(key.Value))
	case *ast.IntegerNode:
		return look(n, known.down(strconv.Itoa(key.Value)))
	}
	return call(n, "member", env(), from, key)
}

func (b *builder) meta(n *ast.MemberNode) ast.Node {
	name, ok := n.Property.(*ast.StringNode)
	if !ok || !slices.Contains(metaNames, name.Value) {
		return b.refuse(n.Location(), "meta has "+strings.Join(metaNames, ", "))
	}
	return look(n, &path{root: ofMeta, keys: []string{name.Value}})
}
