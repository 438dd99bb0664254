package webhook

import (
	"net/http"
	"time"

	"github.com/tidwall/gjson"

	"dispatch/event"
)

// preset is what a source takes: how its service signs, and where it says what happened.
type preset struct {
	schemes []scheme // the first whose header is there must be right
	names   func(header http.Header, body gjson.Result) string
	keys    []string // headers with an idempotency key of its own, in canonical form; the usual ones come after them
	id      string   // member of the body that is the idempotency key; "" for none
	greets  string   // type of what it sends to see whether we are there; "" for none
	forms   bool     // it may put its JSON into a form
}

// What the services' own libraries put up with between two clocks.
const (
	tolerance       = 5 * time.Minute
	linearTolerance = time.Minute
)

var standard = scheme{header: "Webhook-Signature", read: readStandard, prove: proveStandard, within: tolerance}

var presets = map[event.Preset]*preset{
	"": {schemes: ours},
	// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
	event.PresetGitHub: {
		schemes: []scheme{{header: "X-Hub-Signature-256", read: readHex, prove: sum}},
		names:   nameGitHub,
		keys:    []string{"X-Github-Delivery"},
		forms:   true, // that is what its settings offer first
	},
	// https://docs.gitlab.com/user/project/integrations/webhooks/
	event.PresetGitLab: {
		// Newer ones sign as well: who set that up should not be content with less.
		schemes: []scheme{standard, {header: "X-Gitlab-Token", read: readToken, prove: proveToken}},
		names:   nameByHeader("X-Gitlab-Event"),
		keys:    []string{"Idempotency-Key", "X-Gitlab-Event-Uuid"}, // the latter from those that know no other
	},
	// https://docs.stripe.com/webhooks/signature
	event.PresetStripe: {
		schemes: []scheme{{header: "Stripe-Signature", read: readStripe, prove: sum, within: tolerance}},
		names:   nameByType,
		id:      "id",
	},
	// https://docs.slack.dev/authentication/verifying-requests-from-slack
	event.PresetSlack: {
		schemes: []scheme{{header: "X-Slack-Signature", read: readSlack, prove: sum, within: tolerance}},
		names:   nameSlack,
		id:      "event_id", // the same when it tries again, which it does after three seconds
		greets:  "url_verification",
	},
	// https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
	event.PresetShopify: {
		schemes: []scheme{{header: "X-Shopify-Hmac-Sha256", read: readBase64, prove: sum}},
		names:   nameByHeader("X-Shopify-Topic"),
		keys:    []string{"X-Shopify-Webhook-Id", "X-Shopify-Event-Id"}, // several topics can share the latter
	},
	// https://linear.app/developers/webhooks
	event.PresetLinear: {
		schemes: []scheme{{header: "Linear-Signature", read: readLinear, prove: sum, within: linearTolerance}},
		names:   nameLinear,
		keys:    []string{"Linear-Delivery"},
	},
	// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
	event.PresetStandard: {
		schemes: []scheme{standard},
		names:   nameByType,
		keys:    []string{"Webhook-Id"},
	},
}

// unheard is what we know of a service that we do not know: nobody can sign for it.
var unheard = &preset{}

func presetOf(source event.Source) *preset {
	if p, ok := presets[source.Preset]; ok {
		return p
	}
	return unheard
}

// typeOf is what the service calls the event, "" when the preset does not say or the callout is not the service's.
func (p *preset) typeOf(header http.Header, body gjson.Result) string {
	if p.names == nil {
		return ""
	}
	return p.names(header, body)
}

// challenge is what the sender of the event wants to hear, when it only wants to know whether we are there.
func (p *preset) challenge(e event.Event) string {
	if p.greets == "" || e.Type != p.greets {
		return ""
	}
	return text(child(gjson.ParseBytes(e.Body), "challenge"))
}

// nameGitHub is "issues.opened", or "push" of what has no action.
func nameGitHub(header http.Header, body gjson.Result) string {
	return dotted(firstOf(header, []string{"X-Github-Event"}), text(child(body, "action")))
}

// nameSlack is the type of the event that was subscribed to, which is inside, or that of what is around it.
func nameSlack(header http.Header, body gjson.Result) string {
	if typ := text(child(child(body, "event"), "type")); typ != "" {
		return typ
	}
	return nameByType(header, body)
}

// nameLinear is "Issue.create".
func nameLinear(header http.Header, body gjson.Result) string {
	return dotted(nameByType(header, body), text(child(body, "action")))
}

func nameByType(_ http.Header, body gjson.Result) string { return text(child(body, "type")) }

func nameByHeader(name string) func(http.Header, gjson.Result) string {
	names := []string{name}
	return func(header http.Header, _ gjson.Result) string { return firstOf(header, names) }
}

// dotted is the object with its action, where it has both.
func dotted(object, action string) string {
	if object == "" || action == "" {
		return object
	}
	return object + "." + action
}
