package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"dispatch/event"
)

// Limits of what an instance is called.
const (
	maxInstanceName = 76 // characters: with a number behind it, it is a source's
	maxInstanceTags = 20
	maxInstanceTag  = 100 // characters
)

// instanceAsked is what a client sends.
type instanceAsked struct {
	Element struct {
		Key string `json:"key"`
	} `json:"element"`
	Provider struct {
		Code string `json:"code"`
	} `json:"providerData"`
	Configuration map[string]json.RawMessage `json:"configuration"`
	Tags          tagList                    `json:"tags"`
	Name          *string                    `json:"name"`
}

// tagList is a list of tags. The document shows one, and calls it a string: that is one tag.
type tagList []string

// UnmarshalJSON reads a list or one tag.
func (l *tagList) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		*l = make(tagList, 1)
		return json.Unmarshal(raw, &(*l)[0])
	}
	return json.Unmarshal(raw, (*[]string)(l))
}

// defaults are the settings of an instance that says nothing.
func (c *connectors) defaults() event.InstanceSettings {
	return event.InstanceSettings{Environment: event.Production, Every: max(defaultInterval, c.PollMin)}
}

func (c *connectors) read(r *http.Request) (instanceAsked, error) {
	var asked instanceAsked
	body, err := c.json(r, min(c.maxBody, maxInstance))
	if err != nil {
		return asked, err
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return asked, refuse(http.StatusBadRequest, "The body is not as it should be: %s", typeMistake(err))
	}
	return asked, nil
}

// typeMistake says which value is of the wrong type, without repeating it.
func typeMistake(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Sprintf("%q must not be a %s.", wrong.Field, wrong.Value)
	}
	return "it must be an object."
}

// apply makes the instance what is asked for. The error names every mistake.
func (c *connectors) apply(asked instanceAsked, i *event.Instance, whole bool) error {
	r := settingsReader{given: asked.Configuration, to: &i.Settings}
	if key := asked.Element.Key; key != elementKey && (whole || key != "") {
		r.wrong("element.key", `must be "sfdc"`)
	}
	if utf8.RuneCountInString(asked.Provider.Code) > maxSettingText {
		r.wrong("providerData.code", "is too long")
	}
	if asked.Name != nil || whole {
		name := ""
		if asked.Name != nil {
			name = strings.TrimSpace(*asked.Name)
		}
		if name == "" || utf8.RuneCountInString(name) > maxInstanceName || !isLine(name) {
			r.wrong("name", "must be a text of 1 to %d characters on one line", maxInstanceName)
		}
		i.Name = name
	}
	if asked.Tags != nil {
		i.Tags = asked.Tags
		if len(i.Tags) > maxInstanceTags {
			r.wrong("tags", "must be at most %d", maxInstanceTags)
		}
		for _, tag := range i.Tags {
			if utf8.RuneCountInString(tag) > maxInstanceTag || !isLine(tag) {
				r.wrong("tags", "must each be a text of at most %d characters on one line", maxInstanceTag)
				break
			}
		}
	}
	r.read(c)
	if len(r.mistakes) > 0 {
		return refuse(http.StatusBadRequest, "%s.", strings.Join(r.mistakes, "; "))
	}
	return nil
}

func isLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
