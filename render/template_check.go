package render

import (
	"fmt"
	"slices"
	"text/template/parse"
)

const (
	maxDepth     = 50  // of what stands in one another in a text
	maxVariables = 100 // of one text
)

// checker refuses what a text should not have, before it ever runs.
type checker struct {
	script    *script
	roles     []string // that can be mentioned
	depth     int
	variables int
}

func (c *checker) list(list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		if err := c.node(n); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) node(n parse.Node) error {
	switch n := n.(type) {
	case *parse.ActionNode:
		return c.pipe(n.Pipe)
	case *parse.IfNode:
		return c.branch(&n.BranchNode)
	case *parse.WithNode:
		return c.branch(&n.BranchNode)
	case *parse.RangeNode:
		if first := n.Pipe.Cmds[0].Args; len(n.Pipe.Cmds) == 1 && len(first) == 1 && first[0].Type() == parse.NodeNumber {
			return c.script.wrongNode(first[0], "only a list or an object can be ranged over, not a number")
		}
		return c.branch(&n.BranchNode)
	case *parse.TemplateNode:
		if c.script.trees[n.Name] == nil {
			return c.script.wrongNode(n, fmt.Sprintf("there is no {{define %q}} in this text", n.Name))
		}
		if n.Pipe != nil {
			return c.pipe(n.Pipe)
		}
	}
	return nil
}

// branch takes a chain of {{else if}} as one level.
func (c *checker) branch(n *parse.BranchNode) error {
	if c.depth++; c.depth > maxDepth {
		return c.script.wrongNode(n.Pipe, fmt.Sprintf("more than %d things stand in one another here", maxDepth))
	}
	defer func() { c.depth-- }()
	for {
		if err := c.pipe(n.Pipe); err != nil {
			return err
		}
		if err := c.list(n.List); err != nil {
			return err
		}
		next := chained(n)
		if next == nil {
			return c.list(n.ElseList)
		}
		n = next
	}
}

// chained is the {{else if}} of an {{if}}, nil when it has none.
func chained(n *parse.BranchNode) *parse.BranchNode {
	if n.ElseList == nil || len(n.ElseList.Nodes) != 1 {
		return nil
	}
	next, ok := n.ElseList.Nodes[0].(*parse.IfNode)
	if !ok || n.NodeType != parse.NodeIf {
		return nil
	}
	return &next.BranchNode
}

func (c *checker) pipe(p *parse.PipeNode) error {
	if c.variables += len(p.Decl); c.variables > maxVariables {
		return c.script.wrongNode(p, fmt.Sprintf("there are more than %d variables", maxVariables))
	}
	if c.depth++; c.depth > maxDepth {
		return c.script.wrongNode(p, fmt.Sprintf("more than %d things stand in one another here", maxDepth))
	}
	defer func() { c.depth-- }()
	for i, command := range p.Cmds {
		if err := c.command(command, i > 0); err != nil {
			return err
		}
	}
	return nil
}

// command checks one link of a pipeline; it is piped when another stands before it.
func (c *checker) command(n *parse.CommandNode, piped bool) error {
	first, given := n.Args[0], len(n.Args)-1
	if piped {
		given++
	}
	if name, ok := first.(*parse.IdentifierNode); ok {
		if err := c.call(name, n, given); err != nil {
			return err
		}
	} else if given > 0 {
		return c.script.wrongNode(first, "this is no function: nothing can be given to it")
	}
	for i, arg := range n.Args {
		if name, ok := arg.(*parse.IdentifierNode); ok && i > 0 {
			if err := c.call(name, nil, 0); err != nil {
				return err
			}
		} else if err := c.operand(arg); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) operand(n parse.Node) error {
	switch n := n.(type) {
	case *parse.PipeNode:
		return c.pipe(n)
	case *parse.ChainNode:
		return c.operand(n.Node)
	case *parse.NumberNode:
		if !n.IsInt && !n.IsFloat {
			return c.script.wrongNode(n, "this is no number that an event could have")
		}
	}
	return nil
}

// call checks that there is such a function and that it is given as much as it takes.
func (c *checker) call(name *parse.IdentifierNode, n *parse.CommandNode, given int) error {
	f, ok := functions[name.Ident]
	if !ok {
		problem := fmt.Sprintf("there is no function %q", name.Ident)
		if meant := closest(name.Ident, functions); meant != "" {
			problem += fmt.Sprintf("; did you mean %q?", meant)
		}
		return c.script.wrongNode(name, problem)
	}
	if given < f.least || given > f.most {
		return c.script.wrongNode(name, fmt.Sprintf("%s is written {{%s}}", name.Ident, f.usage))
	}
	if n == nil {
		return nil
	}
	if f.last && len(n.Args) == given+1 && isLiteral(n.Args[given]) && !isLiteral(n.Args[1]) {
		return c.script.wrongNode(n, fmt.Sprintf("what it works on comes last: {{%s}}", f.usage))
	}
	return c.literals(name, n)
}

// literals checks what can be told of a call from what is written in it.
func (c *checker) literals(name *parse.IdentifierNode, n *parse.CommandNode) error {
	var first parse.Node
	if len(n.Args) > 1 {
		first = n.Args[1]
	}
	text, ok := first.(*parse.StringNode)
	switch name.Ident {
	case "printf":
		if !ok {
			return nil
		}
		if _, err := parseFormat(text.Text); err != nil {
			return c.script.wrongNode(text, err.Error())
		}
	case "mention":
		if !ok {
			c.script.anyRole = true
		} else if !slices.Contains(c.roles, text.Text) {
			return c.script.wrongNode(text, `this role is not listed in "mentions"`)
		}
	}
	return nil
}

func isLiteral(n parse.Node) bool {
	switch n.Type() {
	case parse.NodeString, parse.NodeNumber, parse.NodeBool:
		return true
	default:
		return false
	}
}
