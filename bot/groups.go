package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
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
	render.Message
}

// plain says whether nothing keeps the piece from going into a message with others.
func (p piece) plain() bool { return p.Content == "" && len(p.Buttons) == 0 && len(p.Roles) == 0 }

func (p piece) size() (size int) {
	for _, embed := range p.Embeds {
		size += render.Size(embed)
	}
	return size
}

// group are pieces in the order of their batch.
type group []piece

// head are the first of the group that fit into one message. A piece always does.
func (g group) head() group {
	embeds, size := 0, 0
	for i, p := range g {
		embeds, size = embeds+len(p.Embeds), size+p.size()
		if i > 0 && (!p.plain() || !g[0].plain() || embeds > maxEmbeds || size > maxEmbedsSize) {
			return g[:i]
		}
	}
	return g
}

// message is what is posted for the group. Of embeds with the same link Discord shows the first only: those of pieces
// that follow get another, which leads to the same record. What a template does with the links of its own embeds is its
// business.
func (g group) message(batch delivery.Batch) discord.MessageCreate {
	create := discord.MessageCreate{Nonce: g.nonce(batch), EnforceNonce: true, AllowedMentions: nobody()}
	seen := map[string]int{}
	for i, p := range g {
		create.Content += p.Content
		create.AllowedMentions.Roles = append(create.AllowedMentions.Roles, p.Roles...)
		for _, embed := range p.Embeds {
			if first, ok := seen[embed.URL]; ok && first != i && embed.URL != "" {
				embed.URL = apart(embed.URL, i+1)
			} else {
				seen[embed.URL] = i
			}
			create.Embeds = append(create.Embeds, embed)
		}
		if len(p.Buttons) > 0 {
			row := discord.ActionRowComponent{}
			for _, b := range p.Buttons {
				row.Components = append(row.Components, b)
			}
			create.Components = append(create.Components, row)
		}
	}
	return create
}

// apart is the link as another one to the same place: a number in its fragment, which no server sees. The place on the page
// that a link has named itself stays: of a fragment, browsers keep what follows ":~:" to themselves.
func apart(link string, number int) string {
	if strings.Contains(link, "#") {
		return link + ":~:" + strconv.Itoa(number)
	}
	return link + "#" + strconv.Itoa(number)
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

// at are the pieces whose embeds stand at the places that are named.
func (g group) at(named []int) group {
	var found group
	first := 0
	for _, p := range g {
		behind := first + len(p.Embeds)
		if slices.ContainsFunc(named, func(place int) bool { return place >= first && place < behind }) {
			found = append(found, p)
		}
		first = behind
	}
	return found
}

// note gives each delivery of the group the outcome.
func (g group) note(outcome delivery.Outcome, outcomes []delivery.Outcome) {
	for _, p := range g {
		outcomes[p.index] = outcome
	}
}
