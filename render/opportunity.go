package render

// deal is how an opportunity stands.
type deal int

const (
	dealOpen deal = iota
	dealWon
	dealLost
)

// deal goes by the flags, and by Salesforce's own names of the stages when the sender left the flags out.
func (v *view) deal() deal {
	stage := v.record.Text("StageName")
	switch {
	case v.is("IsWon", stage == "Closed Won"):
		return dealWon
	case v.is("IsClosed", stage == "Closed Lost"):
		return dealLost
	default:
		return dealOpen
	}
}

func dealColour(v *view) int {
	switch v.deal() {
	case dealWon:
		return green
	case dealLost:
		return red
	default:
		return blurple
	}
}

func dealTitle(v *view) string { return v.headline(v.dealNews(), v.name()) }

// dealNews is what became of the deal. An edit of one that was decided before is just an update.
func (v *view) dealNews() string {
	moved := v.changed("StageName", "IsWon", "IsClosed")
	if v.did("deleted") || v.did("undeleted") || len(v.old) > 0 && !moved {
		return v.happened(v.called(), v.action)
	}
	stage := v.text("StageName")
	switch decided := v.deal(); {
	case decided == dealWon:
		return v.say.T("embed.deal.won")
	case decided == dealLost:
		return v.say.T("embed.deal.lost")
	case moved && stage != "":
		return v.say.T("embed.deal.stage", "stage", stage)
	default:
		return v.happened(v.called(), v.action)
	}
}
