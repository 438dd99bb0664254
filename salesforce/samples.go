// Package salesforce is Salesforce itself: how its orgs let us in and what they do for us, what they send or are asked
// for again and again, and what is to be set up in one for it to send anything.
package salesforce

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"
)

// Sample is a callout as an org would send it, to try things with. Nothing in it is real.
type Sample struct {
	Name string // such as "opportunity-won"
	Type string // the event's
	Body []byte // JSON
}

const sampleOrg = "https://example.my.salesforce.com"

var (
	//go:embed samples/[0-9]*.json
	sampleFS embed.FS
	// recordsJSON has a change for each type of the catalogue that no sample is of.
	//go:embed samples/records.json
	recordsJSON []byte

	sampleList    = sync.OnceValue(readSamples)
	sampleChanges = sync.OnceValue(readChanges)
)

// change is what a callout says of a record.
type change struct {
	Record json.RawMessage `json:"record"`
	Old    json.RawMessage `json:"old,omitempty"`
}

// Samples are callouts that differ in everything that matters to how they are shown. Their order is the one
// to show them in.
func Samples() []Sample { return slices.Clone(sampleList()) }

// objectAction is the shape of the types that Salesforce events have.
var objectAction = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]{0,79})\.[A-Za-z][A-Za-z0-9_]{0,39}$`)

// SampleOf is a callout of the event type, without regard to case: the first of Samples, else one made for
// the type's object and action. It has none for a type that is no <SObject>.<action>.
func SampleOf(eventType string) (Sample, bool) {
	for _, s := range sampleList() {
		if strings.EqualFold(s.Type, eventType) {
			return s, true
		}
	}
	named := objectAction.FindStringSubmatch(eventType)
	if named == nil {
		return Sample{}, false
	}
	body := must(json.Marshal(struct {
		EventType   string `json:"event_type"`
		InstanceURL string `json:"instance_url"`
		change
	}{eventType, sampleOrg, changeOf(eventType, named[1])}))
	return Sample{Name: strings.ToLower(strings.ReplaceAll(eventType, ".", "-")), Type: eventType, Body: body}, true
}

// changeOf is what we have of the event type, else a record of the object as it was created, else a record that
// shows nothing but its name.
func changeOf(eventType, object string) change {
	changes := sampleChanges()
	if known, ok := changes[strings.ToLower(eventType)]; ok {
		return known
	}
	if created, ok := changes[strings.ToLower(object+".created")]; ok {
		return created
	}
	return change{Record: unknownRecord(object)}
}

// unknownRecord is what can be said of an object that we know by its name only.
func unknownRecord(object string) json.RawMessage {
	return must(json.Marshal(map[string]any{
		"attributes": map[string]string{"type": object},
		"Id":         "a001x0000B7kQ2WAQU",
		"Name":       "Sample " + strings.TrimSuffix(object, "__c"),
	}))
}

func readSamples() []Sample {
	var samples []Sample
	for _, entry := range must(sampleFS.ReadDir("samples")) {
		_, name, _ := strings.Cut(strings.TrimSuffix(entry.Name(), ".json"), "-") // the number gives the order
		var body bytes.Buffer
		if err := json.Compact(&body, must(sampleFS.ReadFile("samples/"+entry.Name()))); err != nil {
			panic(fmt.Errorf("read sample %s: %w", entry.Name(), err))
		}
		samples = append(samples, Sample{Name: name, Type: gjson.GetBytes(body.Bytes(), "event_type").Str, Body: body.Bytes()})
	}
	return samples
}

// readChanges gives the changes by their type in small letters, those of the samples included.
func readChanges() map[string]change {
	var listed map[string]change
	if err := json.Unmarshal(recordsJSON, &listed); err != nil {
		panic(fmt.Errorf("read sample records: %w", err))
	}
	changes := make(map[string]change, len(listed))
	for eventType, c := range listed {
		changes[strings.ToLower(eventType)] = c
	}
	for _, s := range sampleList() {
		var c change
		if err := json.Unmarshal(s.Body, &c); err != nil {
			panic(fmt.Errorf("read sample %s: %w", s.Name, err))
		}
		changes[strings.ToLower(s.Type)] = c
	}
	return changes
}

// must is for what is embedded and was tested; it cannot fail at a user's.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
