package render

import "strings"

// The colours of the embeds.
const (
	grey    = 0x95A5A6 // deleted or closed
	blurple = 0x5865F2
	green   = 0x57F287
	red     = 0xED4245
	wine    = 0x992D22
	orange  = 0xE67E22
	sky     = 0x3498DB
	cloud   = 0x00A1E0
	violet  = 0x9B59B6
	pink    = 0xEB459E
	teal    = 0x1ABC9C
	yellow  = 0xF1C40F
	slate   = 0x607D8B
	indigo  = 0x7F8CFF
	steel   = 0x4F6D9A
)

// look is how events about an object are drawn. What it leaves out is drawn as for any object.
type look struct {
	object string               // its API name; case does not matter
	title  func(v *view) string // nil: what happened, and the record's name
	colour func(v *view) int
	fields []field // nil: the record's own, in the order of the body
}

// field is one line of a look. Without a show it is a lookup: name is the relation's, and the related
// record's name is shown.
type field struct {
	label string // locale key
	name  string // API name
	show  format
	wide  bool // has a line of its own
}

// looks are the objects that we know something about, by category.
var looks = []look{
	{object: "Opportunity", title: dealTitle, colour: dealColour, fields: []field{
		{label: "embed.field.stage", name: "StageName", show: text, wide: true},
		{label: "embed.field.amount", name: "Amount", show: money},
		{label: "embed.field.probability", name: "Probability", show: percent},
		{label: "embed.field.close_date", name: "CloseDate", show: day},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.owner", name: "Owner"},
	}},
	{object: "Case", title: caseTitle, colour: caseColour, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.priority", name: "Priority", show: text},
		{label: "embed.field.origin", name: "Origin", show: text},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.contact", name: "Contact"},
		{label: "embed.field.owner", name: "Owner"},
	}},

	{object: "Account", colour: always(cloud)},
	{object: "Contact", colour: always(cloud)},
	{object: "Lead", colour: always(cloud)},

	{object: "Quote", colour: always(blurple)},
	{object: "Order", colour: always(blurple)},
	{object: "Contract", colour: always(blurple)},

	{object: "Product2", colour: always(violet)},
	{object: "PricebookEntry", colour: always(violet)},

	{object: "Campaign", colour: always(pink)},
	{object: "CampaignMember", colour: always(pink)},

	{object: "CaseComment", colour: always(teal)},

	{object: "Task", colour: always(yellow)},
	{object: "Event", colour: always(yellow)},

	{object: "User", colour: always(slate)},
	{object: "Asset", colour: always(slate)},
}

var (
	customLook = look{colour: always(indigo)}
	otherLook  = look{colour: always(steel)}
)

func lookOf(object string) *look {
	for i := range looks {
		if strings.EqualFold(looks[i].object, object) {
			return &looks[i]
		}
	}
	if strings.HasSuffix(object, "__c") {
		return &customLook
	}
	return &otherLook
}

func always(colour int) func(*view) int { return func(*view) int { return colour } }
