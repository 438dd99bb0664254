package playground

import (
	"crypto/rand"
	"time"
)

// The types of interactions.
const (
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5
)

// The types of answers to an interaction.
const (
	answerMessage        = 4
	answerDeferred       = 5
	answerDeferredUpdate = 6
	answerUpdate         = 7
	answerChoices        = 8
	answerModal          = 9
)

// How long an interaction can be answered and its token used.
const (
	answerWithin = 3 * time.Second
	tokenGood    = 15 * time.Minute
	tokenKnown   = time.Hour // A token that is no longer good is still known to have been.

	maxInteractions = 2000 // However young they are.
)

// interaction is something a user did that the bot has to answer.
type interaction struct {
	id          string
	token       string
	kind        int
	at          time.Time
	user        *User
	channel     *channel
	locale      string
	permissions *Permissions // In place of the user's own.
	admitted    bool         // The guild's admins have opened every command to the user.
	page        bool         // It was begun in the page, which is told of answers that only its user sees.
	name        string       // Of the command.
	source      *Message     // Whose component was used.
	option      int          // The type of the option that is completed.

	failed    bool // Three seconds went by without an answer.
	answer    int  // The type of the first answer, 0 while there is none.
	took      time.Duration
	original  string // The id of the message @original stands for, "" for none.
	waiting   bool   // A deferred answer has not been completed.
	ephemeral bool
	choices   []Choice
	modal     *Modal
	followups []string
}

// interactions are the last ones, oldest first.
type interactions struct {
	all []*interaction
}

// remember adds an interaction and forgets old ones, with the files that came with them. The caller holds
// the lock.
func (d *Discord) remember(it *interaction) {
	is := &d.interactions
	for len(is.all) > 0 && (len(is.all) >= maxInteractions || it.at.Sub(is.all[0].at) > tokenKnown) {
		d.attachments.drop(is.all[0].token)
		is.all = is.all[1:]
	}
	is.all = append(is.all, it)
}

// find returns the interaction with a token, nil when there is none.
func (is *interactions) find(token string) *interaction {
	for _, it := range is.all {
		if it.token == token {
			return it
		}
	}
	return nil
}

// origin says in a message where it came from.
func (it *interaction) origin() *Origin {
	return &Origin{ID: it.id, Type: it.kind, User: it.user, Name: it.name, page: it.page}
}

// start sends an interaction with its data to the bot. The caller holds the lock.
func (d *Discord) start(it *interaction, data map[string]any) error {
	if !d.online() {
		return ErrOffline
	}
	it.id, it.token, it.at = d.id(), rand.Text()+rand.Text(), d.now()
	d.remember(it)
	ch := it.channel
	channel := ch.object()
	channel["permissions"] = it.allowed()
	o := map[string]any{
		"id": it.id, "application_id": d.appID, "type": it.kind, "token": it.token, "version": 1, "data": data,
		"channel": channel, "channel_id": ch.id, "app_permissions": ch.permissions(d.bot.ID), "locale": it.locale,
		"entitlements": []any{}, "attachment_size_limit": maxFile,
	}
	if it.source != nil {
		o["message"] = it.source
	}
	if g := ch.guild; g != nil {
		m := g.member(it.user.ID).object(g)
		m["permissions"] = it.allowed()
		o["guild"] = map[string]any{"id": g.id, "locale": g.locale, "features": []string{}}
		o["guild_id"], o["guild_locale"], o["member"], o["context"] = g.id, g.locale, m, 0
		o["authorizing_integration_owners"] = map[string]string{"0": g.id}
	} else {
		o["user"], o["context"] = it.user, 1
		o["authorizing_integration_owners"] = map[string]string{"0": "0"}
	}
	d.dispatch(eventInteractionCreate, 0, ch.guildID(), o)
	return nil
}

// allowed returns the permissions that an interaction says its user has.
func (it *interaction) allowed() Permissions {
	if it.permissions != nil {
		return *it.permissions
	}
	return it.channel.permissions(it.user.ID)
}
