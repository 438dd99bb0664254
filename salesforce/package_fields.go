package salesforce

import "strings"

// commonFields are sent of every object that has them.
const commonFields = "Id Name OwnerId CurrencyIsoCode RecordTypeId CreatedDate LastModifiedDate LastModifiedById"

// objectFields are those that a package sends of an object beside the common ones: what the embeds show, what they
// go by, and little more. An id stands for the related record, too, whose name is sent with it.
var objectFields = map[string]string{
	"Account": "Type Industry AnnualRevenue NumberOfEmployees Website Phone Rating AccountSource BillingCity BillingCountry ParentId",
	"Contact": "FirstName LastName Title Department Email Phone MobilePhone MailingCity MailingCountry LeadSource AccountId",
	"Lead": "FirstName LastName Company Title Status Rating LeadSource Email Phone MobilePhone Industry City Country " +
		"IsConverted ConvertedDate ConvertedAccountId ConvertedContactId ConvertedOpportunityId",

	"Opportunity": "StageName Amount Probability CloseDate IsClosed IsWon ForecastCategoryName Type LeadSource NextStep " +
		"ExpectedRevenue AccountId CampaignId",
	"OpportunityLineItem": "Quantity UnitPrice TotalPrice ListPrice Discount ServiceDate ProductCode Description OpportunityId Product2Id",
	"Quote": "QuoteNumber Status GrandTotal TotalPrice Subtotal Discount ExpirationDate IsSyncing OpportunityId " +
		"AccountId ContactId",
	"QuoteLineItem": "LineNumber Quantity UnitPrice TotalPrice ListPrice Discount ServiceDate Description QuoteId Product2Id",
	"Order": "OrderNumber Status StatusCode Type TotalAmount EffectiveDate EndDate ActivatedDate Description " +
		"AccountId ContractId",
	"OrderItem": "OrderItemNumber Quantity UnitPrice TotalPrice ServiceDate EndDate Description OrderId Product2Id",
	"Contract":  "ContractNumber Status StatusCode ContractTerm StartDate EndDate ActivatedDate SpecialTerms AccountId",

	"Product2":       "ProductCode Family IsActive Description StockKeepingUnit",
	"PricebookEntry": "ProductCode UnitPrice IsActive UseStandardPrice Product2Id Pricebook2Id",

	"Campaign": "Status Type IsActive StartDate EndDate NumberSent BudgetedCost ActualCost ExpectedRevenue Description ParentId",
	"CampaignMember": "FirstName LastName Status HasResponded FirstRespondedDate CompanyOrAccount Title Email LeadSource " +
		"CampaignId ContactId LeadId",

	"Case": "CaseNumber Subject Status Priority Origin Type Reason IsClosed IsEscalated ClosedDate Description " +
		"AccountId ContactId AssetId",
	"CaseComment": "CommentBody IsPublished ParentId CreatedById",
	"EmailMessage": "Subject Status Incoming FromName FromAddress ToAddress MessageDate HasAttachment TextBody HtmlBody " +
		"ParentId RelatedToId",
	"WorkOrder": "WorkOrderNumber Subject Status Priority StartDate EndDate Description AccountId ContactId AssetId CaseId " +
		"WorkTypeId ServiceTerritoryId",
	"ServiceAppointment": "AppointmentNumber Subject Status SchedStartTime SchedEndTime EarliestStartTime DueDate City " +
		"Description AccountId ContactId ParentRecordId WorkTypeId ServiceTerritoryId",
	"Knowledge__kav": "Title ArticleNumber PublishStatus VersionNumber Language Summary LastPublishedDate UrlName CreatedById",

	"Task": "Subject Status Priority ActivityDate Type TaskSubtype IsClosed Description WhoId WhatId",
	"Event": "Subject StartDateTime EndDateTime ActivityDateTime EndDate IsAllDayEvent Location Type Description " +
		"WhoId WhatId",

	"User": "FirstName LastName Username Email Title Department IsActive ProfileId UserRoleId",
	"Asset": "Status SerialNumber Quantity Price InstallDate PurchaseDate UsageEndDate AccountId ContactId " +
		"Product2Id",
}

// fieldList is what the package sends of an object.
type fieldList struct{ Object, Names string }

// fieldListsOf are those of the objects that we know, and of price book entries, which a Flow may send.
func fieldListsOf(chosen []string) []fieldList {
	var lists []fieldList
	for _, object := range append(chosen[:len(chosen):len(chosen)], "PricebookEntry") {
		if own, known := objectFields[object]; known {
			lists = append(lists, fieldList{object, commonFields + " " + own})
		}
	}
	return lists
}

// spelt is the object as Salesforce spells it, where we know that.
func spelt(object string) string {
	for _, known := range objects {
		if strings.EqualFold(known.name, object) {
			return known.name
		}
	}
	return object
}
