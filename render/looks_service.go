package render

import "slices"

var serviceLooks = []look{
	{object: "Case", category: service, says: "embed.case.", number: "CaseNumber", named: []string{"Subject"}, colour: caseColour, turns: []turn{
		{field: "IsClosed", to: "true", also: "Status", or: "Closed", into: "closed"},
		{field: "IsEscalated", to: "true", into: "escalated"},
	}, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.priority", name: "Priority", show: text},
		{label: "embed.field.origin", name: "Origin", show: text},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.contact", name: "Contact"},
		{label: "embed.field.owner", name: "Owner"},
		{label: "embed.field.type", name: "Type", show: text},
		{label: "embed.field.reason", name: "Reason", show: text},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "CaseComment", category: service, says: "embed.comment.", number: "Parent.CaseNumber", named: []string{"Parent.Subject"}, fields: []field{
		{label: "embed.field.comment", name: "CommentBody", show: rich, long: true},
		{label: "embed.field.author", name: "CreatedBy"},
		{label: "embed.field.public", name: "IsPublished", show: text},
	}},
	{object: "EmailMessage", category: service, says: "embed.email.", turns: []turn{
		{field: "Incoming", to: "true", first: true, into: "received"},
		{field: "Status", to: mailSent, first: true, into: "sent"},
		{field: "Status", to: mailSent, into: "sent"},
	}, fields: []field{
		{name: "Status", show: untold},
		{label: "embed.field.from", name: "FromName", or: "FromAddress", show: text},
		{label: "embed.field.to", name: "ToAddress", show: text},
		{label: "embed.field.date", name: "MessageDate", show: day},
		{label: "embed.field.case", name: "Parent"},
		{label: "embed.field.related_to", name: "RelatedTo"},
		{label: "embed.field.attachments", name: "HasAttachment", show: text},
		{label: "embed.field.message", name: "TextBody", or: "HtmlBody", show: rich, long: true, once: true},
	}},
	{object: "WorkOrder", category: service, says: "embed.work_order.", number: "WorkOrderNumber", named: []string{"Subject"}, turns: work, fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.priority", name: "Priority", show: text},
		{label: "embed.field.owner", name: "Owner"},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.contact", name: "Contact"},
		{label: "embed.field.asset", name: "Asset"},
		{label: "embed.field.case", name: "Case"},
		{label: "embed.field.work_type", name: "WorkType"},
		{label: "embed.field.territory", name: "ServiceTerritory"},
		{label: "embed.field.start", name: "StartDate", show: day},
		{label: "embed.field.end", name: "EndDate", show: day},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "ServiceAppointment", category: service, says: "embed.appointment.", number: "AppointmentNumber", named: []string{"Subject"}, turns: slices.Concat(planning, work), fields: []field{
		{label: "embed.field.status", name: "Status", show: text},
		{label: "embed.field.start", name: "SchedStartTime", or: "EarliestStartTime", show: day},
		{label: "embed.field.end", name: "SchedEndTime", or: "DueDate", show: day},
		{label: "embed.field.account", name: "Account"},
		{label: "embed.field.contact", name: "Contact"},
		{label: "embed.field.place", name: "City", show: text},
		{label: "embed.field.work_type", name: "WorkType"},
		{label: "embed.field.territory", name: "ServiceTerritory"},
		{label: "embed.field.description", name: "Description", show: rich, long: true, once: true},
	}},
	{object: "KnowledgeArticleVersion", category: service, says: "embed.article.", number: "ArticleNumber", named: []string{"Title"}, turns: publication, fields: articleFields},
	{object: "__kav", category: service, says: "embed.article.", number: "ArticleNumber", named: []string{"Title"}, turns: publication, fields: articleFields},
}

// mailSent is how Salesforce writes that an email was sent: the status of an email is a number.
const mailSent = "3"

var (
	// work is what becomes of orders and appointments of the field service.
	work = []turn{
		{field: "Status", to: "In Progress", into: "started"},
		{field: "Status", to: "Completed", into: "completed"},
		{field: "Status", to: "Canceled", into: "canceled"},
	}
	planning = []turn{
		{field: "Status", to: "Scheduled", into: "scheduled"},
		{field: "Status", to: "Dispatched", into: "dispatched"},
	}
	publication = []turn{
		{field: "PublishStatus", to: "Online", into: "published"},
		{field: "PublishStatus", to: "Archived", into: "archived"},
	}
	articleFields = []field{
		{label: "embed.field.status", name: "PublishStatus", show: text},
		{label: "embed.field.summary", name: "Summary", show: rich, long: true},
		{label: "embed.field.version", name: "VersionNumber", show: text},
		{label: "embed.field.language", name: "Language", show: text},
		{label: "embed.field.published", name: "LastPublishedDate", show: day},
		{label: "embed.field.author", name: "CreatedBy"},
	}
)
