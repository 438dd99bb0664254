package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
)

const (
	maxPreview   = 1500     // characters of a payload in the card
	maxIndented  = 64 << 10 // bytes of a body that is indented: one that is deep grows a lot by it
	maxFile      = 10 << 20 // bytes that Discord takes of an attachment
	indentation  = "  "
	maxTraces    = 10   // destinations that one card has room for
	tracesBudget = 3300 // characters that they share: of Discord's 6000, what title, facts and payload leave
	maxRefused   = 900  // of these, what goes to the refusals where there are any
	maxResumes   = 4    // buttons beside Replay, in Discord's row of five
)

func (l *logging) show(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	h, err := l.historyOf(ctx, by, asked.String("id"))
	if err != nil {
		return reply{}, err
	}
	refused, err := l.refusals.Refusals(ctx, h.ID)
	if err != nil {
		return reply{}, err
	}
	payload := readable(event.Mask(h.Body))
	block := inBlock(payload)
	r := reply{buttons: []button{{
		label: say("button.replay"), style: discord.ButtonStylePrimary, id: "/event/replay/" + h.ID.String(),
	}}}
	var cut text
	if utf8.RuneCountInString(block) > maxPreview {
		block, cut = clip(block, maxPreview), say("event.show.too_large")
		if len(payload) <= maxFile {
			r.files = []salesforce.File{{Name: "event-" + h.ID.String() + ".json", Content: []byte(payload)}}
			cut = say("event.show.cut")
		}
	}
	overall := stateOfAll(h.Deliveries)
	r.card = &card{
		title:  asWritten(quoted(h.Type, event.MaxType)),
		colour: colourOf(overall),
		lines: []text{
			say("event.show.accepted", "state", worded(string(overall)), "time", date(h.ID.Time())),
			say("event.show.source", "name", quoted(h.SourceName, maxSourceName)),
			asWritten("`" + h.ID.String() + "`"),
			asWritten("```json\n" + block + "\n```"),
			cut,
		},
	}
	room := tracesBudget
	if len(refused) > 0 {
		room -= maxRefused
	}
	l.addTraces(&r, by.guild, h.Deliveries, room)
	if len(refused) > 0 {
		r.card.fields = append(r.card.fields, refusedField(refused))
	}
	return r, nil
}

// addTraces gives each destination a field, and those that are paused a button. Where there are several, numbers
// tell which is whose. The fields share so many characters.
func (l *logging) addTraces(r *reply, guildID string, traces []event.Trace, room int) {
	if len(traces) == 0 {
		r.card.lines = append(r.card.lines, say("event.show.filtered"))
		return
	}
	shown := traces[:min(len(traces), maxTraces)]
	if left := len(traces) - len(shown); left > 0 {
		r.card.lines = append(r.card.lines, sayCount("event.show.more_destinations", left))
	}
	for i, t := range shown {
		name, label := worded(t.State), say("button.resume")
		if len(traces) > 1 {
			name = say("event.show.numbered", "number", i+1, "what", name)
			label = say("event.show.numbered", "number", i+1, "what", label)
		}
		r.card.fields = append(r.card.fields, field{
			name: name, lines: traceOf(t, guildID, l.now()), max: room / len(shown),
			more: func(n int) text { return sayCount("event.show.more_attempts", n) },
		})
		if t.Paused != "" && len(r.buttons) <= maxResumes {
			r.buttons = append(r.buttons, button{label: label, style: discord.ButtonStyleSecondary, id: resumeID(t.DestinationID)})
		}
	}
}

// stateOfAll is the one that asks most for attention.
func stateOfAll(traces []event.Trace) delivery.State {
	for _, s := range []delivery.State{delivery.Abandoned, delivery.Pending, delivery.Delivered} {
		for _, t := range traces {
			if t.State == string(s) {
				return s
			}
		}
	}
	return delivery.Filtered
}

func colourOf(s delivery.State) int {
	switch s {
	case delivery.Abandoned:
		return colourTrouble
	case delivery.Pending:
		return colourWaiting
	case delivery.Delivered:
		return colourFine
	}
	return colourOff
}

// readable is the body in lines, unless that would make it much longer.
func readable(body []byte) string {
	var out bytes.Buffer
	if len(body) > maxIndented || json.Indent(&out, body, "", indentation) != nil {
		return string(body)
	}
	return out.String()
}

// inBlock keeps backticks, which are in strings only, from ending the block of code; as JSON it stays the same.
func inBlock(payload string) string {
	return strings.ReplaceAll(payload, "```", `\u0060\u0060\u0060`)
}
