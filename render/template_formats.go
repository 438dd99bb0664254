package render

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// asMoney is given an amount, and the code of a currency if it is not the record's.
func asMoney(r *run, args []value) (value, error) {
	amount, code := args[len(args)-1], ""
	if len(args) > 1 {
		code = args[0].text
		if _, ok := amount.float(); !ok {
			amount, code = args[0], amount.text
		}
	}
	if code == "" {
		code = r.read().Record.Text("CurrencyIsoCode")
	}
	text, err := r.take(amount)
	if err != nil {
		return none, err
	}
	return r.made(r.say.Money(strings.TrimSpace(text), head(code)), false)
}

// instant is a value as a time: a date, a date with a time, or seconds or milliseconds since 1970.
func instant(v value) (at time.Time, isDay, ok bool) {
	said := strings.TrimSpace(v.text)
	if n, err := strconv.ParseInt(said, 10, 64); err == nil {
		const second, milli, most = 1e8, 1e11, 1e14 // from 1973 on
		switch {
		case n < second || n >= most:
			return time.Time{}, false, false
		case n >= milli:
			return time.UnixMilli(n).UTC(), false, true
		}
		return time.Unix(n, 0).UTC(), false, true
	}
	if len(said) == len(time.DateOnly) {
		day, err := time.Parse(time.DateOnly, said)
		return day, true, err == nil
	}
	at, ok = moment(said)
	return at.UTC(), false, ok
}

func asDate(r *run, args []value) (value, error) { return r.when(args[0], 'D') }

func asDatetime(r *run, args []value) (value, error) { return r.when(args[0], 'f') }

func asRelative(r *run, args []value) (value, error) { return r.when(args[0], 'R') }

// when is a time in one of Discord's styles, which shows it in each reader's zone, or in words where Discord knows no
// such thing. A date without a time is the same in every zone. What is no time stays as it is.
func (r *run) when(v value, style byte) (value, error) {
	at, isDay, ok := instant(v)
	switch {
	case !ok:
		return v, nil
	case isDay && style != 'R':
		return textValue(r.say.Date(at)), nil
	case r.writer.place == inBlock && r.writer.ticks == 0:
		return ownText("<t:" + strconv.FormatInt(at.Unix(), 10) + ":" + string(style) + ">"), nil
	case isDay:
		return textValue(r.say.Date(at)), nil
	case style == 'D':
		return textValue(r.say.Date(r.say.Local(at))), nil
	default:
		at = r.say.Local(at)
		return textValue(r.say.Date(at) + ", " + at.Format("15:04 MST")), nil
	}
}

const (
	maxIndented = 4096 // bytes of JSON that is indented
	maxNested   = 8    // levels of it
)

// asJSON is a value as JSON, indented when it is short.
func asJSON(r *run, args []value) (value, error) {
	v := args[0]
	written := v.text
	switch {
	case v.kind == kindNone:
		written = "null"
	case v.kind == kindText || v.kind == kindList && len(v.parts) > 0:
		quoted, err := r.quoted(v)
		if err != nil {
			return none, err
		}
		written = quoted
	case !v.isScalar():
		masked, err := r.masked(r.json(v).Raw)
		if err != nil {
			return none, err
		}
		written = masked
	}
	if len(written) > maxIndented || nesting(written) > maxNested {
		return textValue(head(written)), r.make(min(len(written), maxRaw))
	}
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(written), "", "  "); err != nil {
		return textValue(written), nil
	}
	return textValue(b.String()), r.make(b.Len())
}

// quoted is the JSON of a text or a list of texts that a function made.
func (r *run) quoted(v value) (string, error) {
	var texts any = v.text
	if v.kind == kindList {
		items := make([]string, len(v.parts))
		for i, item := range v.parts {
			items[i] = item.text
		}
		texts = items
	}
	written, err := json.Marshal(texts)
	if err != nil {
		return "", err
	}
	return string(written), r.make(len(written))
}

func nesting(written string) int {
	deepest, depth := 0, 0
	for i := range len(written) {
		switch written[i] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	return deepest
}

// asRaw is a text that is shown with whatever it means to Discord.
func asRaw(r *run, args []value) (value, error) {
	text, err := r.take(args[0])
	if err != nil {
		return none, err
	}
	return r.made(strings.ToValidUTF8(shown(text, r.writer.limit), "\ufffd"), true)
}

// asQuery is a text as a part of an address that cannot be taken for anything else.
func asQuery(r *run, args []value) (value, error) {
	text, err := r.take(args[0])
	if err != nil {
		return none, err
	}
	return r.made(url.QueryEscape(text), true)
}

// asValue is a text that is escaped although the template brings it along.
func asValue(r *run, args []value) (value, error) {
	text, err := r.take(args[0])
	if err != nil {
		return none, err
	}
	return r.made(text, false)
}

// asLink is a text that leads to an address, and the text alone where there is no address or no link can stand.
func asLink(r *run, args []value) (value, error) {
	label, err := r.take(args[0])
	if err != nil {
		return none, err
	}
	text := value{kind: kindText, text: clean(label), own: args[0].own}
	address, ok := safeAddress(head(args[1].text))
	if text.text == "" {
		text = textValue(address)
	}
	if !ok || r.writer.place != inBlock || r.writer.ticks > 0 {
		return text, nil
	}
	address = strings.NewReplacer("(", "%28", ")", "%29").Replace(address)
	return r.compose(ownText("["), text, ownText("]("+address+")"))
}

// asMention mentions a role, if it is one of those that the template lists.
func asMention(r *run, args []value) (value, error) {
	if id := args[0].text; r.writer.place == inBlock && slices.Contains(r.roles, id) {
		return ownText(mentionOf(id)), nil
	}
	return none, nil
}

func mentionOf(role string) string { return "<@&" + role + ">" }

// hasChanged says whether one of the fields has another value than before.
func hasChanged(r *run, args []value) (value, error) {
	for _, changed := range r.changes().parts {
		if err := r.spend(1); err != nil {
			return none, err
		}
		if slices.ContainsFunc(args, func(arg value) bool { return arg.text == changed.text }) {
			return yes, nil
		}
	}
	return no, nil
}

// whatWas is a field's value from before, also of a related record.
func whatWas(r *run, args []value) (value, error) {
	return r.path(value{kind: kindOld}, strings.Split(head(args[0].text), "."))
}

// ansi is a function that colours a text, as far as there are colours where it stands.
func ansi(name, code string) function {
	return function{name + ` .Record.Name`, 1, 1, false, func(r *run, args []value) (value, error) {
		if r.writer.place != inBlock || r.isEmpty(args[0]) {
			return args[0], nil
		}
		coloured, err := r.compose(ownText("\x1b["+code+"m"), args[0], ownText("\x1b[0m"))
		coloured.ansi = true
		return coloured, err
	}}
}
