package commands

import (
	"context"
	"errors"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/filter"
)

// maxPointed is how many characters of a line of code a phone has room for.
const maxPointed = 40

// filters are examples of what can be asked of an event.
var filters = []string{
	`record.Amount > 100000`,
	`record.Amount > 100000 && changed("StageName")`,
	`changed("StageName")`,
	`was("StageName") == "Prospecting"`,
	`record.Priority in ["High", "Critical"]`,
	`record.Account.Name contains "Acme"`,
	`meta.action == "created"`,
}

func suggestFilters(_ context.Context, _ asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return matching(plain(filters...), asked.String("filter")), nil
}

// mustBeFilter takes what filters understand, and nothing at all.
func mustBeFilter(expression string) error {
	if expression == "" {
		return nil
	}
	_, err := filter.Parse(expression)
	var wrong *filter.Error
	if !errors.As(err, &wrong) {
		return err
	}
	return refuse("route.add.filter", "mistake", together(
		mistakeOf("", wrong.Line, wrong.Column, wrong.Piece, wrong.Problem),
		pointedAt(expression, wrong.Line, wrong.Column),
	))
}

// pointedAt is the line of what was written, or as much of it as has room, with a sign under the column.
func pointedAt(written string, line, column int) text {
	lines := strings.Split(written, "\n")
	if line < 1 || line > len(lines) || strings.TrimSpace(lines[line-1]) == "" {
		return text{}
	}
	all := []rune(strings.NewReplacer("\t", " ", "\r", "", "`", "ˋ").Replace(lines[line-1]))
	at := min(max(column-1, 0), len(all))
	from := max(0, min(at-maxPointed/2, len(all)-maxPointed))
	to := min(len(all), from+maxPointed)
	shown, before := string(all[from:to]), at-from
	if from > 0 {
		shown, before = "…"+shown, before+1
	}
	if to < len(all) {
		shown += "…"
	}
	return asWritten("```\n" + shown + "\n" + strings.Repeat(" ", before) + "^\n```")
}
