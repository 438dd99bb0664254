package commands

import (
	"context"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
)

// word is a setting that is one word.
type word struct {
	settings Settings
	kind     wordKind
}

// wordKind is what sort of word it is.
type wordKind struct {
	option string // of /settings set
	title  string // locale key
	in     func(*delivery.Settings) *string
	// read makes of what was typed what is stored, or tells what is wrong with it.
	read func(typed string) (string, error)
	// shown is what is in force where that is stored.
	shown func(by asker, stored string) text
}

func (w word) field(ctx context.Context, by asker) (field, error) {
	stored, err := w.settings.Settings(ctx, by.guild)
	if err != nil {
		return field{}, err
	}
	return field{name: say(w.kind.title), lines: []text{w.kind.shown(by, *w.kind.in(&stored))}}, nil
}

func (w word) change(_ context.Context, by asker, asked discord.SlashCommandInteractionData) (change, error) {
	typed, given := asked.OptString(w.kind.option)
	if !given {
		return change{}, nil
	}
	stored, err := w.kind.read(strings.TrimSpace(typed))
	if err != nil {
		return change{}, err
	}
	said := say("settings.set", "what", say(w.kind.title), "value", w.kind.shown(by, stored))
	return change{said, func(ctx context.Context) error {
		return w.settings.ChangeSettings(ctx, by.guild, func(s *delivery.Settings) { *w.kind.in(s) = stored })
	}}, nil
}

// maxPrefix is how many characters a header prefix has at most.
const maxPrefix = 32

// prefixes are the beginnings that any server can read in the name of a header.
var prefixes = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,31}$`)

// surroundings are what stands around the prefix in a header, which many type with it.
var surroundings = regexp.MustCompile(`^[Xx]-+\b|-+$`)

// headerPrefix is what our headers on webhooks begin with.
var headerPrefix = wordKind{
	option: "header_prefix",
	title:  "settings.header_prefix.title",
	in:     func(s *delivery.Settings) *string { return &s.HeaderPrefix },
	read: func(typed string) (string, error) {
		prefix := surroundings.ReplaceAllString(typed, "")
		switch {
		case !prefixes.MatchString(prefix):
			return "", refuse("settings.header_prefix.invalid", "prefix", inSpan(typed, maxPiece), "max", maxPrefix)
		case strings.EqualFold(prefix, delivery.DefaultPrefix):
			return "", nil
		}
		return prefix, nil
	},
	shown: func(_ asker, stored string) text {
		if stored == "" {
			stored = delivery.DefaultPrefix
		}
		header := "X-" + textproto.CanonicalMIMEHeaderKey(stored) + "-"
		return say("settings.header_prefix.value", "id", inSpan(header+"Event-ID", maxPiece), "source", inSpan(header+"Endpoint-ID", maxPiece))
	},
}
