package render

import "slices"

var salesLooks = []look{
	{object: "Opportunity", category: sales, says: "embed.opportunity.", title: dealTitle, colour: dealColour, fields: []field{
		{label: "embed.field.stage", name: "StageName", show: text, wide: true},
		{label: "embed.field.amount", name: "Amount", show: money, joins: true},
		{label: "embed.field.probability", name: "Probability", show: percent},
		{label: "embed.field.close_date", name: "CloseDate", show: day},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.owner", name: "Owner"},
		{label: "embed.field.lead_source", name: "LeadSource", show: text},
		{label: "embed.field.next_step", name: "NextStep", show: text, wide: true},
	}},
	{object: "OpportunityLineItem", category: sales, says: "embed.opportunity_product.", named: productNames, of: "Opportunity", fields: []field{
		{label: "embed.field.quantity", name: "Quantity", show: number},
		{label: "embed.field.unit_price", name: "UnitPrice", show: money},
		{label: "embed.field.total", name: "TotalPrice", show: money},
		{label: "embed.field.discount", name: "Discount", show: percent},
		{label: "embed.field.service_date", name: "ServiceDate", show: day},
		{label: "embed.field.product_code", name: "ProductCode", show: text},
	}},
	{object: "Quote", category: sales, says: "embed.quote.", turns: []turn{
		{field: "Status", to: "Accepted", into: "accepted"},
		{field: "Status", to: "Denied", into: "denied"},
		{field: "Status", to: "Presented", into: "presented"},
		{field: "Status", to: "Approved", into: "approved"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.total", name: "GrandTotal", or: "TotalPrice", show: money},
		{label: "embed.field.discount", name: "Discount", show: percent},
		{label: "embed.field.valid_until", name: "ExpirationDate", show: day},
		{label: "embed.field.opportunity", name: "Opportunity"},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.quote_number", name: "QuoteNumber", show: text},
		{label: "embed.field.contact", name: "Contact"},
	}},
	{object: "QuoteLineItem", category: sales, says: "embed.quote_line.", named: productNames, of: "Quote", fields: []field{
		{label: "embed.field.quantity", name: "Quantity", show: number},
		{label: "embed.field.unit_price", name: "UnitPrice", show: money},
		{label: "embed.field.total", name: "TotalPrice", show: money},
		{label: "embed.field.discount", name: "Discount", show: percent},
		{label: "embed.field.service_date", name: "ServiceDate", show: day},
	}},
	{object: "Order", category: sales, says: "embed.order.", number: "OrderNumber", named: []string{"Name"}, turns: activation, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.total", name: "TotalAmount", show: money},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.type", name: "Type", show: text},
		{label: "embed.field.start", name: "EffectiveDate", show: day},
		{label: "embed.field.end", name: "EndDate", show: day},
		{label: "embed.field.activated", name: "ActivatedDate", show: day},
		{label: "embed.field.owner", name: "Owner"},
	}},
	{object: "OrderItem", category: sales, says: "embed.order_product.", named: productNames, of: "Order", fields: []field{
		{label: "embed.field.quantity", name: "Quantity", show: number},
		{label: "embed.field.unit_price", name: "UnitPrice", show: money},
		{label: "embed.field.total", name: "TotalPrice", show: money},
		{label: "embed.field.start", name: "ServiceDate", show: day},
		{label: "embed.field.end", name: "EndDate", show: day},
	}},
	{object: "Contract", category: sales, says: "embed.contract.", number: "ContractNumber", named: []string{"Name"}, turns: term, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.term", name: "ContractTerm", show: months},
		{label: "embed.field.start", name: "StartDate", show: day},
		{label: "embed.field.end", name: "EndDate", show: day},
		{label: "embed.field.activated", name: "ActivatedDate", show: day},
		{label: "embed.field.owner", name: "Owner"},
	}},
}

var (
	// productNames are where a line says which product it is about.
	productNames = []string{"Product2", "Name"}
	// activation goes by the code, which stays what it is when an org renames the status.
	activation = []turn{{field: "StatusCode", to: "Activated", also: "Status", or: "Activated", into: "activated"}}
	term       = slices.Concat(activation, []turn{{field: "Status", to: "Expired", into: "expired"}})
)
