package render

import (
	"fmt"
	"strconv"
	"text/template/parse"
)

// pipe is what a pipeline yields, which its variable keeps if it has one.
func (r *run) pipe(dot value, p *parse.PipeNode) (value, error) {
	v, err := r.commands(dot, p)
	if err != nil {
		return none, err
	}
	for _, name := range p.Decl {
		if p.IsAssign {
			r.assign(name, v)
		} else {
			r.variables = append(r.variables, variable{name.Ident[0], v})
		}
	}
	return v, nil
}

// assign gives the variable another value.
func (r *run) assign(name *parse.VariableNode, v value) {
	for i := len(r.variables) - 1; i >= 0; i-- {
		if r.variables[i].name == name.Ident[0] {
			r.variables[i].is = v
			return
		}
	}
}

func (r *run) commands(dot value, p *parse.PipeNode) (value, error) {
	v, err := r.command(dot, p.Cmds[0], nil)
	for _, next := range p.Cmds[1:] {
		if err != nil {
			break
		}
		piped := v
		v, err = r.command(dot, next, &piped)
	}
	return v, err
}

// command is what one link of a pipeline yields, given what the one before it yields.
func (r *run) command(dot value, n *parse.CommandNode, piped *value) (value, error) {
	name, ok := n.Args[0].(*parse.IdentifierNode)
	if !ok {
		return r.operand(dot, n.Args[0])
	}
	v, err := r.call(dot, name.Ident, n.Args[1:], piped)
	return v, r.fail(n, err)
}

func (r *run) call(dot value, name string, given []parse.Node, piped *value) (value, error) {
	if err := r.spend(1); err != nil {
		return none, err
	}
	if name == "and" || name == "or" {
		return r.choose(dot, name == "or", given, piped)
	}
	base := len(r.args)
	defer func() { r.args = r.args[:base] }()
	for _, n := range given {
		v, err := r.operand(dot, n)
		if err != nil {
			return none, err
		}
		r.args = append(r.args, v)
	}
	if piped != nil {
		r.args = append(r.args, *piped)
	}
	args, length := r.args[base:], 0
	for _, arg := range args {
		length += len(arg.text)
	}
	if err := r.spend(length / scanned); err != nil {
		return none, err
	}
	return functions[name].does(r, args)
}

// choose is and, or: the first value that decides it, else the last. What follows that one is not looked at.
func (r *run) choose(dot value, until bool, given []parse.Node, piped *value) (value, error) {
	last := none
	for _, n := range given {
		v, err := r.operand(dot, n)
		if err != nil || r.isTrue(v) == until {
			return v, err
		}
		last = v
	}
	if piped != nil {
		last = *piped
	}
	return last, nil
}

func (r *run) operand(dot value, n parse.Node) (value, error) {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot, nil
	case *parse.FieldNode:
		return r.path(dot, n.Ident)
	case *parse.VariableNode:
		return r.path(r.variable(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		v, err := r.operand(dot, n.Node)
		if err != nil {
			return none, err
		}
		return r.path(v, n.Field)
	case *parse.PipeNode:
		mark := len(r.variables)
		v, err := r.pipe(dot, n)
		r.variables = r.variables[:mark]
		return v, err
	case *parse.IdentifierNode:
		v, err := r.call(dot, n.Ident, nil, nil)
		return v, r.fail(n, err)
	case *parse.StringNode:
		return ownText(n.Text), nil
	case *parse.BoolNode:
		return truthValue(n.True), nil
	case *parse.NumberNode:
		return value{kind: kindNumber, text: digits(n)}, nil
	case *parse.NilNode:
		return none, nil
	default:
		return none, fmt.Errorf("%s cannot stand here", n)
	}
}

// digits are the number's as JSON would write them.
func digits(n *parse.NumberNode) string {
	if n.IsInt {
		return strconv.FormatInt(n.Int64, 10)
	}
	return strconv.FormatFloat(n.Float64, 'g', -1, 64)
}

func (r *run) variable(name string) value {
	for i := len(r.variables) - 1; i >= 0; i-- {
		if r.variables[i].name == name {
			return r.variables[i].is
		}
	}
	return none
}

func (r *run) path(v value, names []string) (value, error) {
	for _, name := range names {
		if err := r.spend(1 + len(v.text)/scanned); err != nil {
			return none, err
		}
		v = r.member(v, name)
	}
	return v, nil
}
