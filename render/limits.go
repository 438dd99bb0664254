package render

import (
	"iter"
	"slices"

	"github.com/disgoorg/disgo/discord"
)

// Discord's limits, counted here in UTF-16 units, which are never fewer than its characters.
const (
	maxTitle  = 256
	maxName   = 256
	maxValue  = 1024
	maxFooter = 2048
	maxTotal  = 6000 // over all texts of a message's embeds
)

const (
	maxHalf   = (maxValue - 3) / 2 // each side of a change; the arrow takes three
	maxSource = 200                // the source in the footer, so that the type is seen, too
)

// Size is how many characters the embed counts for towards the 6000 that all embeds of a message may have. It is
// never less than what Discord counts.
func Size(embed discord.Embed) int {
	size := 0
	for text := range texts(&embed) {
		size += unitsOf(*text)
	}
	return size
}

// fit cuts the longest texts of the embed, all to the same length, until their sum is within the limit. Ours have
// 53 texts at most, so that length is never below 113: timestamps stay whole.
func fit(embed *discord.Embed) {
	total := 0
	for text := range texts(embed) {
		total += len(*text)
	}
	if total <= maxTotal {
		return
	}
	var lengths []int
	for text := range texts(embed) {
		lengths = append(lengths, unitsOf(*text))
	}
	limit := level(lengths)
	for text := range texts(embed) {
		*text = clip(*text, limit)
	}
}

// level is the greatest length that texts of these lengths can be cut to for their sum to be within the limit. It
// sorts the lengths.
func level(lengths []int) int {
	slices.Sort(lengths)
	left := maxTotal
	for i, length := range lengths {
		if share := left / (len(lengths) - i); length > share {
			return share
		}
		left -= length
	}
	return maxTotal
}

// texts are what Discord counts of the embed.
func texts(embed *discord.Embed) iter.Seq[*string] {
	return func(yield func(*string) bool) {
		if !yield(&embed.Title) || !yield(&embed.Description) {
			return
		}
		if embed.Author != nil && !yield(&embed.Author.Name) {
			return
		}
		if embed.Footer != nil && !yield(&embed.Footer.Text) {
			return
		}
		for i := range embed.Fields {
			if !yield(&embed.Fields[i].Name) || !yield(&embed.Fields[i].Value) {
				return
			}
		}
	}
}
