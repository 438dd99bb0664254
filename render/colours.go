package render

// The colours that are promised: of deals, of the priorities of a case, and of what is deleted or closed.
const (
	grey    = 0x95A5A6
	blurple = 0x5865F2
	green   = 0x57F287
	red     = 0xED4245
	wine    = 0x992D22
	orange  = 0xE67E22
	sky     = 0x3498DB
)

// category is what an object belongs to, as the line above the title tells.
type category struct {
	icon   string
	called string // locale key
	colour int    // stands out by 3:1 at least from Discord's dark and light backgrounds
}

// The categories, each with a colour of the same lightness.
var (
	crm        = &category{"👥", "embed.category.crm", 0x0091CF}
	sales      = &category{"💼", "embed.category.sales", 0x767EEB}
	catalogue  = &category{"🏷️", "embed.category.catalogue", 0xAC6ED5}
	marketing  = &category{"📣", "embed.category.marketing", 0xE64DA3}
	service    = &category{"🎧", "embed.category.service", 0x169A7F}
	activities = &category{"📅", "embed.category.activities", 0xAC820E}
	platform   = &category{"⚙️", "embed.category.platform", 0x6F8D9B}
	custom     = &category{"🧩", "embed.category.custom", 0xCD6F38}
	other      = &category{"☁️", "embed.category.salesforce", 0x7089B2}
)
