package render

var activityLooks = []look{
	{object: "Task", category: activities, says: "embed.task.", turns: []turn{
		{field: "IsClosed", to: "true", also: "Status", or: "Completed", into: "completed"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.priority", name: "Priority", show: text},
		{label: "embed.field.due", name: "ActivityDate", show: day},
		{label: "embed.field.related_to", name: "What"},
		{label: "embed.field.with", name: "Who"},
		{label: "embed.field.assigned_to", name: "Owner"},
		{label: "embed.field.type", name: "Type", or: "TaskSubtype", show: text},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "Event", category: activities, says: "embed.event.", fields: []field{
		{label: "embed.field.start", name: "StartDateTime", or: "ActivityDateTime", show: start},
		{label: "embed.field.end", name: "EndDateTime", or: "EndDate", show: start},
		{label: "embed.field.location", name: "Location", show: text},
		{label: "embed.field.related_to", name: "What"},
		{label: "embed.field.with", name: "Who"},
		{label: "embed.field.assigned_to", name: "Owner"},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
}
