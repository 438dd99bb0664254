package salesforce

import "strings"

const lineItem = "PricebookEntryId = price().Id, Quantity = 1, UnitPrice = 1"

// triggerSamples are Apex of tests that save a record of an object. What the object's schema asks for, the tests fill
// in by themselves, so these are of the objects whose records need more.
var triggerSamples = map[string][]string{
	"OpportunityLineItem": {
		"SObject deal = made(new Opportunity(Pricebook2Id = Test.getStandardPricebookId()));",
		"save(new OpportunityLineItem(OpportunityId = deal.Id, " + lineItem + "));",
	},
	"Quote": {
		"save(new Quote(OpportunityId = made(new Opportunity()).Id));",
	},
	"QuoteLineItem": {
		"SObject deal = made(new Opportunity(Pricebook2Id = Test.getStandardPricebookId()));",
		"SObject quote = made(new Quote(OpportunityId = deal.Id, Pricebook2Id = Test.getStandardPricebookId()));",
		"save(new QuoteLineItem(QuoteId = quote.Id, " + lineItem + "));",
	},
	"Order": {
		"save(new Order(AccountId = made(new Account()).Id));",
	},
	"OrderItem": {
		"SObject purchase = made(new Order(AccountId = made(new Account()).Id, Pricebook2Id = Test.getStandardPricebookId()));",
		"save(new OrderItem(OrderId = purchase.Id, " + lineItem + "));",
	},
	"Contract": {
		"save(new Contract(AccountId = made(new Account()).Id));",
	},
	"CampaignMember": {
		"save(new CampaignMember(CampaignId = made(new Campaign()).Id, LeadId = made(new Lead()).Id));",
	},
	"CaseComment": {
		"save(new CaseComment(ParentId = made(new Case(Subject = 'Dispatch')).Id, CommentBody = 'Dispatch'));",
	},
	"EmailMessage": {
		"save(new EmailMessage(ParentId = made(new Case(Subject = 'Dispatch')).Id, Subject = 'Dispatch', TextBody = 'Dispatch'));",
	},
	"ServiceAppointment": {
		"Id parentId = made(new Account()).Id;",
		"Datetime now = Datetime.now();",
		"save(new ServiceAppointment(ParentRecordId = parentId, EarliestStartTime = now, DueDate = now.addHours(1)));",
	},
	"Event": {
		"save(new Event(Subject = 'Dispatch', ActivityDateTime = Datetime.now(), DurationInMinutes = 60));",
	},
	"Asset": {
		"save(new Asset(AccountId = made(new Account()).Id));",
	},
	// A new user takes a licence, of which there may be none left.
	"User": {
		"{{.Prefix}}SenderTest.answering(202);",
		"User me = new User(Id = UserInfo.getUserId(), Title = 'Dispatch ' + System.currentTimeMillis());",
		"check(Database.update(me, false, AccessLevel.SYSTEM_MODE));",
	},
}

// sampleFor is the one for the object, of a package whose names begin with the prefix.
func sampleFor(object, prefix string) string {
	statements, known := triggerSamples[object]
	if !known {
		statements = []string{"save(" + object + ".SObjectType.newSObject());"}
	}
	code := "        " + strings.Join(statements, "\n        ")
	return strings.ReplaceAll(code, "{{.Prefix}}", prefix)
}
