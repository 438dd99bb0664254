package render

import (
	"fmt"

	"github.com/tidwall/gjson"
)

var embedKeys = keys[embedPlan]{
	"if":          conditionTo(func(e *embedPlan) **condition { return &e.when }),
	"title":       textTo(func(e *embedPlan) **script { return &e.title }, inLine, maxTitle),
	"url":         textTo(func(e *embedPlan) **script { return &e.url }, inAddress, maxURL),
	"description": textTo(func(e *embedPlan) **script { return &e.description }, inBlock, maxDescription),
	"color":       readColour,
	"timestamp":   readTime,
	"fields":      readFields,
	"author": textOrObject("name", keys[embedPlan]{
		"name":     textTo(func(e *embedPlan) **script { return &e.author }, inPlain, maxName),
		"url":      textTo(func(e *embedPlan) **script { return &e.authorURL }, inAddress, maxURL),
		"icon_url": textTo(func(e *embedPlan) **script { return &e.authorIcon }, inAddress, maxURL),
	}),
	"footer": textOrObject("text", keys[embedPlan]{
		"text":     textTo(func(e *embedPlan) **script { return &e.footer }, inPlain, maxFooter),
		"icon_url": textTo(func(e *embedPlan) **script { return &e.footerIcon }, inAddress, maxURL),
	}),
	"thumbnail": textOrObject("url", keys[embedPlan]{
		"url": textTo(func(e *embedPlan) **script { return &e.thumbnail }, inAddress, maxURL),
	}),
	"image": textOrObject("url", keys[embedPlan]{
		"url": textTo(func(e *embedPlan) **script { return &e.image }, inAddress, maxURL),
	}),
}

var fieldKeys = keys[fieldPlan]{
	"if":    conditionTo(func(f *fieldPlan) **condition { return &f.when }),
	"name":  textTo(func(f *fieldPlan) **script { return &f.name }, inLine, maxName),
	"value": textTo(func(f *fieldPlan) **script { return &f.value }, inBlock, maxValue),
	"inline": func(d *draft, f *fieldPlan, field string, found gjson.Result) error {
		if !found.IsBool() {
			return d.wrong(found, field, "this is true or false")
		}
		f.inline = found.Bool()
		return nil
	},
}

var buttonKeys = keys[buttonPlan]{
	"if":    conditionTo(func(b *buttonPlan) **condition { return &b.when }),
	"label": textTo(func(b *buttonPlan) **script { return &b.label }, inPlain, maxButtonLabel),
	"url":   textTo(func(b *buttonPlan) **script { return &b.url }, inAddress, maxButtonURL),
}

// textOrObject reads what is an object to Discord, and can be written as the text that matters in it.
func textOrObject(main string, inside keys[embedPlan]) func(*draft, *embedPlan, string, gjson.Result) error {
	return func(d *draft, e *embedPlan, field string, found gjson.Result) error {
		if found.IsObject() {
			return readObject(d, found, field, inside, e)
		}
		return inside[main](d, e, field, found)
	}
}

func readFields(d *draft, e *embedPlan, field string, found gjson.Result) error {
	return d.readList(found, field, func(item gjson.Result, field string) error {
		f := fieldPlan{field: field}
		if err := readObject(d, item, field, fieldKeys, &f); err != nil {
			return err
		}
		if !lookUp(item, "name").Exists() || !lookUp(item, "value").Exists() {
			return d.wrong(item, field, `a field has a "name" and a "value"`)
		}
		e.fields = append(e.fields, f)
		return nil
	})
}

// readColour takes a number, a name, or a text that yields one of them.
func readColour(d *draft, e *embedPlan, field string, found gjson.Result) error {
	s, err := d.script(found, field, inValue, maxRead)
	if err != nil || s == nil {
		return err
	}
	if !s.isFixed() {
		e.colour = s
		return nil
	}
	var ok bool
	if e.fixed, ok = colourOf(s.text); ok {
		return nil
	}
	problem := `a color is a number up to 16777215, "#57F287" or a name such as "green"`
	if meant := closest(s.text, colourNames); meant != "" {
		problem += fmt.Sprintf("; did you mean %q?", meant)
	}
	return d.wrong(found, field, problem)
}

// readTime takes true for the event's own time, or a text that yields one.
func readTime(d *draft, e *embedPlan, field string, found gjson.Result) error {
	if found.IsBool() {
		e.received = found.Bool()
		return nil
	}
	s, err := d.script(found, field, inValue, maxRead)
	if err != nil || s == nil {
		return err
	}
	if _, _, ok := instant(jsonValue(found)); s.isFixed() && !ok {
		return d.wrong(found, field, `a timestamp is true, false, or a time such as "2026-03-31T09:41:00Z"`)
	}
	e.time = s
	return nil
}
