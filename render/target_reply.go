package render

import (
	"strings"

	"github.com/disgoorg/disgo/discord"
	"github.com/tidwall/gjson"

	"dispatch/event"
	"dispatch/locales"
)

// maxCall is how many characters of a call the title shows.
const maxCall = 150

// reply is what came of a call of a target as an embed, with what the org answered; false for any other event.
func reply(e event.Event, say locales.Catalog) (discord.Embed, bool) {
	if e.Type != event.APICallResponse {
		return discord.Embed{}, false
	}
	body := gjson.ParseBytes(e.Body)
	embed := discord.Embed{Author: &discord.EmbedAuthor{Name: other.icon + " " + say.T(other.called)}}
	var title string
	switch event.ReplyCategory(body.Get("category").Str) {
	case event.CategorySuccess:
		title, embed.Color = "embed.reply.done", green
	case event.CategoryError:
		title, embed.Color = "embed.reply.not_done", red
	default:
		return discord.Embed{}, false
	}
	call := clip(line(body.Get("call").Str), maxCall)
	if call == "" {
		call = say.T("embed.reply.a_call")
	}
	embed.Title = clip(say.T(title, "call", call), maxTitle)
	f := flattening{view: newView(e, say), left: maxRead}
	f.scalar(say.T("embed.reply.target"), body.Get("target"), false)
	data := body.Get("data")
	if embed.Color == red {
		f.scalar(say.T("embed.reply.code"), data.Get("Code"), false)
		f.scalar(say.T("embed.reply.description"), data.Get("Description"), false)
		f.said(say.T("embed.reply.answer"), data.Get("Details.body").Str)
	} else {
		f.top(data)
	}
	embed.Fields = f.fields
	return embed, true
}

// top adds what is in the object, without a path before the names.
func (f *flattening) top(object gjson.Result) {
	if !object.IsObject() {
		return
	}
	object.ForEach(func(key, value gjson.Result) bool {
		f.left--
		name, hidden := key.String(), isSecret(key.String())
		f.scalar(label(name), value, hidden)
		f.object(head(name), value, hidden, maxDeep)
		return f.left > 0 && len(f.fields) < maxOwn
	})
}

// said adds an org's refusal: its list of codes and sentences in lines, anything else as it is.
func (f *flattening) said(name, text string) {
	var lines []string
	if all := gjson.Parse(text); gjson.Valid(text) && all.IsArray() {
		all.ForEach(func(_, one gjson.Result) bool {
			if said := strings.TrimPrefix(one.Get("errorCode").Str+": "+one.Get("message").Str, ": "); said != "" {
				lines = append(lines, block(said))
			}
			return len(lines) < maxOwn
		})
	}
	if len(lines) == 0 {
		lines = append(lines, block(text))
	}
	if shown := clip(strings.Join(lines, "\n"), maxValue); shown != "" {
		f.fields = append(f.fields, discord.EmbedField{Name: clip(name, maxName), Value: shown, Inline: new(false)})
	}
}
