package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"
)

// What we add to the headers of our own events about preferences. No header of a callout has a colon in its name, so
// nobody can send these.
const (
	headerByKey  = "settings:by-key"
	headerByUser = "settings:by-user"
	headerOld    = "settings:old"
)

// Changer is who changed preferences. The zero value is somebody unknown.
type Changer struct {
	UserID string // Discord snowflake, or
	Key    string // the name of the API key by which the change came
}

// PreferencesChange is a change of preferences.
type PreferencesChange struct {
	Was, Is  PreferencesDocument
	By       Changer
	At       time.Time
	Livemode bool
}

// envelope is the body of the event, in the order in which it is documented.
type envelope struct {
	AttemptID string              `json:"attemptId"`
	Created   int64               `json:"created"`
	Data      PreferencesDocument `json:"data"`
	Event     string              `json:"event"`
	ID        string              `json:"id"`
	Livemode  bool                `json:"livemode"`
}

// Event tells of the change. Its source is left to the caller. Who made it, and what was before, are in its headers: the envelope has no
// place for them. The old secrets are not.
func (c PreferencesChange) Event() (Event, error) {
	body, err := marshal(envelope{
		AttemptID: uuid.NewString(), Created: c.At.Unix(), Data: c.Is, Event: PreferencesUpdated, ID: uuid.NewString(), Livemode: c.Livemode,
	})
	if err != nil {
		return Event{}, err
	}
	kept, err := json.Marshal(map[string]any{headerByUser: c.By.UserID, headerByKey: c.By.Key, headerOld: c.old()})
	if err != nil {
		return Event{}, fmt.Errorf("encode headers: %w", err)
	}
	return Event{Type: PreferencesUpdated, ReceivedAt: c.At, Headers: kept, Body: body}, nil
}

// old are the values that were another, secrets masked.
func (c PreferencesChange) old() map[string]any {
	was, old := c.Was.Masked(), make(map[string]any)
	for _, f := range preferenceFields {
		if f.Of(c.Was) != f.Of(c.Is) {
			old[f.Name] = f.Of(was)
		}
	}
	return old
}

// PreferencesNews is what an event tells of preferences, ours or anybody's.
type PreferencesNews struct {
	By     Changer
	Fields Fields // as sent, those of the wrapping last
	Old    Fields // of those that changed, their values before, secrets masked; nil when that is not known
}

// Preferences reads an event about preferences in every form that there is: the fields in data, or in data.data. It is
// false for any other event.
func (e Event) Preferences() (PreferencesNews, bool) {
	if e.Type != PreferencesUpdated {
		return PreferencesNews{}, false
	}
	data := gjson.GetBytes(e.Body, "data")
	if !data.IsObject() {
		return PreferencesNews{}, false
	}
	var news PreferencesNews
	var beside Fields
	for _, f := range fieldsOf(data) {
		if f.Name == "data" && f.Value.IsObject() {
			news.Fields = append(news.Fields, fieldsOf(f.Value)...)
		} else {
			beside = append(beside, f)
		}
	}
	news.Fields = append(news.Fields, beside...)
	for _, f := range fieldsOf(gjson.ParseBytes(e.Headers)) {
		switch f.Name {
		case headerByKey:
			news.By.Key = f.Value.Str
		case headerByUser:
			news.By.UserID = f.Value.Str
		case headerOld:
			news.Old = fieldsOf(f.Value)
		}
	}
	return news, true
}

// Attempt is the body as it is sent to an endpoint: as it came, but for the id of the attempt in events that we made
// about preferences, which is another one each time.
func (e Event) Attempt() []byte {
	if e.Type != PreferencesUpdated || !fieldsOf(gjson.ParseBytes(e.Headers)).Get(headerOld).Exists() {
		return e.Body
	}
	attempt := gjson.GetBytes(e.Body, "attemptId")
	body := make([]byte, 0, len(e.Body))
	body = append(body, e.Body[:attempt.Index]...)
	body = append(body, `"`+uuid.NewString()+`"`...)
	return append(body, e.Body[attempt.Index+len(attempt.Raw):]...)
}
