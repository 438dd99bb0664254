package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/locales"
	"dispatch/render"
)

// Discord's limits of one message.
const (
	maxEmbeds     = 10
	maxEmbedsSize = 6000 // characters, over all embeds
)

// piece is one delivery of a batch as its channel shows it.
type piece struct {
	index int // in the batch
	embed discord.Embed
}

// group are pieces in the order of their batch.
type group []piece

// pieces renders the batch.
func pieces(batch delivery.Batch) group {
	say := locales.For(batch.Destination.Locale)
	all := make(group, len(batch.Deliveries))
	for i, d := range batch.Deliveries {
		all[i] = piece{index: i, embed: render.Embed(d.Event, d.SourceName, say)}
	}
	return all
}

// head are the first of the group that fit into one message. A piece always does.
func (g group) head() group {
	size := 0
	for i, p := range g {
		if size += render.Size(p.embed); i == maxEmbeds || i > 0 && size > maxEmbedsSize {
			return g[:i]
		}
	}
	return g
}

// message is what is posted for the group. Of embeds with the same link Discord shows the first only: those that
// follow get a fragment, which no server sees, so that they lead to the same record.
func (g group) message(batch delivery.Batch) discord.MessageCreate {
	create := discord.MessageCreate{Nonce: g.nonce(batch), EnforceNonce: true, AllowedMentions: nobody()}
	seen := map[string]bool{}
	for i, p := range g {
		if p.embed.URL != "" && seen[p.embed.URL] {
			p.embed.URL += "#" + strconv.Itoa(i+1)
		}
		seen[p.embed.URL] = true
		create.Embeds = append(create.Embeds, p.embed)
	}
	return create
}

// nonce is the same for the same deliveries at every attempt and in every process, so that Discord recognizes a
// message that it has although its answer was lost. What is replayed is another message. It is 24 of the 25 characters
// that Discord takes.
func (g group) nonce(batch delivery.Batch) string {
	hash := sha256.New()
	_, _ = io.WriteString(hash, batch.Destination.ID)
	for _, p := range g {
		d := batch.Deliveries[p.index]
		_, _ = io.WriteString(hash, "\n"+strconv.FormatInt(int64(d.Event.ID), 10))
		if d.Replayed > 0 {
			_, _ = io.WriteString(hash, "/"+strconv.Itoa(d.Replayed))
		}
	}
	return base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:18])
}

// at are the pieces at the places that are named.
func (g group) at(named []int) group {
	var found group
	for i, p := range g {
		if slices.Contains(named, i) {
			found = append(found, p)
		}
	}
	return found
}

// note gives each delivery of the group the outcome.
func (g group) note(outcome delivery.Outcome, outcomes []delivery.Outcome) {
	for _, p := range g {
		outcomes[p.index] = outcome
	}
}
