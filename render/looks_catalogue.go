package render

import "slices"

var catalogueLooks = []look{
	{object: "Product2", category: catalogue, says: "embed.product.", turns: switching, fields: []field{
		{label: "embed.field.active", name: "IsActive", show: text},
		{label: "embed.field.product_code", name: "ProductCode", show: text},
		{label: "embed.field.family", name: "Family", show: text},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "PricebookEntry", category: catalogue, says: "embed.price.", named: productNames, of: "Pricebook2", turns: pricing, fields: []field{
		{label: "embed.field.price", name: "UnitPrice", show: money},
		{label: "embed.field.active", name: "IsActive", show: text},
		{label: "embed.field.product_code", name: "ProductCode", show: text},
	}},
}

var (
	// switching is what happens to those that can be active or not.
	switching = []turn{
		{field: "IsActive", to: "true", into: "activated"},
		{field: "IsActive", to: "false", into: "deactivated"},
	}
	pricing = slices.Concat([]turn{{field: "UnitPrice", into: "repriced"}}, switching)
)
