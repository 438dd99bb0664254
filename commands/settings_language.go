package commands

import (
	"context"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/locales"
)

// asInDiscord asks for the language that the guild has in Discord.
const asInDiscord = "auto"

// language is the one of what is shown in the guild's channels. Each admin is answered in their own.
var language = wordKind{
	option: "language",
	title:  "settings.language.title",
	in:     func(s *delivery.Settings) *string { return &s.Language },
	read: func(typed string) (string, error) {
		if strings.EqualFold(typed, asInDiscord) {
			return "", nil
		}
		for tag, name := range ownNames() {
			if strings.EqualFold(typed, tag) || strings.EqualFold(typed, name) {
				return tag, nil
			}
		}
		return "", refuse("settings.language.unknown", "language", quoted(typed, maxPiece))
	},
	shown: func(by asker, stored string) text {
		if stored != "" {
			return asWritten(ownNames()[stored])
		}
		return say("settings.language.of_discord", "language", ownNames()[guildLanguage(by).Tag()])
	},
}

// ownNames are what languages call themselves, by tag.
func ownNames() map[string]string { return locales.All("settings.language.own_name") }

// guildLanguage is the one that the guild has in Discord.
func guildLanguage(by asker) locales.Catalog {
	if tag := by.interaction.GuildLocale(); tag != nil {
		return locales.For(string(*tag))
	}
	return locales.For(locales.Default)
}

func suggestLanguages(_ context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	offers := []offer{{say("settings.language.auto").in(by.say()), asInDiscord}}
	names := ownNames()
	for _, tag := range locales.Tags() {
		offers = append(offers, offer{names[tag], tag})
	}
	return matching(offers, asked.String("language")), nil
}
