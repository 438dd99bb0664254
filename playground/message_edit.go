package playground

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// edit returns a message changed as a PATCH with that body asks: what is not in it stays as it was. flags are
// those that may be set. The caller holds the lock and stores the message.
func (d *Discord) edit(c *call, ch *channel, old *Message, p Permissions, value any, flags int64) (*Message, error) {
	body, _ := value.(map[string]any)
	if old.Flags&flagComponentsV2 != 0 {
		set, _ := whole(body["flags"])
		body["flags"] = json.Number(strconv.FormatInt(set|flagComponentsV2, 10))
	}
	var in draft
	if err := decode(value, messageRule(flags), &in); err != nil {
		return nil, err
	}
	if err := permitted(p, in, c.files); err != nil {
		return nil, err
	}
	m := *old
	m.Flags &^= flagLoading
	if err := d.replaceFiles(c, ch, &m, in, body); err != nil {
		return nil, err
	}
	if _, given := body["content"]; given {
		m.Content = strings.TrimSpace(in.Content)
	}
	if _, given := body["embeds"]; given {
		m.Embeds = trimmed(in.Embeds, m.Attachments)
	}
	if _, given := body["components"]; given {
		m.Components = append([]Component{}, in.Components...)
		number(m.Components)
	}
	if _, given := body["flags"]; given {
		m.Flags = m.Flags&^flagSuppressEmbeds | in.Flags&(flagSuppressEmbeds|flagComponentsV2)
	}
	if m.Content == "" && len(m.Embeds)+len(m.Components)+len(m.Attachments) == 0 {
		return nil, errEmptyMessage
	}
	d.mentions(ch, &m, in.AllowedMentions)
	at := d.now().UTC()
	m.EditedTimestamp = &at
	return &m, nil
}

// replaceFiles keeps the attachments that the body lists, all when it lists none, and adds those that came.
func (d *Discord) replaceFiles(c *call, ch *channel, m *Message, in draft, body map[string]any) error {
	var added []attachmentDraft
	if _, given := body["attachments"]; given {
		var staying []Attachment
		for _, draft := range in.Attachments {
			id := strings.Trim(string(draft.ID), `"`)
			i := slices.IndexFunc(m.Attachments, func(a Attachment) bool { return a.ID == id })
			if i < 0 {
				added = append(added, draft)
				continue
			}
			staying = append(staying, m.Attachments[i])
		}
		m.Attachments = staying
	}
	if err := uploaded(c.files, added); err != nil {
		return err
	}
	m.Attachments = append(append([]Attachment{}, m.Attachments...), d.attach(origin(c.Request), ch.id, m.ID, c.files, added)...)
	return nil
}
