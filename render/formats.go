package render

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// format writes a value of some fields, the record's or the old ones, for Discord, "" when there is nothing to
// show. What it returns is escaped.
type format func(v *view, of event.Fields, value gjson.Result) string

// scalar is the value as it was sent, without surrounding space; numbers keep every digit. It is "" for
// null, an object and an array.
func scalar(value gjson.Result) string {
	switch value.Type {
	case gjson.String:
		return strings.TrimSpace(value.Str)
	case gjson.Number, gjson.True, gjson.False:
		return value.Raw
	default:
		return ""
	}
}

func text(v *view, _ event.Fields, value gjson.Result) string {
	if value.IsBool() {
		return truth(v, value)
	}
	return block(scalar(value))
}

func truth(v *view, value gjson.Result) string {
	if value.Bool() {
		return v.say.T("embed.yes")
	}
	return v.say.T("embed.no")
}

// untold is for what the title tells, and what nobody could read.
func untold(*view, event.Fields, gjson.Result) string { return "" }

// rich is text that people may have formatted: its HTML becomes plain.
func rich(_ *view, _ event.Fields, value gjson.Result) string { return block(plain(scalar(value))) }

func number(v *view, _ event.Fields, value gjson.Result) string {
	return block(v.say.Number(scalar(value)))
}

func percent(v *view, _ event.Fields, value gjson.Result) string {
	return block(v.say.Percent(scalar(value)))
}

// money is in the currency that the fields name. Old ones name it only when it was another.
func money(v *view, of event.Fields, value gjson.Result) string {
	const currency = "CurrencyIsoCode"
	return block(v.say.Money(scalar(value), cmp.Or(of.Text(currency), v.record.Text(currency))))
}

func months(v *view, _ event.Fields, value gjson.Result) string {
	said := scalar(value)
	if n, err := strconv.Atoi(said); err == nil {
		return v.say.N("embed.months", n)
	}
	return block(said)
}

// website is an address that can be followed, also when the scheme was left out.
func website(_ *view, _ event.Fields, value gjson.Result) string {
	said := strings.TrimSuffix(scalar(value), "/")
	if strings.Contains(said, ".") && !strings.ContainsAny(said, ":@ \n\t") {
		said = "https://" + said
	}
	return block(said)
}

// day writes a date without a time as the language does, because Discord would shift it into each reader's
// zone, and a moment as Discord's own timestamp, because there that is wanted.
func day(v *view, _ event.Fields, value gjson.Result) string {
	said := scalar(value)
	if len(said) == len(time.DateOnly) {
		if date, err := time.Parse(time.DateOnly, said); err == nil {
			return block(v.say.Date(date)) // "31. März" would begin a list
		}
	}
	if at, ok := moment(said); ok {
		return "<t:" + strconv.FormatInt(at.Unix(), 10) + ":f>"
	}
	return block(said)
}

// start is when an event of the calendar starts or ends. One that takes all day does so in every zone, although
// Salesforce writes midnight in London.
func start(v *view, of event.Fields, value gjson.Result) string {
	if date := scalar(value); v.is("IsAllDayEvent", false) && len(date) > len(time.DateOnly) {
		value = gjson.Result{Type: gjson.String, Str: date[:len(time.DateOnly)]}
	}
	return day(v, of, value)
}

// moment reads a date and time as Salesforce writes them: RFC 3339, where the zone may lack its colon.
func moment(s string) (time.Time, bool) {
	const shortest, longest = len("2006-01-02T15:04:05Z"), len("2006-01-02T15:04:05.000000000+00:00")
	if len(s) < shortest || len(s) > longest {
		return time.Time{}, false
	}
	layout := "2006-01-02T15:04:05Z0700"
	if s[len(s)-3] == ':' {
		layout = time.RFC3339
	}
	at, err := time.Parse(layout, s)
	return at, err == nil
}

// yearless is the smallest whole number that is grouped when nobody says what it is: below, it may be a year.
const yearless = 10_000

// guess writes a value by what it looks like.
func guess(v *view, of event.Fields, value gjson.Result) string {
	switch value.Type {
	case gjson.True, gjson.False:
		return truth(v, value)
	case gjson.Number:
		if value.Num > -yearless && value.Num < yearless && !strings.ContainsAny(value.Raw, ".eE") {
			return block(value.Raw)
		}
		return block(v.say.Number(value.Raw))
	case gjson.String:
		if isHTML(value.Str) {
			return rich(v, of, value)
		}
		return day(v, of, value)
	default:
		return ""
	}
}
