package commands

import (
	"github.com/disgoorg/disgo/discord"

	"dispatch/locales"
)

// localized gives a command the names and descriptions that stand in locales, found by the path of names to
// them: command.salesforce.connect.description, command.salesforce.connect.option.name.description.
func localized(c discord.SlashCommandCreate) discord.SlashCommandCreate {
	path := "command." + c.Name
	c.NameLocalizations, c.Description, c.DescriptionLocalizations = described(path)
	c.Options = localizedOptions(path, c.Options)
	return c
}

func localizedOptions(path string, options []discord.ApplicationCommandOption) []discord.ApplicationCommandOption {
	var out []discord.ApplicationCommandOption
	for _, option := range options {
		out = append(out, localizedOption(path, option))
	}
	return out
}

func localizedOption(path string, option discord.ApplicationCommandOption) discord.ApplicationCommandOption {
	own := path + ".option." + option.OptionName()
	switch o := option.(type) {
	case discord.ApplicationCommandOptionSubCommand:
		own = path + "." + o.Name
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		o.Options = localizedOptions(own, o.Options)
		return o
	case discord.ApplicationCommandOptionSubCommandGroup:
		own = path + "." + o.Name
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		for i, sub := range o.Options {
			o.Options[i] = localizedOption(own, sub).(discord.ApplicationCommandOptionSubCommand)
		}
		return o
	case discord.ApplicationCommandOptionString:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		for i, choice := range o.Choices {
			o.Choices[i].Name, o.Choices[i].NameLocalizations = translated(own + ".choice." + choice.Value)
		}
		return o
	case discord.ApplicationCommandOptionInt:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		return o
	case discord.ApplicationCommandOptionFloat:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		return o
	case discord.ApplicationCommandOptionBool:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		return o
	case discord.ApplicationCommandOptionAttachment:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		return o
	case discord.ApplicationCommandOptionChannel:
		o.NameLocalizations, o.Description, o.DescriptionLocalizations = described(own)
		return o
	}
	return option
}

// described leaves the name itself alone: the handlers are found by it.
func described(path string) (names map[discord.Locale]string, description string, descriptions map[discord.Locale]string) {
	_, names = translated(path + ".name")
	description, descriptions = translated(path + ".description")
	return names, description, descriptions
}

// translated is the sentence in the default language, and in the others by Discord's name for each.
func translated(key string) (string, map[discord.Locale]string) {
	others := make(map[discord.Locale]string)
	for tag, sentence := range locales.All(key) {
		if tag != locales.Default {
			others[discord.Locale(tag)] = sentence
		}
	}
	return locales.For(locales.Default).T(key), others
}
