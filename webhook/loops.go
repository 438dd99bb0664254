package webhook

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// maxHops is how often an event may have been handed on before it comes to us.
const maxHops = 3

// hopsKept is the name under which an event keeps its X-Dispatch-Hops. Whoever hands on an event counts it there: 1
// the first time, one more than it came with after that. Unlike those of our other headers, its name has no prefix
// that a guild can change.
const hopsKept = "x-dispatch-hops"

// checkHops refuses what was handed on too often: somebody's destination leads back to where it came from.
func checkHops(header http.Header) error {
	values, handedOn := header["X-Dispatch-Hops"]
	if !handedOn {
		return nil
	}
	hops, err := strconv.ParseUint(strings.TrimSpace(values[0]), 10, 16)
	switch {
	case len(values) > 1, err != nil && !errors.Is(err, strconv.ErrRange):
		return errHops
	case hops > maxHops: // so is what is out of range
		return errLoop
	}
	return nil
}
