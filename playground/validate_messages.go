package playground

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The flags of messages.
const (
	flagCrossposted      = 1 << 0
	flagSuppressEmbeds   = 1 << 2
	flagHasThread        = 1 << 5
	flagEphemeral        = 1 << 6
	flagLoading          = 1 << 7
	flagSuppressNotify   = 1 << 12
	flagComponentsV2     = 1 << 15
	flagsForMessage      = flagSuppressEmbeds | flagSuppressNotify | flagComponentsV2
	flagsForInteractions = flagsForMessage | flagEphemeral
)

// maxEmbeds is how many characters all embeds of a message may have together.
const maxEmbeds = 6000

var (
	web   = link{max: 2048, schemes: []string{"http", "https"}}
	image = link{max: 2048, schemes: []string{"http", "https", "attachment"}}

	media = object{fields: fields{
		"url": image, "width": integer{0, 1<<31 - 1}, "height": integer{0, 1<<31 - 1}, "description": text{0, 4096},
		"placeholder": text{0, 64}, "placeholder_version": integer{0, 1<<31 - 1}, "is_animated": boolean{},
	}}

	embedRule = object{also: visibleEmbed, fields: fields{
		"type": text{0, 152133}, "title": text{0, 256}, "description": text{0, 4096}, "url": web,
		"timestamp": timestamp{}, "color": integer{0, 0xFFFFFF},
		"footer": object{fields: fields{"text": text{0, 2048}, "icon_url": image}},
		"author": object{fields: fields{"name": text{0, 256}, "url": web, "icon_url": image}},
		"image":  media, "thumbnail": media, "video": media,
		"provider": object{fields: fields{"name": text{0, 256}, "url": web}},
		"fields": list{0, 25, object{fields: fields{
			"name": required{text{1, 256}}, "value": required{text{1, 1024}}, "inline": boolean{},
		}}},
	}}

	mentionsRule = object{also: exclusiveMentions, fields: fields{
		"parse": distinct{list{0, 3, word{"users", "roles", "everyone"}}},
		"users": distinct{list{0, 100, snowflake{}}}, "roles": distinct{list{0, 100, snowflake{}}}, "replied_user": boolean{},
	}}

	attachmentRule = object{fields: fields{
		"id": required{attachmentID{}}, "filename": text{1, 1024}, "description": text{0, 1024}, "title": text{0, 1024},
	}}

	referenceRule = object{fields: fields{
		"message_id": required{snowflake{}}, "channel_id": snowflake{}, "guild_id": snowflake{},
		"fail_if_not_exists": boolean{}, "type": choice{0},
	}}
)

// messageRule is what a message's body must be, with the flags that may be set in this place.
func messageRule(flags int64) object {
	return object{also: wholeMessage, fields: fields{
		"content": text{0, 2000}, "tts": boolean{}, "embeds": list{0, 10, embedRule}, "allowed_mentions": mentionsRule,
		"components": messageComponents{}, "attachments": list{0, 10, attachmentRule}, "flags": flagSet(flags),
		"nonce": nonceRule{}, "enforce_nonce": boolean{}, "message_reference": referenceRule,
		"poll": unsupported{}, "sticker_ids": list{0, 0, snowflake{}},
	}}
}

type (
	// flagSet is a number with none but these bits set.
	flagSet int64

	// nonceRule is a whole number or a string of at most 25 characters.
	nonceRule struct{}

	// attachmentID is the id of an attachment that is there, or the index of a file that comes along.
	attachmentID struct{}

	// unsupported is what the real Discord knows and this one does not.
	unsupported struct{}
)

func (f flagSet) check(v any, found *issues) {
	if n, ok := whole(v); !ok || n&^int64(f) != 0 {
		found.add("BASE_TYPE_CHOICES", "Flags %v are not allowed here.", v)
	}
}

func (nonceRule) check(v any, found *issues) {
	if _, ok := whole(v); !ok {
		text{0, 25}.check(v, found)
	}
}

func (attachmentID) check(v any, found *issues) {
	if _, ok := whole(v); !ok {
		snowflake{}.check(v, found)
	}
}

func (unsupported) check(_ any, found *issues) {
	found.add("PLAYGROUND_UNSUPPORTED", "The local Discord does not know this.")
}

// visibleEmbed refuses an embed that would show nothing.
func visibleEmbed(e map[string]any, found *issues) {
	for _, name := range []string{"title", "description", "image", "thumbnail", "video"} {
		if !blank(e[name]) {
			return
		}
	}
	footer, _ := e["footer"].(map[string]any)
	author, _ := e["author"].(map[string]any)
	all, _ := e["fields"].([]any)
	if blank(footer["text"]) && blank(author["name"]) && len(all) == 0 {
		found.at("description").add("BASE_TYPE_REQUIRED", "This field is required")
	}
}

// exclusiveMentions refuses to both let all users (or roles) be mentioned and list some.
func exclusiveMentions(m map[string]any, found *issues) {
	parse, _ := m["parse"].([]any)
	for _, kind := range []string{"users", "roles"} {
		if some, _ := m[kind].([]any); len(some) > 0 && slices.Contains(parse, any(kind)) {
			found.at("parse").add("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				"parse:[\"%s\"] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
}

// wholeMessage checks what concerns several fields of a message.
func wholeMessage(m map[string]any, found *issues) {
	embeds, _ := m["embeds"].([]any)
	total := 0
	for _, e := range embeds {
		total += embedSize(e.(map[string]any))
	}
	if total > maxEmbeds {
		found.at("embeds").add("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbeds)
	}
	flags, _ := whole(m["flags"])
	components, _ := m["components"].([]any)
	if flags&flagComponentsV2 == 0 {
		checkRows(components, found.at("components"))
		return
	}
	for _, name := range []string{"content", "embeds"} {
		if list, _ := m[name].([]any); !blank(m[name]) && (name == "content" || len(list) > 0) {
			found.at(name).add("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
				"The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", name)
		}
	}
	checkTree(components, found.at("components"))
}

// embedSize counts the characters that count towards the limit of a whole message.
func embedSize(e map[string]any) int {
	count := func(o any, names ...string) int {
		m, _ := o.(map[string]any)
		n := 0
		for _, name := range names {
			s, _ := m[name].(string)
			n += utf8.RuneCountInString(strings.TrimSpace(s))
		}
		return n
	}
	n := count(e, "title", "description") + count(e["footer"], "text") + count(e["author"], "name")
	all, _ := e["fields"].([]any)
	for _, f := range all {
		n += count(f, "name", "value")
	}
	return n
}
