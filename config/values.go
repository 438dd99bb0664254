package config

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// parse sets the target to what the text of a variable says; commas separate the items of a list.
func parse(target any, text string) (err error) {
	switch t := target.(type) {
	case *string:
		*t = text
	case *Secret:
		*t = NewSecret(text)
	case *int:
		*t, err = strconv.Atoi(text)
	case *int64:
		*t, err = strconv.ParseInt(text, 10, 64)
	case *bool:
		*t, err = strconv.ParseBool(text)
	case *time.Duration:
		*t, err = time.ParseDuration(text)
	case *netip.Prefix:
		*t, err = netip.ParsePrefix(text)
	case *[]string:
		return collect(t, items(text), parse)
	case *[]netip.Prefix:
		return collect(t, items(text), parse)
	default:
		panic(fmt.Sprintf("config: no way to set a %T", target))
	}
	if err != nil {
		return misfit(target, text)
	}
	return nil
}

// assign sets the target to a value of the file, which must have the right type already.
func assign(target, value any) error {
	switch v := value.(type) {
	case string:
		switch target.(type) {
		case *string, *Secret, *time.Duration, *netip.Prefix:
			return parse(target, v)
		}
	case int64:
		switch target.(type) {
		case *int, *int64:
			return parse(target, strconv.FormatInt(v, 10))
		}
	case bool:
		if t, is := target.(*bool); is {
			*t = v
			return nil
		}
	case []any:
		switch t := target.(type) {
		case *[]string:
			return collect(t, v, assign)
		case *[]netip.Prefix:
			return collect(t, v, assign)
		}
	}
	return misfit(target, value)
}

// items splits at commas. The empty text has none.
func items(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func collect[T, V any](list *[]T, values []V, set func(target any, value V) error) error {
	found := make([]T, len(values))
	for i, value := range values {
		if err := set(&found[i], value); err != nil {
			return err
		}
	}
	*list = found
	return nil
}

// misfit says what the target's values look like, and what was there instead unless it may be a secret.
func misfit(target, value any) error {
	must := "must be text in quotes"
	switch target.(type) {
	case *Secret:
		return fmt.Errorf("%s", must)
	case *int, *int64:
		must = "must be a whole number"
	case *bool:
		must = "must be true or false"
	case *time.Duration:
		must = "must be a duration such as 30s, 15m or 720h"
	case *netip.Prefix:
		must = "must be a network such as 10.0.0.0/8"
	case *[]string, *[]netip.Prefix:
		must = "must be a list"
	}
	switch v := value.(type) {
	case string:
		return fmt.Errorf("%s, is %s", must, quote(v))
	case int64, float64, bool:
		return fmt.Errorf("%s, is %v", must, v)
	}
	return fmt.Errorf("%s", must)
}

// maxShown is how many bytes of a bad value a mistake repeats.
const maxShown = 60

// quote shows a value on one line.
func quote(text string) string {
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return strconv.Quote(text)
}
