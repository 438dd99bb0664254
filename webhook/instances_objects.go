package webhook

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// maxObjects is how many objects an instance is about.
const maxObjects = 25

// apiName is the shape of what Salesforce calls its objects.
var apiName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,79}$`)

// objects reads event.objects: names with commas between them, or a list of names.
func (r *settingsReader) objects() {
	raw, given := r.given[keyObjects]
	if !given {
		return
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		text, given := r.scalar(keyObjects)
		if !given {
			return
		}
		list = strings.Split(text, ",")
	}
	r.to.Objects = r.names(keyObjects, list)
}

// names are the objects that a list names, each once.
func (r *settingsReader) names(key string, list []string) []string {
	var names []string
	for _, name := range list {
		name = objectName(strings.TrimSpace(name))
		switch {
		case name == "" || slices.Contains(names, name):
		case !apiName.MatchString(name):
			r.wrong(key, "must name objects by their API names, such as Account or Invoice__c")
			return nil
		default:
			names = append(names, name)
		}
	}
	return names
}

// poller reads event.poller.configuration: an object, or one in a text. Its keys are what is polled. What it says of URLs,
// fields and formats is for another poller than ours, which knows where changes stand.
func (r *settingsReader) poller() {
	raw, given := r.given[keyPoller]
	if !given {
		return
	}
	text := string(raw)
	if value := gjson.ParseBytes(raw); value.Type == gjson.String || value.Type == gjson.Null {
		text = value.Str
	}
	if strings.TrimSpace(text) == "" {
		r.to.Poller, r.to.Polled = "", nil
		return
	}
	root := gjson.Parse(text)
	if !gjson.Valid(text) || !root.IsObject() {
		r.wrong(keyPoller, "must be a JSON object, or one in a text")
		return
	}
	var keys []string
	sound := true
	root.ForEach(func(key, value gjson.Result) bool {
		keys = append(keys, key.String())
		sound = sound && value.IsObject()
		return true
	})
	if !sound {
		r.wrong(keyPoller, "must have an object at each key")
		return
	}
	r.to.Poller, r.to.Polled = text, r.names(keyPoller, keys)
}

// plurals are resources of Open Connectors whose objects are not called the same in the singular.
var plurals = map[string]string{"product": "Product2", "pricebook": "Pricebook2"}

// plain are objects that everybody knows, however they are written.
var plainObjects = []string{
	"Account", "Asset", "Campaign", "Case", "Contact", "Contract", "Event", "Lead", "Opportunity", "Order", "Quote", "Task", "User",
}

// objectName is the API name of what a client calls an object: "accounts" means Account, and a custom object stays as it is.
func objectName(called string) string {
	if called == "" || strings.Contains(called, "__") {
		return called
	}
	one := singular(called)
	if i := slices.IndexFunc(plainObjects, func(known string) bool { return strings.EqualFold(known, one) }); i >= 0 {
		return plainObjects[i]
	}
	if name, known := plurals[strings.ToLower(one)]; known {
		return name
	}
	if first := called[0]; first < 'a' || first > 'z' {
		return called // as the org writes it
	}
	return strings.ToUpper(one[:1]) + one[1:]
}

func singular(called string) string {
	lower := strings.ToLower(called)
	switch {
	case strings.HasSuffix(lower, "ies") && len(called) > len("ies"):
		return called[:len(called)-len("ies")] + "y"
	case strings.HasSuffix(lower, "sses"), strings.HasSuffix(lower, "uses"):
		return called[:len(called)-len("es")]
	case strings.HasSuffix(lower, "ss"), strings.HasSuffix(lower, "us"), strings.HasSuffix(lower, "is"), !strings.HasSuffix(lower, "s"), len(called) == 1:
		return called
	}
	return called[:len(called)-1]
}
