package webhook

import (
	"encoding/json"
	"time"

	"dispatch/event"
)

// ReadSettings is what a configuration makes of the settings of a new instance. No two polls are closer than a minute.
func ReadSettings(configuration string, checkURL func(string) error) (event.InstanceSettings, error) {
	c := &connectors{Connectors: Connectors{CheckURL: checkURL, PollMin: time.Minute}}
	i := event.Instance{Settings: c.defaults()}
	var asked instanceAsked
	if err := json.Unmarshal([]byte(configuration), &asked.Configuration); err != nil {
		return i.Settings, err
	}
	err := c.apply(asked, &i, false)
	return i.Settings, err
}
