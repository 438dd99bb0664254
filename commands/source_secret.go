package commands

import (
	"crypto/rand"
	"encoding/base64"
	"strings"

	"dispatch/event"
)

// Characters of a secret that somebody brings along.
const (
	minSecret = 8
	maxSecret = 200
)

// secretPrefix is what secrets begin with that are base64: those of Standard Webhooks, and of Stripe.
const secretPrefix = "whsec_"

// theirs says whether the service makes the secret, so that it has to be handed to us.
func theirs(preset event.Preset) bool {
	switch preset {
	case event.PresetStripe, event.PresetSlack, event.PresetShopify, event.PresetLinear:
		return true
	}
	return false
}

// newSecretFor is a secret in the form that the service knows.
func newSecretFor(preset event.Preset) string {
	if preset == event.PresetStandard {
		return newStandardSecret()
	}
	return newSecret()
}

// newStandardSecret is one for Standard Webhooks.
func newStandardSecret() string {
	var random [secretBytes]byte
	_, _ = rand.Read(random[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(random[:])
}

// mustBeSecret takes what could be one. A credential of another kind must not come to stand here.
func mustBeSecret(preset event.Preset, secret string) error {
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	if len(secret) < minSecret || len(secret) > maxSecret || strings.ContainsFunc(secret, func(r rune) bool { return !visible(r) }) {
		return refuse("source.secret.invalid", "min", minSecret, "max", maxSecret)
	}
	if preset == event.PresetStripe && !strings.HasPrefix(secret, secretPrefix) {
		return refuse("source.secret.stripe")
	}
	return nil
}

// setUp tells where in the service's settings URL and secret go, or where the secret comes from. shown says that the asker
// has just been given the secret.
func setUp(source event.Source, shown bool) []text {
	var lines []text
	if source.Preset != "" {
		lines = append(lines, say("source.where."+string(source.Preset)))
	}
	switch {
	case source.Auth != event.AuthSecret:
	case len(source.Keys) == 0:
		lines = append(lines, say("source.where_secret."+string(source.Preset)), say("source.create.awaits"))
	case !shown:
		lines = append(lines, say("source.secret.stored"))
	case source.Preset != "":
		lines = append(lines, say("source.where_secret."+string(source.Preset)))
	}
	return lines
}
