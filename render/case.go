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
	if v.is("IsClosed", v.record.Text("Status") == "Closed") {
		return grey
	}
	priority := strings.TrimSpace(v.record.Text("Priority"))
	for _, p := range priorities {
		if strings.EqualFold(p.name, priority) {
			return p.colour
		}
	}
	return service.colour
}
