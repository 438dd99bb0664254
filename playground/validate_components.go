package playground

import (
	"strconv"
	"unicode/utf8"
)

// The types of components.
const (
	componentRow         = 1
	componentButton      = 2
	componentSelect      = 3
	componentTextInput   = 4
	componentUsers       = 5
	componentRoles       = 6
	componentMentionable = 7
	componentChannels    = 8
	componentSection     = 9
	componentText        = 10
	componentThumbnail   = 11
	componentGallery     = 12
	componentFile        = 13
	componentSeparator   = 14
	componentContainer   = 17
	componentLabel       = 18
	componentFileUpload  = 19
)

// Limits on the components of one message or modal.
const (
	maxRows       = 5
	maxComponents = 40
	maxDisplayed  = 4000 // Characters in all text displays of a message.
)

var (
	customID = required{text{1, 100}}

	emojiRule = object{fields: fields{"id": snowflake{}, "name": required{text{0, 32}}, "animated": boolean{}}}

	buttonRule = object{also: wholeButton, fields: fields{
		"id": integer{0, 1<<31 - 1}, "style": required{choice{1, 2, 3, 4, 5, 6}}, "label": text{0, 80}, "custom_id": text{1, 100},
		"url": link{512, []string{"http", "https", "discord"}}, "sku_id": snowflake{}, "disabled": boolean{}, "emoji": emojiRule,
	}}

	channelTypes = distinct{list{0, 25, choice{0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15}}}

	optionRule = object{fields: fields{
		"label": required{text{1, 100}}, "value": required{text{1, 100}}, "description": text{0, 100},
		"default": boolean{}, "emoji": emojiRule,
	}}

	selects = variant{
		componentSelect:      selectRule(fields{"options": required{list{1, 25, optionRule}}}),
		componentUsers:       selectRule(fields{"default_values": defaults("user")}),
		componentRoles:       selectRule(fields{"default_values": defaults("role")}),
		componentMentionable: selectRule(fields{"default_values": defaults("user", "role")}),
		componentChannels: selectRule(fields{
			"default_values": defaults("channel"),
			"channel_types":  channelTypes,
		}),
	}

	rowRule = object{also: wholeRow, fields: fields{
		"id": integer{0, 1<<31 - 1}, "components": required{list{1, 5, selects.and(variant{componentButton: buttonRule})}},
	}}

	textDisplayRule = object{fields: fields{"id": integer{0, 1<<31 - 1}, "content": required{text{1, 4000}}}}

	mediaItem = required{object{fields: fields{"url": required{image}}}}

	thumbnailRule = object{fields: fields{"media": mediaItem, "description": text{1, 1024}, "spoiler": boolean{}}}

	sectionRule = object{fields: fields{
		"components": required{list{1, 3, variant{componentText: textDisplayRule}}},
		"accessory":  required{variant{componentButton: buttonRule, componentThumbnail: thumbnailRule}},
	}}

	displays = variant{
		componentRow: rowRule, componentSection: sectionRule, componentText: textDisplayRule,
		componentGallery: object{fields: fields{"items": required{list{1, 10, object{fields: fields{
			"media": mediaItem, "description": text{1, 1024}, "spoiler": boolean{},
		}}}}}},
		componentFile: object{fields: fields{
			"file": required{object{fields: fields{"url": required{link{2048, []string{"attachment"}}}}}}, "spoiler": boolean{},
		}},
		componentSeparator: object{fields: fields{"divider": boolean{}, "spacing": choice{1, 2}}},
	}

	containerRule = object{fields: fields{
		"accent_color": integer{0, 0xFFFFFF}, "spoiler": boolean{}, "components": required{list{1, maxComponents, displays}},
	}}
)

// messageComponents checks each component of a message by itself. How they may be combined depends on the
// message's flags and is wholeMessage's.
type messageComponents struct{}

func (messageComponents) check(v any, found *issues) {
	list{0, maxComponents, displays.and(variant{componentContainer: containerRule})}.check(v, found)
}

// and returns the variants of both.
func (kinds variant) and(more variant) variant {
	both := variant{}
	for _, m := range []variant{kinds, more} {
		for kind, r := range m {
			both[kind] = r
		}
	}
	return both
}

func selectRule(own fields) rule {
	all := fields{
		"id": integer{0, 1<<31 - 1}, "custom_id": customID, "placeholder": text{0, 150}, "disabled": boolean{}, "required": boolean{},
		"min_values": integer{0, 25}, "max_values": integer{1, 25},
	}
	for name, r := range own {
		all[name] = r
	}
	return object{fields: all, also: wholeSelect}
}

func defaults(kinds ...string) rule {
	return list{0, 25, object{fields: fields{"id": required{snowflake{}}, "type": required{word(kinds)}}}}
}

func wholeButton(b map[string]any, found *issues) {
	const (
		linkStyle    = 5
		premiumStyle = 6
	)
	style, _ := whole(b["style"])
	if style != premiumStyle && blank(b["label"]) && b["emoji"] == nil {
		found.add("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
	}
	if style == linkStyle && blank(b["url"]) {
		found.at("url").add("BASE_TYPE_REQUIRED", "A url is required")
	}
	if style < linkStyle && b["custom_id"] == nil {
		found.at("custom_id").add("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id required")
	}
	if style != linkStyle && !blank(b["url"]) || style >= linkStyle && b["custom_id"] != nil {
		found.add("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
	}
	if (style == premiumStyle) != (b["sku_id"] != nil) {
		found.at("sku_id").add("BUTTON_COMPONENT_SKU_ID", "A sku id goes with a premium button only")
	}
}

func wholeSelect(s map[string]any, found *issues) {
	least, most := int64(1), int64(1)
	if n, ok := whole(s["min_values"]); ok {
		least = n
	}
	if n, ok := whole(s["max_values"]); ok {
		most = n
	}
	options, hasOptions := s["options"].([]any)
	if least > most && s["max_values"] != nil {
		found.at("min_values").add("SELECT_COMPONENT_INVALID_MIN_VALUES", "Must be less than or equal to max_values")
	}
	if hasOptions && most > int64(len(options)) {
		found.at("max_values").add("SELECT_COMPONENT_MAX_VALUES", "Must be less than or equal to the number of options")
	}
	seen, chosen := map[any]bool{}, int64(0)
	for i, o := range options {
		option := o.(map[string]any)
		if seen[option["value"]] {
			found.at("options").at(strconv.Itoa(i)).at("value").add("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
				"The specified option value is already used")
		}
		seen[option["value"]] = true
		if option["default"] == true {
			chosen++
		}
	}
	if chosen > most {
		found.at("options").add("SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", "Too many default options")
	}
}

func wholeRow(row map[string]any, found *issues) {
	inside, _ := row["components"].([]any)
	for _, c := range inside {
		if kind, _ := whole(c.(map[string]any)["type"]); kind != componentButton && len(inside) > 1 {
			found.at("components").add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
			return
		}
	}
}

// checkRows checks the components of a message without IS_COMPONENTS_V2: action rows only, five of them.
func checkRows(components []any, found *issues) {
	measure(len(components), 0, maxRows, found)
	for i, c := range components {
		if kind, _ := whole(c.(map[string]any)["type"]); kind != componentRow {
			found.at(strconv.Itoa(i)).at("type").add("UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
		}
	}
	checkTree(components, found)
}

// checkTree checks what concerns all components of a message or modal together.
func checkTree(components []any, found *issues) {
	ids, count, displayed := map[string]bool{}, 0, 0
	eachComponent(components, found, func(c map[string]any, found *issues) {
		count++
		if s, ok := c["content"].(string); ok {
			displayed += utf8.RuneCountInString(s)
		}
		id, ok := c["custom_id"].(string)
		if ok && ids[id] {
			found.at("custom_id").add("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		}
		ids[id] = true
	})
	if count > maxComponents {
		found.add("COMPONENT_MAX_COUNT_EXCEEDED", "The maximum number of components is %d", maxComponents)
	}
	if displayed > maxDisplayed {
		found.add("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The displayable text exceeds %d characters", maxDisplayed)
	}
}

// eachComponent visits components and what is inside them, with the place to note what is wrong with them.
func eachComponent(components []any, found *issues, visit func(map[string]any, *issues)) {
	for i, value := range components {
		c, _ := value.(map[string]any)
		visitComponent(c, found.at(strconv.Itoa(i)), visit)
	}
}

func visitComponent(c map[string]any, found *issues, visit func(map[string]any, *issues)) {
	visit(c, found)
	inside, _ := c["components"].([]any)
	eachComponent(inside, found.at("components"), visit)
	for _, name := range []string{"component", "accessory"} {
		if one, ok := c[name].(map[string]any); ok {
			visitComponent(one, found.at(name), visit)
		}
	}
}
