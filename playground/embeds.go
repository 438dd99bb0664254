package playground

import (
	"strings"
	"time"
)

// Embed is a rich embed of a message.
type Embed struct {
	Type        string         `json:"type"`
	Title       string         `json:"title,omitempty"`
	Description string         `json:"description,omitempty"`
	URL         string         `json:"url,omitempty"`
	Timestamp   *time.Time     `json:"timestamp,omitempty"`
	Color       int            `json:"color,omitempty"`
	Footer      *EmbedFooter   `json:"footer,omitempty"`
	Image       *EmbedMedia    `json:"image,omitempty"`
	Thumbnail   *EmbedMedia    `json:"thumbnail,omitempty"`
	Video       *EmbedMedia    `json:"video,omitempty"`
	Provider    *EmbedProvider `json:"provider,omitempty"`
	Author      *EmbedAuthor   `json:"author,omitempty"`
	Fields      []EmbedField   `json:"fields,omitempty"`
}

// EmbedFooter is the line at the foot of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedMedia is an image, a thumbnail or a video of an embed.
type EmbedMedia struct {
	URL         string `json:"url,omitempty"`
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
	Description string `json:"description,omitempty"`
}

// EmbedProvider is where the content of an embed comes from.
type EmbedProvider struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

// EmbedAuthor is the line at the head of an embed.
type EmbedAuthor struct {
	Name    string `json:"name,omitempty"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a name with a value in an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// trimmed returns embeds as Discord stores them: rich, in UTC and without white space around the texts.
// Pictures that came along are shown from where they are stored.
func trimmed(embeds []Embed, uploaded []Attachment) []Embed {
	all := make([]Embed, 0, len(embeds))
	for _, e := range embeds {
		e.Type = "rich"
		e.Title, e.Description = strings.TrimSpace(e.Title), strings.TrimSpace(e.Description)
		if e.Timestamp != nil {
			at := e.Timestamp.UTC()
			e.Timestamp = &at
		}
		if e.Footer != nil && strings.TrimSpace(e.Footer.Text) == "" {
			e.Footer = nil
		}
		for i, f := range e.Fields {
			e.Fields[i].Name, e.Fields[i].Value = strings.TrimSpace(f.Name), strings.TrimSpace(f.Value)
		}
		for _, m := range []*EmbedMedia{e.Image, e.Thumbnail} {
			if m != nil {
				m.URL = resolve(m.URL, uploaded)
			}
		}
		if e.Author != nil {
			e.Author.IconURL = resolve(e.Author.IconURL, uploaded)
		}
		if e.Footer != nil {
			e.Footer.IconURL = resolve(e.Footer.IconURL, uploaded)
		}
		all = append(all, e)
	}
	return all
}

// resolve turns attachment://name into the address of the file that came along.
func resolve(address string, uploaded []Attachment) string {
	name, ok := strings.CutPrefix(address, "attachment://")
	if !ok {
		return address
	}
	for _, a := range uploaded {
		if a.Filename == name {
			return a.URL
		}
	}
	return ""
}
