package render

var crmLooks = []look{
	{object: "Account", category: crm, says: "embed.account.", fields: []field{
		{label: "embed.field.type", name: "Type", show: text},
		{label: "embed.field.industry", name: "Industry", show: text},
		{label: "embed.field.annual_revenue", name: "AnnualRevenue", show: money},
		{label: "embed.field.employees", name: "NumberOfEmployees", show: number},
		{label: "embed.field.website", name: "Website", show: website},
		{label: "embed.field.owner", name: "Owner"},
	}},
	{object: "Contact", category: crm, says: "embed.contact.", fields: []field{
		{label: "embed.field.title", name: "Title", show: text},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.department", name: "Department", show: text},
		{label: "embed.field.email", name: "Email", show: text},
		{label: "embed.field.phone", name: "Phone", or: "MobilePhone", show: text},
		{label: "embed.field.owner", name: "Owner"},
	}},
	{object: "Lead", category: crm, says: "embed.lead.", turns: []turn{
		{field: "IsConverted", to: "true", also: "Status", into: "converted"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.account", name: "ConvertedAccount"},
		{label: "embed.field.contact", name: "ConvertedContact"},
		{label: "embed.field.opportunity", name: "ConvertedOpportunity"},
		{label: "embed.field.company", name: "Company", show: text},
		{label: "embed.field.title", name: "Title", show: text},
		{label: "embed.field.lead_source", name: "LeadSource", show: text},
		{label: "embed.field.rating", name: "Rating", show: text},
		{label: "embed.field.email", name: "Email", show: text},
		{label: "embed.field.phone", name: "Phone", or: "MobilePhone", show: text},
		{label: "embed.field.owner", name: "Owner"},
	}},
}
