package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// messageDraft is a message while it is read: an embed at its top, and what else there is.
type messageDraft struct {
	embedPlan
	*Template
}

// messageKeys are those of a message, and of the embed that it can be.
var messageKeys = func() keys[messageDraft] {
	all := keys[messageDraft]{
		"content":  textTo(func(m *messageDraft) **script { return &m.content }, inBlock, maxContent),
		"embeds":   readEmbeds,
		"buttons":  readButtons,
		"mentions": readMentions,
		"platforms": func(d *draft, _ *messageDraft, field string, found gjson.Result) error {
			return d.wrong(found, field, "a platform has no platforms in it")
		},
	}
	for name, read := range embedKeys {
		all[name] = func(d *draft, m *messageDraft, field string, found gjson.Result) error {
			return read(d, &m.embedPlan, field, found)
		}
	}
	return all
}()

// read reads the template, or what it has for Discord when it is one for several platforms.
func (d *draft) read(root gjson.Result) error {
	if !lookUp(root, "platforms").Exists() {
		return d.message(root)
	}
	platforms := keys[draft]{"platforms": func(d *draft, _ *draft, field string, found gjson.Result) error {
		if !found.IsObject() {
			return d.wrong(found, field, `an object is expected here, such as {"discord": { … }}`)
		}
		for _, name := range []string{"discord", "default"} {
			if ours := lookUp(found, name); ours.IsObject() {
				return d.message(ours)
			}
		}
		return d.wrong(found, field, `there is nothing for Discord in it: it needs a "discord" or a "default"`)
	}}
	return readObject(d, root, "", platforms, d)
}

func (d *draft) message(object gjson.Result) error {
	// Texts need to know the roles, wherever these stand.
	if found := lookUp(object, "mentions"); found.Exists() && found.Type != gjson.Null {
		if err := d.mentions(found); err != nil {
			return err
		}
	}
	m := messageDraft{Template: d.template}
	if err := readObject(d, object, "", messageKeys, &m); err != nil {
		return err
	}
	t := d.template
	if !m.isBare() {
		t.embeds = slices.Insert(t.embeds, 0, m.embedPlan)
	}
	if len(t.embeds) > maxEmbeds {
		return d.wrong(object, "embeds", fmt.Sprintf("a message has %d embeds at most", maxEmbeds))
	}
	for _, role := range t.roles {
		if t.content == nil || !t.content.anyRole && !strings.Contains(t.content.text, role) {
			t.first = append(t.first, role)
		}
	}
	if t.content == nil && len(t.embeds) == 0 {
		return d.wrong(object, "", `nothing would be shown: a "title", a "description", "fields" or "content" is missing`)
	}
	return nil
}

// isBare says whether nothing of the embed could ever be seen.
func (e *embedPlan) isBare() bool {
	return e.title == nil && e.description == nil && e.author == nil && e.footer == nil && len(e.fields) == 0 &&
		e.thumbnail == nil && e.image == nil
}

func readEmbeds(d *draft, m *messageDraft, field string, found gjson.Result) error {
	return d.readList(found, field, func(item gjson.Result, field string) error {
		e := embedPlan{field: field}
		if err := readObject(d, item, field, embedKeys, &e); err != nil {
			return err
		}
		if e.isBare() {
			return d.wrong(item, field, `this embed would show nothing: a "title", a "description" or "fields" is missing`)
		}
		m.embeds = append(m.embeds, e)
		return nil
	})
}

func readButtons(d *draft, m *messageDraft, field string, found gjson.Result) error {
	return d.readList(found, field, func(item gjson.Result, field string) error {
		b := buttonPlan{field: field}
		if err := readObject(d, item, field, buttonKeys, &b); err != nil {
			return err
		}
		if b.label == nil || b.url == nil {
			return d.wrong(item, field, `a button has a "label" and a "url"`)
		}
		if len(m.buttons) == maxButtons {
			return d.wrong(item, field, fmt.Sprintf("a message has %d buttons at most", maxButtons))
		}
		m.buttons = append(m.buttons, b)
		return nil
	})
}

// readMentions has nothing left to do.
func readMentions(*draft, *messageDraft, string, gjson.Result) error { return nil }

// maxRoles is how many roles one message can mention.
const maxRoles = 20

func (d *draft) mentions(found gjson.Result) error {
	return d.readList(found, "mentions", func(item gjson.Result, field string) error {
		if _, err := strconv.ParseUint(item.Str, 10, 63); err != nil || strings.HasPrefix(item.Str, "0") {
			return d.wrong(item, field, `a role is written by its id, in quotes: "123456789012345678"`)
		}
		if !slices.Contains(d.template.roles, item.Str) {
			d.template.roles = append(d.template.roles, item.Str)
		}
		if len(d.template.roles) > maxRoles {
			return d.wrong(item, field, fmt.Sprintf("a message mentions %d roles at most", maxRoles))
		}
		return nil
	})
}
