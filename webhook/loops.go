package webhook

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"dispatch/event"
)

// checkHops refuses what was handed on too often: somebody's destination leads back to where it came from.
func checkHops(header http.Header) error {
	values, handedOn := header[event.HopsHeader]
	if !handedOn {
		return nil
	}
	hops, err := strconv.ParseUint(strings.TrimSpace(values[0]), 10, 16)
	switch {
	case len(values) > 1, err != nil && !errors.Is(err, strconv.ErrRange):
		return errHops
	case hops > event.MaxHops: // so is what is out of range
		return errLoop
	}
	return nil
}
