package render

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// arrow leads from an old value to a new one.
const arrow = " → "

// format writes a value for Discord, "" when there is nothing to show. What it returns is escaped.
type format func(v *view, value gjson.Result) string

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

func text(v *view, value gjson.Result) string {
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

func money(v *view, value gjson.Result) string {
	return block(v.say.Money(scalar(value), v.record.Text("CurrencyIsoCode")))
}

func percent(v *view, value gjson.Result) string { return block(v.say.Percent(scalar(value))) }

// day writes a date without a time as the language does, because Discord would shift it into each reader's
// zone, and a moment as Discord's own timestamp, because there that is wanted.
func day(v *view, value gjson.Result) string {
	said := scalar(value)
	if len(said) == len(time.DateOnly) {
		if date, err := time.Parse(time.DateOnly, said); err == nil {
			return v.say.Date(date)
		}
	}
	if at, ok := moment(said); ok {
		return "<t:" + strconv.FormatInt(at.Unix(), 10) + ":f>"
	}
	return block(said)
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
func guess(v *view, value gjson.Result) string {
	switch value.Type {
	case gjson.True, gjson.False:
		return truth(v, value)
	case gjson.Number:
		if value.Num > -yearless && value.Num < yearless && !strings.ContainsAny(value.Raw, ".eE") {
			return value.Raw
		}
		return block(v.say.Number(value.Raw))
	case gjson.String:
		return day(v, value)
	default:
		return ""
	}
}
