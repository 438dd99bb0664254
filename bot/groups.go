package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"iter"
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

// group is what fits into one message, in order.
type group []piece

// groups renders the batch and divides it, in order and only as far as it is asked for. The same batch is always
// divided in the same way, which is what the nonce rests on.
func groups(batch delivery.Batch) iter.Seq[group] {
	say := locales.For(batch.Destination.Locale)
	return func(yield func(group) bool) {
		var (
			some group
			size int
		)
		for i, d := range batch.Deliveries {
			embed := render.Embed(d.Event, d.SourceName, say)
			more := render.Size(embed)
			if len(some) == maxEmbeds || len(some) > 0 && size+more > maxEmbedsSize {
				if !yield(some) {
					return
				}
				some, size = nil, 0
			}
			some, size = append(some, piece{index: i, embed: embed}), size+more
		}
		yield(some)
	}
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

// split parts the group into those at the places that are named and the others.
func (g group) split(named []int) (bad, rest group) {
	for i, p := range g {
		if slices.Contains(named, i) {
			bad = append(bad, p)
		} else {
			rest = append(rest, p)
		}
	}
	return bad, rest
}

// note gives each delivery of the group the outcome.
func (g group) note(outcome delivery.Outcome, outcomes []delivery.Outcome) {
	for _, p := range g {
		outcomes[p.index] = outcome
	}
}
