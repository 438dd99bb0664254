package playground_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dispatch/playground"
)

// x returns a text of n characters that take more than a byte each.
func x(n int) string { return strings.Repeat("é", n) }

// repeat returns a JSON array of n times an element, in which % is the number of the element.
func repeat(n int, element string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(element, "%", fmt.Sprint(i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func embed(fields string) string { return `{"embeds":[{"title":"t",` + fields + `}]}` }

func button(fields string) string {
	return `{"components":[{"type":1,"components":[{"type":2,` + fields + `}]}]}`
}

func menu(fields string) string {
	return `{"components":[{"type":1,"components":[{"type":3,"custom_id":"m",` + fields + `}]}]}`
}

const (
	pressable = `"style":1,"label":"L","custom_id":"c%"`
	choosable = `{"label":"L%","value":"v%"}`
)

// messages are bodies of messages, with the issue that each has: its path and its code. Those without one
// are right.
var messages = map[string]struct{ body, path, code string }{
	"content of 2000":          {`{"content":"` + x(2000) + `"}`, "", ""},
	"content of 2001":          {`{"content":"` + x(2001) + `"}`, "content", "BASE_TYPE_MAX_LENGTH"},
	"content no string":        {`{"content":7}`, "content", "STRING_TYPE_CONVERT"},
	"no object":                {`[]`, "", "MODEL_TYPE_CONVERT"},
	"title of 256":             {`{"embeds":[{"title":"` + x(256) + `"}]}`, "", ""},
	"title of 257":             {`{"embeds":[{"title":"` + x(257) + `"}]}`, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"},
	"description of 4097":      {embed(`"description":"` + x(4097) + `"`), "embeds.0.description", "BASE_TYPE_MAX_LENGTH"},
	"footer of 2049":           {embed(`"footer":{"text":"` + x(2049) + `"}`), "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"},
	"author of 257":            {embed(`"author":{"name":"` + x(257) + `"}`), "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"},
	"25 fields":                {embed(`"fields":` + repeat(25, `{"name":"n","value":"v"}`)), "", ""},
	"26 fields":                {embed(`"fields":` + repeat(26, `{"name":"n","value":"v"}`)), "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"},
	"field name of 257":        {embed(`"fields":[{"name":"` + x(257) + `","value":"v"}]`), "embeds.0.fields.0.name", "BASE_TYPE_BAD_LENGTH"},
	"field value of 1025":      {embed(`"fields":[{"name":"n","value":"` + x(1025) + `"}]`), "embeds.0.fields.0.value", "BASE_TYPE_BAD_LENGTH"},
	"field name empty":         {embed(`"fields":[{"name":"","value":"v"}]`), "embeds.0.fields.0.name", "BASE_TYPE_REQUIRED"},
	"field value blank":        {embed(`"fields":[{"name":"n","value":" \n"}]`), "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"},
	"field value missing":      {embed(`"fields":[{"name":"n"}]`), "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"},
	"field null":               {embed(`"fields":[null]`), "embeds.0.fields.0", "BASE_TYPE_REQUIRED"},
	"10 embeds":                {`{"embeds":` + repeat(10, `{"title":"t"}`) + `}`, "", ""},
	"11 embeds":                {`{"embeds":` + repeat(11, `{"title":"t"}`) + `}`, "embeds", "BASE_TYPE_MAX_LENGTH"},
	"6000 in all embeds":       {`{"embeds":` + repeat(2, `{"description":"`+x(3000)+`"}`) + `}`, "", ""},
	"6001 in all embeds":       {`{"embeds":[{"title":"x"},` + repeat(2, `{"description":"`+x(3000)+`"}`)[1:] + `}`, "embeds", "MAX_EMBED_SIZE_EXCEEDED"},
	"embed with a colour only": {`{"embeds":[{"color":1}]}`, "embeds.0.description", "BASE_TYPE_REQUIRED"},
	"embed with a footer only": {`{"embeds":[{"footer":{"text":"f"}}]}`, "", ""},
	"colour of white":          {embed(`"color":16777215`), "", ""},
	"colour too large":         {embed(`"color":16777216`), "embeds.0.color", "NUMBER_TYPE_MAX"},
	"colour negative":          {embed(`"color":-1`), "embeds.0.color", "NUMBER_TYPE_MIN"},
	"colour no number":         {embed(`"color":"#fff"`), "embeds.0.color", "NUMBER_TYPE_COERCE"},
	"timestamp":                {embed(`"timestamp":"2026-03-01T12:00:00.5+02:00"`), "", ""},
	"timestamp wrong":          {embed(`"timestamp":"yesterday"`), "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"},
	"url":                      {embed(`"url":"https://example.com/a?b=c"`), "", ""},
	"url of another scheme":    {embed(`"url":"javascript:alert(1)"`), "embeds.0.url", "URL_TYPE_INVALID_SCHEME"},
	"url without a scheme":     {embed(`"url":"example.com"`), "embeds.0.url", "URL_TYPE_INVALID_URL"},
	"url without a host":       {embed(`"url":"https://"`), "embeds.0.url", "URL_TYPE_INVALID_URL"},
	"url with a blank":         {embed(`"url":"https://example.com/a b"`), "embeds.0.url", "URL_TYPE_INVALID_URL"},
	"url too long":             {embed(`"url":"https://example.com/` + strings.Repeat("a", 2048) + `"`), "embeds.0.url", "BASE_TYPE_MAX_LENGTH"},
	"image of another scheme":  {embed(`"image":{"url":"data:image/png;base64,AA"}`), "embeds.0.image.url", "URL_TYPE_INVALID_SCHEME"},
	"inline no boolean":        {embed(`"fields":[{"name":"n","value":"v","inline":1}]`), "embeds.0.fields.0.inline", "BOOLEAN_TYPE_CONVERT"},

	"nonce of 25":               {`{"content":"c","nonce":"` + x(25) + `"}`, "", ""},
	"nonce of 26":               {`{"content":"c","nonce":"` + x(26) + `"}`, "nonce", "BASE_TYPE_MAX_LENGTH"},
	"mentions":                  {`{"content":"c","allowed_mentions":{"parse":[]}}`, "", ""},
	"mentions of a wrong kind":  {`{"content":"c","allowed_mentions":{"parse":["all"]}}`, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"},
	"mentions twice":            {`{"content":"c","allowed_mentions":{"parse":["users"],"users":["1"]}}`, "allowed_mentions.parse", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
	"mentions no snowflake":     {`{"content":"c","allowed_mentions":{"users":["max"]}}`, "allowed_mentions.users.0", "NUMBER_TYPE_COERCE"},
	"flag for interactions":     {`{"content":"c","flags":64}`, "flags", "BASE_TYPE_CHOICES"},
	"flag to be silent":         {`{"content":"c","flags":4096}`, "", ""},
	"attachment without a file": {`{"content":"c","attachments":[{"id":"0"}]}`, "attachments", "ATTACHMENT_NOT_FOUND"},
	"poll":                      {`{"poll":{}}`, "poll", "PLAYGROUND_UNSUPPORTED"},

	"button":                   {button(pressable), "", ""},
	"link":                     {button(`"style":5,"label":"L","url":"https://example.com"`), "", ""},
	"5 rows":                   {`{"components":` + repeat(5, `{"type":1,"components":[{"type":2,`+pressable+`}]}`) + `}`, "", ""},
	"6 rows":                   {`{"components":` + repeat(6, `{"type":1,"components":[{"type":2,`+pressable+`}]}`) + `}`, "components", "BASE_TYPE_MAX_LENGTH"},
	"6 buttons":                {`{"components":[{"type":1,"components":` + repeat(6, `{"type":2,`+pressable+`}`) + `}]}`, "components.0.components", "BASE_TYPE_BAD_LENGTH"},
	"row empty":                {`{"components":[{"type":1,"components":[]}]}`, "components.0.components", "BASE_TYPE_BAD_LENGTH"},
	"button outside a row":     {`{"components":[{"type":2,` + pressable + `}]}`, "components.0.type", "UNION_TYPE_CHOICES"},
	"component unknown":        {`{"components":[{"type":99}]}`, "components.0.type", "UNION_TYPE_CHOICES"},
	"custom id twice":          {`{"components":[{"type":1,"components":[{"type":2,` + pressable + `},{"type":2,` + pressable + `}]}]}`, "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
	"custom id of 101":         {button(`"style":1,"label":"L","custom_id":"` + x(101) + `"`), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"},
	"custom id missing":        {button(`"style":1,"label":"L"`), "components.0.components.0.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"},
	"label of 81":              {button(`"style":1,"custom_id":"c","label":"` + x(81) + `"`), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"},
	"label missing":            {button(`"style":1,"custom_id":"c"`), "components.0.components.0", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"},
	"emoji for a label":        {button(`"style":1,"custom_id":"c","emoji":{"name":"🎉"}`), "", ""},
	"style unknown":            {button(`"style":9,"label":"L","custom_id":"c"`), "components.0.components.0.style", "BASE_TYPE_CHOICES"},
	"style missing":            {button(`"label":"L","custom_id":"c"`), "components.0.components.0.style", "BASE_TYPE_REQUIRED"},
	"link without a url":       {button(`"style":5,"label":"L"`), "components.0.components.0.url", "BASE_TYPE_REQUIRED"},
	"link with a custom id":    {button(`"style":5,"label":"L","url":"https://example.com","custom_id":"c"`), "components.0.components.0", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
	"link of 513":              {button(`"style":5,"label":"L","url":"https://example.com/` + strings.Repeat("a", 493) + `"`), "components.0.components.0.url", "BASE_TYPE_MAX_LENGTH"},
	"select of 25":             {menu(`"options":` + repeat(25, choosable)), "", ""},
	"select of 26":             {menu(`"options":` + repeat(26, choosable)), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"},
	"select of none":           {menu(`"options":[]`), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"},
	"select with values twice": {menu(`"options":[{"label":"a","value":"v"},{"label":"b","value":"v"}]`), "components.0.components.0.options.1.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
	"select of too many":       {menu(`"max_values":2,"options":[{"label":"a","value":"v"}]`), "components.0.components.0.max_values", "SELECT_COMPONENT_MAX_VALUES"},
	"select label of 101":      {menu(`"options":[{"label":"` + x(101) + `","value":"v"}]`), "components.0.components.0.options.0.label", "BASE_TYPE_BAD_LENGTH"},
	"placeholder of 151":       {menu(`"options":[{"label":"a","value":"v"}],"placeholder":"` + x(151) + `"`), "components.0.components.0.placeholder", "BASE_TYPE_MAX_LENGTH"},
	"select beside a button":   {`{"components":[{"type":1,"components":[{"type":5,"custom_id":"u"},{"type":2,` + pressable + `}]}]}`, "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},

	"container":                      {`{"flags":32768,"components":[{"type":17,"components":[{"type":10,"content":"hi"}]}]}`, "", ""},
	"container without its flag":     {`{"components":[{"type":17,"components":[{"type":10,"content":"hi"}]}]}`, "components.0.type", "UNION_TYPE_CHOICES"},
	"content with components v2":     {`{"flags":32768,"content":"c","components":[{"type":10,"content":"hi"}]}`, "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
	"text of 4001 in components v2":  {`{"flags":32768,"components":` + repeat(2, `{"type":10,"content":"`+x(2001)+`"}`) + `}`, "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
	"41 components":                  {`{"flags":32768,"components":` + repeat(21, `{"type":17,"components":[{"type":10,"content":"x"}]}`) + `}`, "components", "COMPONENT_MAX_COUNT_EXCEEDED"},
	"section without an accessory":   {`{"flags":32768,"components":[{"type":9,"components":[{"type":10,"content":"x"}]}]}`, "components.0.accessory", "BASE_TYPE_REQUIRED"},
	"section with the same id twice": {`{"flags":32768,"components":[{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":2,` + pressable + `}},{"type":1,"components":[{"type":2,` + pressable + `}]}]}`, "components.1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
}

// issueAt returns the code of the first issue at a path.
func issueAt(t *testing.T, raw json.RawMessage, path string) string {
	t.Helper()
	var node any
	if err := json.Unmarshal(raw, &node); err != nil {
		t.Fatalf("read issues %s: %v", raw, err)
	}
	for _, step := range strings.Split(path, ".") {
		if step != "" {
			node, _ = node.(map[string]any)[step].(map[string]any)
		}
	}
	at, _ := node.(map[string]any)
	list, _ := at["_errors"].([]any)
	if len(list) == 0 {
		t.Fatalf("no issue at %q in %s", path, raw)
	}
	code, _ := list[0].(map[string]any)["code"].(string)
	return code
}

func TestMessagesAreChecked(t *testing.T) {
	l := start(t, playground.Options{Unlimited: true})
	for name, tc := range messages {
		t.Run(name, func(t *testing.T) {
			got := l.do(t, "POST", "/channels/"+l.ChannelID("sales")+"/messages", tc.body)
			if tc.code == "" {
				if got.status != 200 {
					t.Errorf("refused: %s", got.body)
				}
				return
			}
			if got.status != 400 || got.Code != 50035 || !strings.Contains(string(got.body), `"message":"Invalid Form Body"`) {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if code := issueAt(t, got.Errors, tc.path); code != tc.code {
				t.Errorf("issue %s, want %s", code, tc.code)
			}
		})
	}
}
