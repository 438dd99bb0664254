package locales

import (
	"strconv"
	"time"
)

// Date is the day of t, in t's own zone, as the language writes it: "March 31, 2026".
func (c Catalog) Date(t time.Time) string {
	month := c.T("format.month." + strconv.Itoa(int(t.Month())))
	return c.T("format.date", "day", t.Day(), "month", month, "year", t.Year())
}
