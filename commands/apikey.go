package commands

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/handler"
	"github.com/disgoorg/omit"

	"dispatch/event"
	"dispatch/fault"
)

// APIKeys are the keys of a guild that work. Of their texts only hashes are known.
type APIKeys interface {
	// CreateAPIKey fails with fault.Exists when the guild has one with that name.
	CreateAPIKey(ctx context.Context, guildID, name string, hash [sha256.Size]byte) (event.APIKey, error)
	// APIKeys are in the order of their names.
	APIKeys(ctx context.Context, guildID string) ([]event.APIKey, error)
	// RevokeAPIKey has the key not work any more, at once.
	RevokeAPIKey(ctx context.Context, guildID, id string, at time.Time) error
}

// keyPrefix tells people, and those who look for lost secrets, whose key it is.
const keyPrefix = "dsp_"

type keyring struct {
	now  func() time.Time
	keys APIKeys
}

func apiKeyRoutes(opts Options, desk *desk, store Store) func(handler.Router) {
	k := &keyring{opts.Now, store}
	return func(r handler.Router) {
		r.SlashCommand("/create", desk.command(k.create))
		r.SlashCommand("/list", desk.command(k.list))
		r.SlashCommand("/revoke", desk.command(k.revoke))
		r.Autocomplete("/revoke", desk.suggest(apiKeysOf(store).suggest("name")))
	}
}

func apiKeyDefinition() discord.SlashCommandCreate {
	name := discord.ApplicationCommandOptionString{Name: "name", Required: true, MaxLength: omit.Ptr(maxSourceName)}
	known := name
	known.Autocomplete = true
	return forAdmins("apikey",
		discord.ApplicationCommandOptionSubCommand{Name: "create", Options: []discord.ApplicationCommandOption{name}},
		discord.ApplicationCommandOptionSubCommand{Name: "list"},
		discord.ApplicationCommandOptionSubCommand{Name: "revoke", Options: []discord.ApplicationCommandOption{known}},
	)
}

// apiKeysOf are the guild's, by name.
func apiKeysOf(keys APIKeys) shelf[event.APIKey] {
	return shelf[event.APIKey]{
		all: keys.APIKeys, label: func(k event.APIKey) (id, name string) { return k.ID, k.Name }, longest: maxSourceName, unknown: "apikey.unknown",
	}
}

func (k *keyring) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	name := strings.TrimSpace(asked.String("name"))
	if err := mustBeName(name); err != nil {
		return reply{}, err
	}
	key := keyPrefix + newSecret()
	_, err := k.keys.CreateAPIKey(ctx, by.guild, name, sha256.Sum256([]byte(key)))
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("apikey.exists", "name", quoted(name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	return tell(
		say("apikey.create.done", "name", quoted(name, maxSourceName)),
		say("apikey.create.key", "key", key),
		say("apikey.create.next")), nil
}

func (k *keyring) list(ctx context.Context, by asker, _ discord.SlashCommandInteractionData) (reply, error) {
	keys, err := k.keys.APIKeys(ctx, by.guild)
	if err != nil {
		return reply{}, err
	}
	if len(keys) == 0 {
		return tell(say("apikey.none")), nil
	}
	c := card{title: say("apikey.list.title"), colour: colourFine, more: func(n int) text { return sayCount("apikey.list.more", n) }}
	for _, key := range keys {
		c.lines = append(c.lines, say("apikey.list.line",
			"name", quoted(key.Name, maxSourceName), "created", ago(key.CreatedAt), "used", usedOf(key)))
	}
	return reply{card: &c}, nil
}

func usedOf(key event.APIKey) text {
	if key.UsedAt.IsZero() {
		return say("apikey.list.unused")
	}
	return say("apikey.list.used", "time", ago(key.UsedAt))
}

func (k *keyring) revoke(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	key, err := apiKeysOf(k.keys).named(ctx, by, asked.String("name"))
	if err != nil {
		return reply{}, err
	}
	if err := k.keys.RevokeAPIKey(ctx, by.guild, key.ID, k.now()); err != nil {
		return reply{}, err
	}
	return tell(say("apikey.revoke.done", "name", quoted(key.Name, maxSourceName), "used", usedOf(key))), nil
}
