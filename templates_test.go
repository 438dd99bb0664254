package main

import (
	"fmt"
	"strings"
	"testing"

	"dispatch/playground"
)

// fill has an admin fill in the form that a command opened.
func (w *world) fill(reply *playground.Reply, values map[string]string) *playground.Reply {
	w.t.Helper()
	if reply.Modal == nil {
		w.t.Fatalf("no form was opened: %+v", reply.Message)
	}
	answer, err := w.discord.Submit(within(w.t), "", reply.Modal, values)
	if err != nil {
		w.t.Fatalf("form %s: %v\n%s", reply.Modal.CustomID, err, w.log)
	}
	return answer
}

// template makes a template.
func (w *world) template(name, text string) {
	w.t.Helper()
	w.fill(w.run("template create", map[string]any{"name": name}), map[string]string{"text": text})
	if shown := w.run("template list", nil); !strings.Contains(fmt.Sprintf("%+v", shown.Message), name) {
		w.t.Fatalf("/template list: %+v", shown.Message)
	}
}

func big(name string, amount int) string {
	return fmt.Sprintf(`{"instance_url":"https://acme.my.salesforce.com","record":{"Id":"0061x00000D4eF5AAD","Name":%q,"Amount":%d,"Account":{"Name":"Acme"}}}`, name, amount)
}

// TestEveryServerSaysItItsOwnWay has an admin shape messages, lead events elsewhere, and keep some out.
func TestEveryServerSaysItItsOwnWay(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	acme := w.connect("Acme", "sales")
	w.template("Deal", `{"title":"{{.Record.Name}} for {{.Record.Account.Name}}","description":"{{money .Record.Amount}} & {{.Meta.EventType}}","color":"#123456"}`)
	w.run("template assign", map[string]any{"name": "Deal", "source": "Acme", "events": "Opportunity.*"})
	w.run("route add", map[string]any{"source": "Acme", "channel": "support", "events": "Opportunity.*, !Opportunity.deleted", "filter": "record.Amount > 100000"})
	w.run("route add", map[string]any{"source": "Acme", "channel": "ideas", "events": "Case.*"})

	if status, answer := w.post(acme, "Opportunity.updated", big("Small *deal*", 100)); status != accepted {
		t.Fatalf("got %d %s", status, answer)
	}
	if e := w.shown("sales", 1); e.Title != `Small \*deal\* for Acme` || e.Description != `$100 & Opportunity.updated` || e.Color != 0x123456 {
		t.Errorf("by the template: %+v", e)
	}
	w.post(acme, "Opportunity.updated", big("Large deal", 250000))
	if e := w.shown("support", 1); !strings.HasSuffix(e.Title, "Large deal") {
		t.Errorf("by the filter: %q", e.Title)
	}
	for range 2 {
		w.post(acme, "Case.updated", `{"record":{"Id":"5001x00000D4eF5AAD","CaseNumber":"00001","Subject":"It hurts","Status":"New"}}`)
	}
	w.posted("Case 00001: It hurts", 2)
	w.stop()
}

// posted waits until the forum has a post of that name with so many messages.
func (w *world) posted(name string, n int) {
	w.t.Helper()
	messages, err := w.discord.WaitMessages(within(w.t), name, n)
	if err != nil || len(messages) != n {
		w.t.Errorf("post %q has %d messages, want %d: %v\n%s", name, len(messages), n, err, w.log)
	}
}

// TestAnEventThatNoRouteTakesSaysWhy looks one up that was refused by its type and by a filter.
func TestAnEventThatNoRouteTakesSaysWhy(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	acme := w.connect("Acme", "sales")
	w.run("route add", map[string]any{"source": "Acme", "channel": "support", "events": "Case.*"})
	w.run("route add", map[string]any{"source": "Acme", "channel": "general", "filter": "record.Amount > 100000"})
	choices, err := w.discord.Autocomplete(within(t), playground.Command{Path: "route remove", Options: map[string]any{"source": "Acme", "route": ""}}, "route")
	if err != nil || len(choices) != 3 {
		t.Fatalf("choices %v: %v", choices, err)
	}
	for _, c := range choices {
		if strings.Contains(c.Name, "sales") {
			w.run("route remove", map[string]any{"source": "Acme", "route": c.Value})
		}
	}
	_, answer := w.post(acme, "Opportunity.updated", big("Small", 5))
	id := strings.Split(answer, `"`)[3]
	said := fmt.Sprintf("%+v", w.run("event show", map[string]any{"id": id}).Message.Embeds)
	for _, want := range []string{"filtered", "Case.*", "record.Amount > 100000"} {
		if !strings.Contains(said, want) {
			t.Errorf("/event show does not say %q: %s", want, said)
		}
	}
	w.stop()
}

// TestAHostileTemplateHoldsUpNobody shows what fails by the built-in embed, in order and in time.
func TestAHostileTemplateHoldsUpNobody(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	acme, other := w.connect("Acme", "sales"), w.connect("Other", "support")
	w.template("Hostile", `{"title":"{{range .Body.list}}{{range $.Body.list}}{{range $.Body.list}}{{.}}{{end}}{{end}}{{end}}"}`)
	w.run("template assign", map[string]any{"name": "Hostile", "source": "Acme"})
	body := `{"record":{"Name":"Deal"},"list":[` + strings.Repeat("1,", 5000) + `1]}`
	for range 5 {
		w.post(acme, "Opportunity.created", body)
	}
	w.sameOrder("support", w.deals(other, "meanwhile", 10))
	w.titles("sales", 5)
	messages := w.discord.Messages("sales")
	if e := messages[0].Embeds[0]; e.Footer == nil || !strings.Contains(e.Footer.Text, "template “Hostile” failed") {
		t.Errorf("embed %+v", e)
	}
	if shown := w.run("template show", map[string]any{"name": "Hostile"}); !strings.Contains(fmt.Sprintf("%+v", shown.Message.Embeds), "65536 characters") {
		t.Errorf("/template show does not tell of the failure: %+v", shown.Message)
	}
	w.stop()
}
