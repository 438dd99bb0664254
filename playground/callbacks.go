package playground

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
)

// answerableBy are the types of answers that each type of interaction takes.
var answerableBy = map[int][]int{
	interactionCommand:      {answerMessage, answerDeferred, answerModal},
	interactionComponent:    {answerMessage, answerDeferred, answerDeferredUpdate, answerUpdate, answerModal},
	interactionAutocomplete: {answerChoices},
	interactionModal:        {answerMessage, answerDeferred, answerDeferredUpdate, answerUpdate},
}

// takes says whether an interaction can be answered in a way. Only one that began with a message can update it.
func (it *interaction) takes(kind int) bool {
	updates := kind == answerUpdate || kind == answerDeferredUpdate
	return slices.Contains(answerableBy[it.kind], kind) && (it.source != nil || !updates)
}

// answerInteraction takes the first answer to an interaction.
func (d *Discord) answerInteraction(c *call) (int, any, error) {
	it := d.interactions.find(c.PathValue("interaction_token"))
	if it == nil || it.id != c.PathValue("interaction_id") {
		return 0, nil, errUnknownInteraction
	}
	age := d.now().Sub(it.at)
	switch {
	case it.answer != 0 && age <= tokenGood:
		return 0, nil, errAlreadyAcknowledged
	case it.failed, age > answerWithin:
		return 0, nil, errUnknownInteraction
	}
	value, err := c.value()
	if err != nil {
		return 0, nil, err
	}
	var in struct {
		Type int `json:"type"`
	}
	if err := decode(value, object{fields: fields{"type": required{choice{1, 4, 5, 6, 7, 8, 9, 12}}}}, &in); err != nil {
		return 0, nil, err
	}
	if !it.takes(in.Type) {
		return 0, nil, invalid("type", "INTERACTION_RESPONSE_TYPE_INVALID", "This interaction cannot be answered like this.")
	}
	data := value.(map[string]any)["data"]
	if data == nil {
		data = map[string]any{}
	}
	if err := d.respond(c, it, in.Type, data); err != nil {
		return 0, nil, below("data", err)
	}
	it.answer, it.took = in.Type, age
	d.touch()
	if withResponse, _ := strconv.ParseBool(c.FormValue("with_response")); withResponse {
		return http.StatusOK, d.receipt(it), nil
	}
	return http.StatusNoContent, nil, nil
}

// below moves what is wrong with a body's part to where the part is.
func below(name string, err error) error {
	e, ok := errors.AsType[*apiError](err)
	if !ok || e.issues == nil {
		return err
	}
	return invalidForm(&issues{sub: map[string]*issues{name: e.issues}})
}

// respond does what an answer says.
func (d *Discord) respond(c *call, it *interaction, kind int, data any) error {
	switch kind {
	case answerMessage:
		return d.respondMessage(c, it, data)
	case answerDeferred:
		return d.respondLater(it, data)
	case answerDeferredUpdate:
		it.original, it.ephemeral, it.waiting = it.source.ID, it.source.Ephemeral(), true
		return nil
	case answerUpdate:
		return d.respondUpdate(c, it, data)
	case answerChoices:
		return respondChoices(it, data)
	default:
		return respondModal(it, data)
	}
}

func (d *Discord) respondMessage(c *call, it *interaction, data any) error {
	m, err := d.composeReply(c, it, data)
	if err != nil {
		return err
	}
	it.original, it.ephemeral = m.ID, m.Ephemeral()
	d.store(it.channel, m)
	return nil
}

// composeReply makes a message of the bot that belongs to an interaction. It takes no permission to send.
func (d *Discord) composeReply(c *call, it *interaction, data any) (*Message, error) {
	var in draft
	if err := decode(data, messageRule(flagsForInteractions), &in); err != nil {
		return nil, err
	}
	m := d.newReply(it)
	if err := d.compose(c, it.channel, m, in); err != nil {
		return nil, err
	}
	return m, nil
}

func (d *Discord) newReply(it *interaction) *Message {
	m := &Message{ApplicationID: d.appID, WebhookID: d.appID, Interaction: it.origin(), Type: messageCommand}
	if it.kind != interactionCommand {
		m.Type = messageDefault
	}
	return m
}

// respondLater shows that the bot is thinking.
func (d *Discord) respondLater(it *interaction, data any) error {
	var in struct {
		Flags int `json:"flags"`
	}
	if err := decode(data, object{fields: fields{"flags": flagSet(flagsForInteractions)}}, &in); err != nil {
		return err
	}
	m := d.newReply(it)
	m.ID, m.ChannelID, m.Author, m.Timestamp = d.id(), it.channel.id, d.bot, d.now().UTC()
	m.Flags = flagLoading | in.Flags
	m.Mentions, m.MentionRoles = []*User{}, []string{}
	m.Attachments, m.Embeds, m.Components = []Attachment{}, []Embed{}, []Component{}
	it.original, it.ephemeral, it.waiting = m.ID, m.Ephemeral(), true
	d.store(it.channel, m)
	return nil
}

func (d *Discord) respondUpdate(c *call, it *interaction, data any) error {
	old := it.channel.message(it.source.ID)
	if old == nil {
		return errUnknownMessage
	}
	m, err := d.edit(c, it.channel, old, AllPermissions, data, flagsForInteractions)
	if err != nil {
		return err
	}
	it.original, it.ephemeral = m.ID, m.Ephemeral()
	d.store(it.channel, m)
	return nil
}

func respondChoices(it *interaction, data any) error {
	var value rule = text{0, 100}
	switch it.option {
	case optionInteger:
		value = integer{-maxInt53, maxInt53}
	case optionNumber:
		value = decimal{}
	}
	var in struct {
		Choices []Choice `json:"choices"`
	}
	r := object{fields: fields{"choices": required{list{0, 25, object{fields: fields{
		"name": required{text{1, 100}}, "name_localizations": localized{text{1, 100}}, "value": required{value},
	}}}}}}
	err := decode(data, r, &in)
	it.choices = in.Choices
	return err
}

func respondModal(it *interaction, data any) error {
	modal := &Modal{interaction: it}
	if err := decode(data, modalRule, modal); err != nil {
		return err
	}
	number(modal.Components)
	it.modal = modal
	return nil
}

// receipt is what an answer returns to one who asks for it.
func (d *Discord) receipt(it *interaction) any {
	callback := map[string]any{"id": it.id, "type": it.kind}
	resource := map[string]any{"type": it.answer}
	if m := it.channel.message(it.original); m != nil {
		callback["response_message_id"], callback["response_message_loading"] = m.ID, m.Flags&flagLoading != 0
		callback["response_message_ephemeral"] = m.Ephemeral()
		if it.answer == answerMessage || it.answer == answerUpdate {
			resource["message"] = m
		}
	}
	return map[string]any{"interaction": callback, "resource": resource}
}
