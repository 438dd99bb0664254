package event

import "time"

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

// Reply is what came of a call.
type Reply struct {
	Category    ReplyCategory
	ContentType string        // of the data; "" when there is none
	Data        []byte        // what the org answered, or what went wrong, as JSON
	RetryAfter  time.Duration // when the call may succeed as it stands; 0: it was done, or would not
}
