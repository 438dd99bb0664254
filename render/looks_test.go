package render_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/google/go-cmp/cmp"

	"dispatch/locales"
	"dispatch/render"
)

// told is an event of the catalogue, as an org would send it.
type told struct {
	Type   string          `json:"event_type"`
	Org    string          `json:"instance_url"`
	Record json.RawMessage `json:"record"`
	Old    json.RawMessage `json:"old,omitempty"`
}

// catalogue is the samples that the playground and /salesforce test send: one at least for each object and action.
func catalogue(tb testing.TB) []told {
	tb.Helper()
	var events []told
	paths, err := filepath.Glob("../salesforce/samples/[0-9]*.json")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no samples: %v", err)
	}
	for _, path := range paths {
		var e told
		decode(tb, path, &e)
		events = append(events, e)
	}
	records := map[string]told{}
	decode(tb, "../salesforce/samples/records.json", &records)
	for _, eventType := range slices.Sorted(maps.Keys(records)) {
		e := records[eventType]
		e.Type, e.Org = eventType, "https://example.my.salesforce.com"
		events = append(events, e)
	}
	return events
}

func decode(tb testing.TB, path string, into any) {
	tb.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(source, into); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}

func (e told) object() string {
	object, _, _ := strings.Cut(e.Type, ".")
	return object
}

func (e told) draw(tb testing.TB) discord.Embed {
	tb.Helper()
	return draw(e.Type, string(e.body(tb)))
}

// body is the callout's.
func (e told) body(tb testing.TB) []byte {
	tb.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

// Every event of the catalogue, by object, as a reader would see it.
func TestCatalogueLooks(t *testing.T) {
	drawn := map[string]*strings.Builder{}
	for _, e := range catalogue(t) {
		embed := e.draw(t)
		check(t, embed)
		checkMarkup(t, embed)
		if drawn[e.object()] == nil {
			drawn[e.object()] = &strings.Builder{}
		}
		write(drawn[e.object()], embed)
	}
	for object, text := range drawn {
		t.Run(object, func(t *testing.T) { goldenText(t, filepath.Join("testdata", "looks", object+".txt"), text.String()) })
	}
}

// What a language writes, such as "31. März", must not mean anything to Discord either.
func TestCatalogueInEveryLanguage(t *testing.T) {
	for _, tag := range locales.Tags() {
		t.Run(tag, func(t *testing.T) {
			for _, e := range events(t) {
				embed := render.Embed(e, "Acme production", locales.For(tag))
				check(t, embed)
				checkMarkup(t, embed)
				if text := embed.Title + strings.Join(lines(embed), ""); strings.Contains(text, "{") || strings.Contains(text, "embed.") {
					t.Errorf("%s: a sentence is not filled in: %s", e.Type, text)
				}
			}
		})
	}
}

// write puts the embed down as Discord lays it out: up to three fields in a row.
func write(b *strings.Builder, embed discord.Embed) {
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "[#%06X] %s\n%s\n", embed.Color, embed.Author.Name, embed.Title)
	beside := 0
	for _, field := range embed.Fields {
		switch {
		case !*field.Inline || beside == 0 || beside == 3:
			b.WriteString("\n  ")
			beside = 0
		default:
			b.WriteString("  |  ")
		}
		fmt.Fprintf(b, "%s: %s", field.Name, strings.ReplaceAll(field.Value, "\n", "\n    "))
		if *field.Inline {
			beside++
		} else {
			beside = 0
		}
	}
	fmt.Fprintf(b, "\n\n%s\n%s\n", embed.Footer.Text, strings.Repeat("-", 20))
}

// seedRow is a row of the seed's table of events.
var seedRow = regexp.MustCompile(`(?m)^\| [A-Z][A-Za-z ]+ \| ((?:[A-Za-z0-9_*]+\.[a-z]+(?:, )?)+) \|$`)

// supported are the events of the seed's table, and the objects that belong beside them.
var supported = []string{
	"Account.created", "Contact.updated", "Lead.converted", "Opportunity.created", "Opportunity.updated", "Quote.accepted",
	"Order.activated", "Contract.activated", "Product2.created", "PricebookEntry.updated", "Campaign.created",
	"CampaignMember.created", "Case.created", "Case.escalated", "CaseComment.created", "Task.completed", "Event.created",
	"User.created", "Asset.created", "Invoice__c.created", "Invoice__c.updated", "Invoice__c.deleted",

	"OpportunityLineItem.created", "QuoteLineItem.created", "OrderItem.created", "WorkOrder.created", "ServiceAppointment.created",
	"EmailMessage.created", "Knowledge__kav.created", "KnowledgeArticleVersion.created", "FAQ__kav.created",
}

func TestNoSupportedEventIsGeneric(t *testing.T) {
	types := slices.Clone(supported)
	seed, err := os.ReadFile("../../shared/seeds/0-dispatch-salesforce.txt")
	if err != nil {
		t.Logf("the seed's table is not here, only what was copied from it: %v", err)
	}
	for _, row := range seedRow.FindAllSubmatch(seed, -1) {
		types = append(types, strings.Split(strings.ReplaceAll(string(row[1]), "*", "Invoice"), ", ")...)
	}
	if err == nil && len(types) < len(supported)+20 {
		t.Errorf("the seed's table has %d events only", len(types)-len(supported))
	}
	drawn := map[string]bool{}
	for _, e := range catalogue(t) {
		drawn[e.object()] = true
	}
	for _, eventType := range types {
		object, _, _ := strings.Cut(eventType, ".")
		if render.IsGeneric(object) {
			t.Errorf("%s is drawn like any object", eventType)
		}
		if !drawn[object] && !strings.HasPrefix(object, "KnowledgeArticle") && object != "FAQ__kav" {
			t.Errorf("there is no sample of %s", object)
		}
	}
}

// A look without a sentence for what happens often would fall back to one that fits no language well.
func TestLooksSayWhatHappens(t *testing.T) {
	for _, look := range render.Looks() {
		keys := []string{"object", "did.created", "did.updated", "did.deleted", "did.undeleted"}
		for _, action := range look.Actions {
			keys = append(keys, "did."+action)
		}
		if look.IsNumbered {
			keys = append(keys, "numbered")
		}
		for _, key := range keys {
			if look.Says != "" && !locales.For(locales.Default).Has(look.Says+key) {
				t.Errorf("%s: there is no sentence at %s%s", look.Object, look.Says, key)
			}
		}
		if len(look.Reads)+render.MaxOthers > 25 {
			t.Errorf("%s: %d fields leave no room for other changes", look.Object, len(look.Reads))
		}
	}
}

// The documentation promises that one entry is enough.
func TestOneEntryMakesALook(t *testing.T) {
	render.AddMadeUp(t)
	for eventType, want := range map[string]struct {
		body, title string
		lines       []string
	}{
		"Spaceship.created": {
			`{"record":{"Name":"Enterprise","HullNumber":"NX-01","CrewSize":83,"Captain":{"Name":"J. Archer"},"LaunchDate":"2151-04-16"}}`,
			"Spaceship NX-01 created: Enterprise",
			[]string{"Crew Size: 83", "Captain: J. Archer", "Launch Date: April 16, 2151"},
		},
		"Spaceship.updated": {
			`{"record":{"Id":"1","CrewSize":81,"Captain":{"Name":"T'Pol"}},"old":{"CrewSize":83}}`,
			"Spaceship updated: 1",
			[]string{"Crew Size: 83 → 81", "Captain: T'Pol"},
		},
	} {
		embed := draw(eventType, want.body)
		check(t, embed)
		if embed.Title != want.title || embed.Author.Name != "⚙️ Platform" {
			t.Errorf("%s: %s, %q, want %q", eventType, embed.Author.Name, embed.Title, want.title)
		}
		if diff := cmp.Diff(want.lines, lines(embed)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", eventType, diff)
		}
	}
}

func TestLooksAreDocumented(t *testing.T) {
	docs, err := os.ReadFile("../docs/embeds.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range render.Looks() {
		if named := strings.Replace("`"+look.Object+"`", "`__", "`…__", 1); !strings.Contains(string(docs), named) {
			t.Errorf("docs/embeds.md does not say what %s shows", named)
		}
	}
	for _, e := range catalogue(t) {
		if colour := fmt.Sprintf("`#%06X`", e.draw(t).Color); !strings.Contains(string(docs), colour) {
			t.Errorf("docs/embeds.md does not have the colour %s of %s", colour, e.Type)
		}
	}
}

// Discord's cards and the ground they lie on, in its dark and light themes.
var grounds = []int{0x2B2D31, 0x313338, 0x393A41, 0xF2F3F5, 0xFFFFFF}

// promised are the colours that the contract fixes, whatever they contrast with.
var promised = []int{0x57F287, 0xED4245, 0x5865F2, 0x992D22, 0xE67E22, 0x3498DB, 0x95A5A6}

func TestColoursStandOut(t *testing.T) {
	const least = 3 // WCAG 2.2, 1.4.11: what is no text
	seen := map[int]bool{}
	for _, e := range catalogue(t) {
		seen[e.draw(t).Color] = true
	}
	seen[draw("Anything.created", `{"record":{}}`).Color] = true
	ours := 0
	for colour := range seen {
		if slices.Contains(promised, colour) {
			continue
		}
		ours++
		for _, ground := range grounds {
			if ratio := contrast(colour, ground); ratio < least {
				t.Errorf("#%06X on #%06X has a contrast of %.2f, want %d", colour, ground, ratio, least)
			}
		}
	}
	if ours != 9 {
		t.Errorf("%d colours of categories, want one for each of 9", ours)
	}
}

func TestContrast(t *testing.T) {
	if got := contrast(0x000000, 0xFFFFFF); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white has a contrast of %.2f, want 21", got)
	}
	if got := contrast(0x777777, 0xFFFFFF); math.Abs(got-4.48) > 0.01 { // as WCAG's own examples have it
		t.Errorf("#777777 on white has a contrast of %.2f, want 4.48", got)
	}
}

// contrast is that of WCAG 2.
func contrast(a, b int) float64 {
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

func luminance(colour int) float64 {
	linear := func(channel int) float64 {
		c := float64(channel&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(colour>>16) + 0.7152*linear(colour>>8) + 0.0722*linear(colour)
}

func goldenText(t *testing.T, path, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "\u200b", `\u200b`)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
