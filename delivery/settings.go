package delivery

// DefaultPrefix is the prefix of our headers where a guild has no other.
const DefaultPrefix = "dispatch"

// Settings are what a guild may want its own way. One that is "" was not chosen: there is a default.
type Settings struct {
	HeaderPrefix string // of our headers on webhooks
	Language     string // of what is shown in the guild, such as de; else the one it has in Discord
	Currency     string // of amounts that do not name theirs: ISO 4217
	Zone         string // in which times are told: IANA, such as Europe/Berlin
}
