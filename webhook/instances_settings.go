package webhook

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dispatch/event"
)

// The keys of an instance's configuration. Others are left alone: original clients send many.
const (
	ofEvents = "event" // alone, since locale keys begin like that, too

	keyAppKey      = "oauth.api.key"
	keyAppSecret   = "oauth.api.secret"
	keyCallback    = "oauth.callback.url"
	keyEnvironment = "dispatch.environment"
	keyEnabled     = ofEvents + ".notification.enabled"
	keyVendor      = ofEvents + ".vendor.type"
	keyNotify      = ofEvents + ".notification.callback.url"
	keySignature   = ofEvents + ".notification.signature.key"
	keyObjects     = ofEvents + ".objects"
	keyPoller      = ofEvents + ".poller.configuration"
	keyInterval    = ofEvents + ".poller.refresh_interval"
	keyNulls       = "filter.response.nulls"
)

const (
	maxSettingText  = 2048 // characters
	defaultInterval = 5 * time.Minute
	maxInterval     = 7 * 24 * time.Hour
)

// settingsReader reads a configuration key by key. What is not given stays as it is.
type settingsReader struct {
	given    map[string]json.RawMessage
	to       *event.InstanceSettings
	mistakes []string
}

func (r *settingsReader) wrong(key, format string, args ...any) {
	r.mistakes = append(r.mistakes, key+" "+fmt.Sprintf(format, args...))
}

func (r *settingsReader) read(c *connectors) {
	r.text(keyAppKey, &r.to.AppKey)
	r.secret(keyAppSecret, &r.to.AppSecret)
	r.text(keyCallback, &r.to.CallbackURL)
	r.environment()
	r.boolean(keyEnabled, &r.to.Enabled, false)
	r.vendor()
	if r.text(keyNotify, &r.to.NotifyURL) && r.to.NotifyURL != "" {
		if err := c.CheckURL(r.to.NotifyURL); err != nil {
			r.wrong(keyNotify, "is refused: %s", strings.TrimSuffix(err.Error(), "."))
		}
	}
	r.secret(keySignature, &r.to.SignatureKey)
	r.objects()
	r.poller()
	r.interval(c.PollMin)
	filtered := !r.to.KeepNulls
	r.boolean(keyNulls, &filtered, true)
	r.to.KeepNulls = !filtered
	if n := len(r.to.All()); n > maxObjects {
		r.wrong(keyObjects, "and %s name %d objects; at most %d are possible", keyPoller, n, maxObjects)
	}
}

// scalar is the value of a key as text, "" for null, and whether it was given. A number or boolean is as good as its text.
func (r *settingsReader) scalar(key string) (text string, given bool) {
	raw, given := r.given[key]
	if !given {
		return "", false
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		r.wrong(key, "is no JSON")
		return "", false
	}
	switch value := value.(type) {
	case nil:
		return "", true
	case string:
		return value, true
	case bool, float64:
		return string(raw), true
	}
	r.wrong(key, "must be a text, a number or a boolean")
	return "", false
}

// text reads a text, and says whether it was given and is one.
func (r *settingsReader) text(key string, to *string) bool {
	text, given := r.scalar(key)
	if !given {
		return false
	}
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > maxSettingText || !isLine(text) {
		r.wrong(key, "must be a text of at most %d characters on one line", maxSettingText)
		return false
	}
	*to = text
	return true
}

// secret reads a text of which clients are shown a mask; a mask that is sent back stands for what is stored.
func (r *settingsReader) secret(key string, to *string) {
	if text := ""; r.text(key, &text) && text != mask {
		*to = text
	}
}

func (r *settingsReader) boolean(key string, to *bool, usual bool) {
	text, given := r.scalar(key)
	if !given {
		return
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes":
		*to = true
	case "false", "no":
		*to = false
	case "":
		*to = usual
	default:
		r.wrong(key, "must be true or false")
	}
}

func (r *settingsReader) environment() {
	text, given := r.scalar(keyEnvironment)
	if !given {
		return
	}
	var ok bool
	if r.to.Environment, ok = environmentOf(text); !ok {
		r.wrong(keyEnvironment, "must be production or sandbox")
	}
}

func environmentOf(text string) (event.Environment, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", string(event.Production):
		return event.Production, true
	case string(event.Sandbox):
		return event.Sandbox, true
	}
	return "", false
}

func (r *settingsReader) vendor() {
	text, given := r.scalar(keyVendor)
	if !given {
		return
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		r.to.Vendor = ""
	case "polling":
		r.to.Vendor = event.VendorPolling
	case "webhook", "webhooks":
		r.to.Vendor = event.VendorWebhooks
	default:
		r.wrong(keyVendor, "must be polling or webhooks")
	}
}

// interval reads minutes.
func (r *settingsReader) interval(least time.Duration) {
	text, given := r.scalar(keyInterval)
	if !given {
		return
	}
	if text = strings.TrimSpace(text); text == "" {
		r.to.Every = max(defaultInterval, least)
		return
	}
	minutes, err := strconv.ParseFloat(text, 64)
	if every := time.Duration(minutes * float64(time.Minute)); err == nil && minutes <= maxInterval.Minutes() && every >= least && every > 0 {
		r.to.Every = every
		return
	}
	r.wrong(keyInterval, "must be a number of minutes from %s to %s", minutesOf(least), minutesOf(maxInterval))
}
