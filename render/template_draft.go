package render

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// draft is a template as it is read.
type draft struct {
	source   string
	template *Template
}

// keys are what an object of a template can have, and how each is read. The field is where it stands.
type keys[T any] map[string]func(d *draft, into *T, field string, found gjson.Result) error

// ignored are the keys that mean nothing to us: they come with what other tools and Discord itself write.
var ignored = map[string]bool{
	"version": true, "username": true, "avatar_url": true, "attachments": true, "tts": true, "flags": true, "allowed_mentions": true,
	"thread_name": true, "type": true, "provider": true, "video": true, "width": true, "height": true, "proxy_url": true,
	"proxy_icon_url": true, "id": true, "style": true, "slack_blocks": true, "telegram_html": true,
}

// wrong is an error at a piece of JSON.
func (d *draft) wrong(found gjson.Result, field, problem string) error {
	piece, _, _ := strings.Cut(found.Raw, "\n")
	return wrong(d.source, field, found.Index, piece, problem)
}

// readObject reads an object by its keys. One that is null is as good as none.
func readObject[T any](d *draft, object gjson.Result, field string, known keys[T], into *T) error {
	if !object.IsObject() {
		return d.wrong(object, field, `an object is expected here, such as {"name": "…"}`)
	}
	var err error
	seen := make(map[string]bool)
	object.ForEach(func(key, found gjson.Result) bool {
		name := key.Str
		inside := strings.TrimPrefix(field+"."+name, ".")
		read, ok := known[name]
		switch {
		case seen[name]:
			err = d.wrong(key, inside, fmt.Sprintf("%q is there twice", name))
		case ok && found.Type != gjson.Null:
			err = read(d, into, inside, found)
		case !ok && !ignored[name]:
			err = d.unknown(key, inside, closest(name, known))
		}
		seen[name] = true
		return err == nil
	})
	return err
}

func (d *draft) unknown(key gjson.Result, field, meant string) error {
	problem := fmt.Sprintf("there is no %q here", key.Str)
	if meant != "" {
		problem += fmt.Sprintf("; did you mean %q?", meant)
	}
	return d.wrong(key, field, problem)
}

// readList reads the items of a list.
func (d *draft) readList(list gjson.Result, field string, read func(item gjson.Result, field string) error) error {
	if !list.IsArray() {
		return d.wrong(list, field, "a list is expected here, such as [ … ]")
	}
	var err error
	i := 0
	list.ForEach(func(_, item gjson.Result) bool {
		err = read(item, fmt.Sprintf("%s[%d]", field, i))
		i++
		return err == nil
	})
	return err
}

// textTo reads a text into where it belongs. An empty one is as good as none.
func textTo[T any](to func(*T) **script, at place, limit int) func(*draft, *T, string, gjson.Result) error {
	return func(d *draft, into *T, field string, found gjson.Result) error {
		s, err := d.script(found, field, at, limit)
		*to(into) = s
		return err
	}
}

func (d *draft) script(found gjson.Result, field string, at place, limit int) (*script, error) {
	written := found.Str
	switch {
	case found.IsObject() || found.IsArray():
		return nil, d.wrong(found, field, "a text in double quotes is expected here")
	case found.Type != gjson.String:
		written = found.Raw // 5, or true
	}
	if written == "" {
		return nil, nil
	}
	s, err := newScript(script{
		field: field, place: at, limit: limit, text: written, begin: found.Index + 1, json: d.source,
	}, d.template.roles)
	if err != nil {
		return nil, err
	}
	if at == inAddress && s.isFixed() {
		if address, ok := safeAddress(written); !ok || len(address) > limit {
			return nil, d.wrong(found, field, fmt.Sprintf("an address begins with https:// or http:// and has %d characters at most", limit))
		}
	}
	return s, nil
}
