package render

import "strings"

var priorities = []struct {
	name   string
	colour int
}{
	{"Critical", wine},
	{"Urgent", wine},
	{"High", red},
	{"Medium", orange},
	{"Low", sky},
}

func caseColour(v *view) int {
	if v.caseClosed() {
		return grey
	}
	priority := strings.TrimSpace(v.record.Text("Priority"))
	for _, p := range priorities {
		if strings.EqualFold(p.name, priority) {
			return p.colour
		}
	}
	return teal
}

func (v *view) caseClosed() bool { return v.is("IsClosed", v.record.Text("Status") == "Closed") }

// caseTitle is "Case 00001026 escalated: <subject>".
func caseTitle(v *view) string {
	called, subject := v.say.T("embed.object.case"), v.text("Subject")
	if number := v.text("CaseNumber"); number != "" {
		called = v.say.T("embed.case.numbered", "number", number)
	} else if subject == "" {
		subject = v.name()
	}
	return v.headline(v.happened(called, v.caseAction()), subject)
}

// caseAction tells the update that closed or escalated the case from the others.
func (v *view) caseAction() string {
	switch {
	case !v.did("updated"):
		return v.action
	case v.caseClosed() && v.changed("Status", "IsClosed"):
		return "closed"
	case v.is("IsEscalated", false) && v.changed("IsEscalated"):
		return "escalated"
	default:
		return v.action
	}
}
