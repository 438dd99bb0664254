package render

var platformLooks = []look{
	{object: "User", category: platform, says: "embed.user.", turns: switching, fields: []field{
		{label: "embed.field.active", name: "IsActive", show: text},
		{label: "embed.field.profile", name: "Profile"},
		{label: "embed.field.role", name: "UserRole"},
		{label: "embed.field.title", name: "Title", show: text},
		{label: "embed.field.department", name: "Department", show: text},
		{label: "embed.field.email", name: "Email", show: text},
		{label: "embed.field.username", name: "Username", show: text},
	}},
	{object: "Asset", category: platform, says: "embed.asset.", turns: []turn{
		{field: "Status", to: "Installed", into: "installed"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.contact", name: "Contact"},
		{label: "embed.field.product", name: "Product2"},
		{label: "embed.field.quantity", name: "Quantity", show: number},
		{label: "embed.field.price", name: "Price", show: money},
		{label: "embed.field.serial_number", name: "SerialNumber", show: text},
		{label: "embed.field.installed", name: "InstallDate", show: day},
		{label: "embed.field.purchased", name: "PurchaseDate", show: day},
	}},
}
