package render

var marketingLooks = []look{
	{object: "Campaign", category: marketing, says: "embed.campaign.", turns: []turn{
		{field: "Status", to: "In Progress", into: "started"},
		{field: "Status", to: "Completed", into: "completed"},
		{field: "Status", to: "Aborted", into: "aborted"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.type", name: "Type", show: text},
		{label: "embed.field.active", name: "IsActive", show: text},
		{label: "embed.field.start", name: "StartDate", show: day},
		{label: "embed.field.end", name: "EndDate", show: day},
		{label: "embed.field.sent", name: "NumberSent", show: number},
		{label: "embed.field.budget", name: "BudgetedCost", show: money},
		{label: "embed.field.expected_revenue", name: "ExpectedRevenue", show: money},
		{label: "embed.field.owner", name: "Owner"},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "CampaignMember", category: marketing, says: "embed.campaign_member.", of: "Campaign", named: []string{"Name", "Contact", "Lead"}, turns: []turn{
		{field: "HasResponded", to: "true", into: "responded"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.company", name: "CompanyOrAccount", show: text},
		{label: "embed.field.title", name: "Title", show: text},
		{label: "embed.field.email", name: "Email", show: text},
		{label: "embed.field.responded", name: "FirstRespondedDate", or: "HasResponded", show: guess},
		{label: "embed.field.lead_source", name: "LeadSource", show: text},
	}},
}
