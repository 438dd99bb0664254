package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// function is what a template can call. What it works on comes last, so that it can be piped.
type function struct {
	usage       string
	least, most int  // how many values it is given
	last        bool // it would be a mistake to give it something fixed at the end and something else before
	does        func(r *run, args []value) (value, error)
}

// many is how many values a function is given that takes any number.
const many = 50

// functions are all that a template can call. Each is bounded by itself, and by what it charges the run.
var functions = map[string]function{
	"money":    {`money .Record.Amount`, 1, 2, false, asMoney},
	"number":   {`number .Record.Amount`, 1, 1, false, onText(func(r *run, text string) string { return r.say.Number(text) })},
	"percent":  {`percent .Record.Probability`, 1, 1, false, onText(func(r *run, text string) string { return r.say.Percent(text) })},
	"date":     {`date .Record.CloseDate`, 1, 1, false, asDate},
	"datetime": {`datetime .Meta.ReceivedAt`, 1, 1, false, asDatetime},
	"relative": {`relative .Record.CreatedDate`, 1, 1, false, asRelative},

	"upper":    {`upper .Record.Name`, 1, 1, false, onText(func(_ *run, text string) string { return strings.ToUpper(text) })},
	"lower":    {`lower .Record.Name`, 1, 1, false, onText(func(_ *run, text string) string { return strings.ToLower(text) })},
	"title":    {`title .Record.Name`, 1, 1, false, onText(func(_ *run, text string) string { return capitalized(text) })},
	"trim":     {`trim .Record.Name`, 1, 1, false, onText(func(_ *run, text string) string { return strings.TrimSpace(text) })},
	"urlquery": {`urlquery .Record.Name`, 1, 1, false, asQuery},
	"truncate": {`truncate 100 .Record.Description`, 2, 2, false, truncated},
	"replace":  {`replace "old" "new" .Record.Name`, 3, 3, true, replaced},
	"split":    {`split "," .Record.Name`, 2, 2, true, splitUp},
	"join":     {`join ", " .Changed`, 2, 2, false, joined},
	"json":     {`json .Record`, 1, 1, false, asJSON},
	"default":  {`default "none" .Record.Name`, 2, 2, true, orDefault},

	"raw":     {`raw .Record.Description`, 1, 1, false, asRaw},
	"escape":  {`escape .Record.Name`, 1, 1, false, asValue},
	"link":    {`link "Open" .Meta.RecordURL`, 2, 2, false, asLink},
	"mention": {`mention "1234567890"`, 1, 1, false, asMention},
	"changed": {`changed "StageName"`, 1, many, false, hasChanged},
	"was":     {`was "StageName"`, 1, 1, false, whatWas},

	"ansiBold": ansi("ansiBold", "1"), "ansiUnderline": ansi("ansiUnderline", "4"),
	"ansiGray": ansi("ansiGray", "30"), "ansiRed": ansi("ansiRed", "31"), "ansiGreen": ansi("ansiGreen", "32"),
	"ansiYellow": ansi("ansiYellow", "33"), "ansiBlue": ansi("ansiBlue", "34"), "ansiMagenta": ansi("ansiMagenta", "35"),
	"ansiCyan": ansi("ansiCyan", "36"), "ansiWhite": ansi("ansiWhite", "37"),

	"and": {`and .Record.IsWon .Record.Amount`, 1, many, false, nil}, // the run does these two itself
	"or":  {`or .Record.Phone .Record.Email`, 1, many, false, nil},
	"not": {`not .Record.IsClosed`, 1, 1, false, func(r *run, args []value) (value, error) { return truthValue(!r.isTrue(args[0])), nil }},
	"eq":  {`eq .Record.StageName "Closed Won"`, 2, many, false, isEqual},
	"ne": {`ne .Record.StageName "Closed Won"`, 2, 2, false, func(_ *run, args []value) (value, error) {
		return truthValue(!equal(args[0], args[1])), nil
	}},
	"lt": comparison("lt", func(c int) bool { return c < 0 }),
	"le": comparison("le", func(c int) bool { return c <= 0 }),
	"gt": comparison("gt", func(c int) bool { return c > 0 }),
	"ge": comparison("ge", func(c int) bool { return c >= 0 }),

	"len":     {`len .Changed`, 1, 1, false, lengthOf},
	"index":   {`index .Changed 0`, 1, many, false, indexed},
	"slice":   {`slice .Changed 0 3`, 1, 3, false, sliced},
	"print":   {`print .Record.Name`, 0, many, false, printed},
	"println": {`println .Record.Name`, 0, many, false, printedLine},
	"printf":  {`printf "%.1f" .Record.Amount`, 1, many, false, formatted},
}

// maxTaken is how many bytes of a text a function looks at: more than a message can show.
const maxTaken = 64 << 10

// take is a value as text that functions work on.
func (r *run) take(v value) (string, error) {
	text, err := r.textOf(v)
	if err != nil {
		return "", err
	}
	if len(text) > maxTaken {
		text = strings.ToValidUTF8(text[:maxTaken], "")
	}
	return text, r.spend(len(text) / handled)
}

// made is a text that a function made. It is the template's own when what it was made of is.
func (r *run) made(text string, own bool) (value, error) {
	return value{kind: kindText, text: text, own: own}, r.make(len(text))
}

// onText is a function of one text.
func onText(change func(r *run, text string) string) func(*run, []value) (value, error) {
	return func(r *run, args []value) (value, error) {
		text, err := r.take(args[0])
		if err != nil {
			return none, err
		}
		return r.made(change(r, text), args[0].own)
	}
}

// compose puts a text together of others, which keep what is to be escaped in them.
func (r *run) compose(parts ...value) (value, error) {
	whole := value{kind: kindText, own: true}
	var b strings.Builder
	for _, p := range parts {
		text, err := r.textOf(p)
		if err != nil {
			return none, err
		}
		if text == "" {
			continue
		}
		if len(p.parts) == 0 || !p.isScalar() {
			p = value{kind: kindText, text: text, own: p.own}
			whole.parts = append(whole.parts, p)
		} else {
			whole.parts = append(whole.parts, p.parts...)
		}
		b.WriteString(text)
		whole.own = whole.own && p.own
		whole.ansi = whole.ansi || p.ansi
		if err := r.make(len(text) + sizeOfValue*max(len(p.parts), 1)); err != nil {
			return none, err
		}
	}
	whole.text = b.String()
	return whole, nil
}

// sizeOfValue is what a value takes besides its text, in bytes.
const sizeOfValue = 64

// capitalized is the text with a capital at the beginning of each word.
func capitalized(text string) string {
	before := ' '
	return strings.Map(func(r rune) rune {
		begins := !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '\''
		before = r
		if begins {
			return unicode.ToTitle(r)
		}
		return r
	}, text)
}

func truncated(r *run, args []value) (value, error) {
	n, ok := args[0].whole()
	long := args[1]
	if !ok {
		if n, ok = long.whole(); ok {
			long = args[0]
		}
	}
	text, err := r.take(long)
	if err != nil || !ok || n < 1 {
		return none, err
	}
	return r.made(clip(text, n), long.own)
}

func replaced(r *run, args []value) (value, error) {
	before, after := args[0].text, args[1].text
	text, err := r.take(args[2])
	if err != nil {
		return none, err
	}
	if err := r.make(len(text) + strings.Count(text, before)*len(after)); err != nil {
		return none, err
	}
	own := args[0].own && args[1].own && args[2].own
	return value{kind: kindText, text: strings.ReplaceAll(text, before, after), own: own}, nil
}

// maxItems is how many items a text can be split into.
const maxItems = 1000

func splitUp(r *run, args []value) (value, error) {
	text, err := r.take(args[1])
	if err != nil || text == "" {
		return none, err
	}
	pieces := strings.SplitN(text, args[0].text, maxItems)
	items := make([]value, len(pieces))
	for i, piece := range pieces {
		items[i] = value{kind: kindText, text: piece, own: args[1].own}
	}
	return listValue(items), r.make(len(items) * sizeOfValue)
}

func joined(r *run, args []value) (value, error) {
	between, list := args[0], args[1]
	if between.kind == kindList {
		between, list = list, between
	}
	if list.kind != kindList {
		return list, nil
	}
	var parts []value
	err := r.each(list, func(_, item value) error {
		if len(parts) > 0 {
			parts = append(parts, between)
		}
		parts = append(parts, item)
		return r.make(sizeOfValue)
	})
	if err != nil {
		return none, err
	}
	return r.compose(parts...)
}

func orDefault(r *run, args []value) (value, error) {
	if r.isEmpty(args[1]) {
		return args[0], nil
	}
	return args[1], nil
}

func isEqual(_ *run, args []value) (value, error) {
	for _, other := range args[1:] {
		if equal(args[0], other) {
			return yes, nil
		}
	}
	return no, nil
}

// comparison of what is missing, or cannot be compared, does not hold.
func comparison(name string, holds func(c int) bool) function {
	return function{name + ` .Record.Amount 1000`, 2, 2, false, func(_ *run, args []value) (value, error) {
		c, ok := order(args[0], args[1])
		return truthValue(ok && holds(c)), nil
	}}
}

func lengthOf(r *run, args []value) (value, error) {
	if args[0].isScalar() {
		return intValue(utf8.RuneCountInString(args[0].text)), r.spend(len(args[0].text) / handled)
	}
	n := 0
	err := r.each(args[0], func(_, _ value) error {
		n++
		return nil
	})
	return intValue(n), err
}
