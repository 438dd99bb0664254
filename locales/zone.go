package locales

import (
	"sync"
	"time"
)

// zones are those that were asked for, by name. Loading one reads a file.
var zones sync.Map

// WithZone is the catalog for those who live in the IANA time zone, such as Europe/Berlin; "", and one that is not known
// here, means UTC.
func (c Catalog) WithZone(name string) Catalog {
	c.zone = zoneOf(name)
	return c
}

func zoneOf(name string) *time.Location {
	if name == "" {
		return time.UTC
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC // and not kept: there are more wrong names than right ones
	}
	zones.Store(name, zone)
	return zone
}

// Local is the moment in the catalog's time zone.
func (c Catalog) Local(t time.Time) time.Time {
	if c.zone == nil {
		return t.UTC()
	}
	return t.In(c.zone)
}
