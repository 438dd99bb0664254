//go:build !race

// disgo's gateway races with itself when it is closed, which the race detector would report as ours.

package commands_test

import (
	"strings"
	"testing"

	"dispatch/playground"
)

// From a source with one channel to one with a forum, and back to nowhere, as an admin does it.
func TestRoutesInDiscord(t *testing.T) {
	d, db := settle(t, asItIs)
	d.run("connect", map[string]any{"name": "Acme", "channel": "sales"})
	source, err := db.Source(t.Context(), d.GuildID(), "Acme")
	if err != nil {
		t.Fatal(err)
	}
	add := map[string]any{"source": "Acme", "channel": "ideas", "events": "Opportunity.*", "filter": "record.Amount > 1"}
	for lacking, denied := range map[string]playground.Permissions{
		"**Create Posts**":                        playground.SendMessages,
		"**Send Messages in Posts, Embed Links**": playground.SendMessagesInThreads | playground.EmbedLinks,
		"**View Channel**":                        playground.ViewChannel,
	} {
		d.SetPermissions("ideas", 0, denied)
		if got := d.slash("route add", add); !strings.Contains(got.Message.Content, lacking) {
			t.Errorf("content = %q, want %s", got.Message.Content, lacking)
		}
	}
	d.SetPermissions("ideas", 0, 0)
	if got := d.slash("route add", add).Message.Content; !strings.Contains(got, "only if `record.Amount > 1`.\nIt's a forum") {
		t.Errorf("content = %q", got)
	}
	listed := d.slash("route list", nil).Message.Embeds
	if len(listed) != 1 || !strings.Contains(listed[0].Description, "\n**2.** <#") {
		t.Errorf("listed = %+v", listed)
	}
	for range 2 {
		typed := playground.Command{Channel: "general", Path: "route remove", Options: map[string]any{"source": "Acme", "route": ""}}
		offered, err := d.Autocomplete(d.ctx, typed, "route")
		if err != nil || len(offered) == 0 || !strings.HasPrefix(offered[0].Name, "1. #") {
			t.Fatalf("suggestions = %v, %v", offered, err)
		}
		d.slash("route remove", map[string]any{"source": "Acme", "route": offered[0].Value})
	}
	if links, err := db.Links(t.Context(), source.ID); err != nil || len(links) != 0 {
		t.Errorf("links = %v, %v", links, err)
	}
}
