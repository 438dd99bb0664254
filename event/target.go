package event

import (
	"strings"
	"time"
)

// Types of the CloudEvents that a target takes and answers with.
const (
	APICall         = "io.triggermesh.salesforce.apicall"
	APICallResponse = "io.triggermesh.salesforce.apicall.response"
)

// Target is a Salesforce org that a guild acts on, as one of the org's users. Its key is kept apart.
type Target struct {
	ID          string // UUIDv7
	GuildID     string // Discord snowflake
	Name        string // unique in the guild, as its admins call it
	Slug        string // unguessable, unique over all guilds
	ClientID    string // of the app in the org
	User        string // on whose behalf it is called
	Server      string // where it signs in: a URL without a slash at its end
	Version     string // of the API, such as "66.0"; "": the highest that the org has
	ReplyPolicy ReplyPolicy
	CreatedAt   time.Time // UTC
}

// ReplyPolicy is which replies of a target are given.
type ReplyPolicy string

// The reply policies.
const (
	ReplyAlways ReplyPolicy = "always"
	ReplyError  ReplyPolicy = "error"
	ReplyNever  ReplyPolicy = "never"
)

// ParseReplyPolicy reads a policy; "errors" means ReplyError, too. It says whether it is one.
func ParseReplyPolicy(typed string) (ReplyPolicy, bool) {
	switch p := ReplyPolicy(typed); p {
	case ReplyAlways, ReplyError, ReplyNever:
		return p, true
	case "errors":
		return ReplyError, true
	}
	return "", false
}

// Gives says whether a reply of the category is given.
func (p ReplyPolicy) Gives(c ReplyCategory) bool {
	return p == ReplyAlways || p == ReplyError && c == CategoryError
}

// ReplyCategory is what a reply says of its call.
type ReplyCategory string

// The categories of replies.
const (
	CategorySuccess ReplyCategory = "success"
	CategoryError   ReplyCategory = "error"
)

// Fate is what became of a call, for who may make it again.
type Fate string

// The fates of calls.
const (
	CallDone    Fate = "done"
	CallLater   Fate = "later"   // the org has not done it, and may when it is made again as it stands
	CallRefused Fate = "refused" // the org has not done it, and would not
	CallLost    Fate = "lost"    // nobody knows whether the org has done it: made again, it may be done twice
	CallShut    Fate = "shut"    // the org does not let the user in: no call can be made until somebody mends that
)

// Reply is what came of a call.
type Reply struct {
	Category    ReplyCategory
	ContentType string // of the data; "" when there is none
	Data        []byte // what the org answered, or what went wrong, as JSON
	Fate        Fate
	RetryAfter  time.Duration // with CallLater: when it is worth another try; 0: nobody knows
	Status      int           // of the org's answer; 0: there was none
	Err         error         // why it was not done, without secrets; nil when it was
}

// RepliesSlug begins the slug of the source whose events are the replies of a target: its id is behind it. No path has such a
// slug.
const RepliesSlug = "replies:"

// RepliesOf is the id of the target whose replies the source gives, "" when it gives none.
func (s Source) RepliesOf() string {
	id, is := strings.CutPrefix(s.Slug, RepliesSlug)
	if !is {
		return ""
	}
	return id
}
