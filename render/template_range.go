package render

import (
	"errors"
	"text/template/parse"

	"github.com/tidwall/gjson"
)

// iterate is a {{range}}.
func (r *run) iterate(dot value, n *parse.RangeNode) error {
	mark := len(r.variables)
	defer func() { r.variables = r.variables[:mark] }()
	over, err := r.commands(dot, n.Pipe)
	if err != nil {
		return r.fail(n.Pipe, err)
	}
	if !n.Pipe.IsAssign {
		for _, v := range n.Pipe.Decl {
			r.variables = append(r.variables, variable{name: v.Ident[0]})
		}
	}
	inside, visited := len(r.variables), false
	err = r.each(over, func(key, item value) error {
		visited = true
		if len(n.Pipe.Decl) == 2 {
			r.assign(n.Pipe.Decl[0], key)
			r.assign(n.Pipe.Decl[1], item)
		} else if len(n.Pipe.Decl) == 1 {
			r.assign(n.Pipe.Decl[0], item)
		}
		err := r.list(item, n.List)
		r.variables = r.variables[:inside]
		if errors.Is(err, errContinue) {
			return nil
		}
		return err
	})
	if err != nil && !errors.Is(err, errBreak) {
		return r.fail(n.Pipe, err)
	}
	if !visited && n.ElseList != nil {
		return r.list(dot, n.ElseList)
	}
	return nil
}

// each goes through a list or an object, in the order in which it was sent, until visit gives an error. What is missing
// has nothing to go through.
func (r *run) each(over value, visit func(key, item value) error) error {
	switch over.kind {
	case kindBool, kindNumber, kindText, kindData, kindMeta:
		if r.isEmpty(over) {
			return nil
		}
		return errors.New("only a list or an object can be ranged over")
	}
	for i, item := range over.parts {
		if err := r.spend(1); err != nil {
			return err
		}
		if err := visit(intValue(i), item); err != nil {
			return err
		}
	}
	var err error
	i := 0
	r.json(over).ForEach(func(key, found gjson.Result) bool {
		named := textValue(key.Str)
		if key.Type != gjson.String {
			named = intValue(i)
		}
		i++
		if err = r.spend(1 + len(found.Raw)/scanned); err == nil {
			err = visit(named, jsonValue(found))
		}
		return err == nil
	})
	return err
}
