package playground

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The types of command options.
const (
	optionSubcommand  = 1
	optionGroup       = 2
	optionString      = 3
	optionInteger     = 4
	optionBoolean     = 5
	optionUser        = 6
	optionChannel     = 7
	optionRole        = 8
	optionMentionable = 9
	optionNumber      = 10
	optionAttachment  = 11
)

// maxCommand is how many characters a command's names, descriptions and values may have together.
const maxCommand = 8000

// locales are the ones that Discord localizes commands for.
// See https://discord.com/developers/docs/reference#locales.
var locales = []string{
	"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro",
	"fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
}

// maxInt53 is the largest whole number of a command's option.
const maxInt53 = 1<<53 - 1

var (
	described = fields{
		"name": required{commandName{}}, "name_localizations": localized{commandName{}},
		"description": required{text{1, 100}}, "description_localizations": localized{text{1, 100}},
		"required": boolean{},
	}

	plainOption = object{fields: described}

	leaves = variant{
		optionString: optionOf(text{0, 100}, fields{
			"min_length": integer{0, 6000}, "max_length": integer{1, 6000},
		}),
		optionInteger: optionOf(integer{-maxInt53, maxInt53}, fields{
			"min_value": integer{-maxInt53, maxInt53}, "max_value": integer{-maxInt53, maxInt53},
		}),
		optionNumber:  optionOf(decimal{}, fields{"min_value": decimal{}, "max_value": decimal{}}),
		optionBoolean: plainOption, optionUser: plainOption, optionRole: plainOption, optionMentionable: plainOption,
		optionAttachment: plainOption,
		optionChannel:    object{fields: described.and(fields{"channel_types": channelTypes})},
	}

	subcommand = object{also: wholeOptions, fields: described.and(fields{"options": list{0, 25, leaves}})}

	group = object{also: wholeOptions, fields: described.and(fields{
		"options": required{list{1, 25, variant{optionSubcommand: subcommand}}},
	})}

	commandRule = object{also: wholeCommand, fields: fields{
		"id": snowflake{}, "type": choice{1, 2, 3}, "name": required{text{1, 32}}, "description": text{0, 100},
		"name_localizations": localized{text{1, 32}}, "description_localizations": localized{text{0, 100}},
		"options":                    list{0, 25, leaves.and(variant{optionSubcommand: subcommand, optionGroup: group})},
		"default_member_permissions": permissionSet{}, "dm_permission": boolean{}, "nsfw": boolean{},
		"contexts": distinct{list{1, 3, choice{0, 1, 2}}}, "integration_types": distinct{list{1, 2, choice{0, 1}}},
	}}
)

func (f fields) and(more fields) fields {
	both := fields{}
	for _, m := range []fields{f, more} {
		for name, r := range m {
			both[name] = r
		}
	}
	return both
}

// optionOf is an option whose values can be listed as choices or completed.
func optionOf(value rule, own fields) rule {
	choices := list{0, 25, object{fields: fields{
		"name": required{text{1, 100}}, "name_localizations": localized{text{1, 100}}, "value": required{value},
	}}}
	return object{also: wholeOption, fields: described.and(own).and(fields{"autocomplete": boolean{}, "choices": choices})}
}

type (
	// commandName is the name of a slash command or an option.
	commandName struct{}

	// permissionSet is Permissions as a string or a number.
	permissionSet struct{}
)

const maxCommandName = 32 // characters

// commandNames leaves the length out: counting in it costs each process 1.5 MB.
var commandNames = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]+$`)

func (commandName) check(v any, found *issues) {
	s, ok := v.(string)
	if !ok || utf8.RuneCountInString(s) > maxCommandName || !commandNames.MatchString(s) || s != strings.ToLower(s) {
		found.add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

func (permissionSet) check(v any, found *issues) {
	s, ok := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		s, ok = n.String(), true
	}
	if _, err := strconv.ParseUint(s, 10, 63); !ok || err != nil {
		found.add("NUMBER_TYPE_COERCE", "Value \"%v\" is not int.", v)
	}
}

func wholeOption(o map[string]any, found *issues) {
	choices, _ := o["choices"].([]any)
	if o["autocomplete"] == true && len(choices) > 0 {
		found.at("autocomplete").add("APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE", "An option with choices cannot autocomplete")
	}
	for _, kind := range []string{"value", "length"} {
		least, most := o["min_"+kind], o["max_"+kind]
		if least == nil || most == nil {
			continue
		}
		a, _ := least.(json.Number).Float64()
		if b, _ := most.(json.Number).Float64(); a > b {
			found.at("min_"+kind).add("APPLICATION_COMMAND_OPTIONS_INVALID_MIN", "Must be less than or equal to max_%s", kind)
		}
	}
	seen := map[any]bool{}
	for i, c := range choices {
		name := c.(map[string]any)["name"]
		if seen[name] {
			found.at("choices").at(strconv.Itoa(i)).at("name").add("APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS",
				"Option choice name already exists")
		}
		seen[name] = true
	}
}

// wholeOptions checks the options of one level: names, their order and what may be next to what.
func wholeOptions(o map[string]any, found *issues) {
	options, _ := o["options"].([]any)
	seen, optional, nested := map[any]bool{}, false, 0
	for i, value := range options {
		option, at := value.(map[string]any), found.at("options").at(strconv.Itoa(i))
		if seen[option["name"]] {
			at.at("name").add("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		}
		seen[option["name"]] = true
		if option["required"] == true && optional {
			at.add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || option["required"] != true
		if kind, _ := whole(option["type"]); kind == optionSubcommand || kind == optionGroup {
			nested++
		}
	}
	if nested > 0 && nested < len(options) {
		found.at("options").add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
			"Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func wholeCommand(c map[string]any, found *issues) {
	if kind, ok := whole(c["type"]); ok && kind != commandSlash {
		for _, name := range []string{"description", "options"} {
			if list, _ := c[name].([]any); !blank(c[name]) && (name == "description" || len(list) > 0) {
				found.at(name).add("APPLICATION_COMMAND_CONTEXT_MENU_FIELD", "Context menu commands cannot have this")
			}
		}
		return
	}
	object{fields: described}.check(c, found)
	wholeOptions(c, found)
	if n := commandSize(c); n > maxCommand {
		found.add("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommand)
	}
}

// commandSize counts the characters of a command, its options and choices. Of a text and its
// localizations the longest one counts.
func commandSize(o map[string]any) int {
	n := 0
	for _, name := range []string{"name", "description", "value"} {
		s, _ := o[name].(string)
		longest := utf8.RuneCountInString(s)
		others, _ := o[name+"_localizations"].(map[string]any)
		for _, other := range others {
			s, _ := other.(string)
			longest = max(longest, utf8.RuneCountInString(s))
		}
		n += longest
	}
	for _, name := range []string{"options", "choices"} {
		all, _ := o[name].([]any)
		for _, value := range all {
			n += commandSize(value.(map[string]any))
		}
	}
	return n
}
