package render

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// place is where a text is shown, which decides what is done to the values in it.
type place int

const (
	inBlock   place = iota // markdown, any number of lines
	inLine                 // markdown, one line
	inPlain                // one line that Discord shows as it is
	inAddress              // a link
	inValue                // nowhere: somebody reads it
)

// script is one text of a template, ready to run.
type script struct {
	field string // such as "fields[0].value"
	place place
	limit int                    // characters that Discord shows
	text  string                 // as it was written, without JSON's escapes
	begin int                    // where it begins in the JSON, behind the quote
	json  string                 // the template that it is of
	main  *parse.ListNode        // nil for one that is the same for every event
	trees map[string]*parse.Tree // with those that it defines
	// anyRole says that an event decides which role it mentions.
	anyRole bool
}

// isFixed says whether the text is the same for every event.
func (s *script) isFixed() bool { return s.main == nil }

// newScript parses a text. The error is a *TemplateError.
func newScript(s script, roles []string) (*script, error) {
	if !strings.Contains(s.text, "{{") {
		return &s, nil
	}
	tree, trees, err := parseText(s.text)
	if err != nil {
		return nil, s.syntaxError(err)
	}
	s.main, s.trees = tree.Root, trees
	c := checker{script: &s, roles: roles}
	if err := c.list(tree.Root); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		if err := c.list(trees[name].Root); err != nil {
			return nil, err
		}
	}
	return &s, nil
}

// mainName is what the parser calls a text, so that nothing in it is called so.
const mainName = "\x00"

// parseText gives a text and those that it defines. It leaves it to the checker whether functions exist, because that
// one knows where they stand.
func parseText(text string) (*parse.Tree, map[string]*parse.Tree, error) {
	trees := make(map[string]*parse.Tree)
	tree := parse.New(mainName)
	tree.Mode = parse.SkipFuncCheck
	_, err := tree.Parse(text, "", "", trees)
	delete(trees, mainName)
	return tree, trees, err
}

// wrong is an error at a position in the text.
func (s *script) wrong(at int, piece, problem string) *TemplateError {
	at = s.begin + written(s.json[s.begin:], min(at, len(s.text)))
	return wrong(s.json, s.field, at, piece, problem)
}

// wrongNode is an error of a piece that was parsed. The parser tells of a chain where its second link begins.
func (s *script) wrongNode(n parse.Node, problem string) *TemplateError {
	piece, at := n.String(), int(n.Position())
	if from := strings.LastIndex(s.text[:min(at+len(piece), len(s.text))], piece); from >= 0 {
		at = from
	}
	return s.wrong(at, piece, problem)
}
