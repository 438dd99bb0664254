package playground

// actor is a user who does something with what the bot has shown them.
type actor struct {
	user        string       // By name or id. Empty is Admin.
	page        bool         // In the page.
	locale      string       // Empty for the one they had before.
	permissions *Permissions // In place of what they had before. Nil for that.
}

// begin makes an interaction the actor's.
func (a actor) begin(it *interaction) {
	it.page = a.page
	it.locale = orElse(a.locale, it.locale)
	if a.permissions != nil {
		it.permissions = a.permissions
	}
}
