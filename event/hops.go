package event

// Events that are handed on and come back would go around for ever. Whoever hands one on counts it in HopsHeader: 1 the
// first time, one more than it came with after that. Unlike those of our other headers, its name has no prefix that a guild
// can change: another Dispatch has to know it.
const (
	MaxHops    = 3                 // how often an event may have been handed on before it comes to us
	HopsHeader = "X-Dispatch-Hops" // of a request
	HopsKept   = "x-dispatch-hops" // its name among the headers that an event keeps
)
