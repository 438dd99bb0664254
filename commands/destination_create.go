package commands

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/fault"
)

// forwarding manages where events go outside of Discord.
type forwarding struct {
	routes       *routing
	destinations Destinations
	changes      DestinationChanges
	ping         func(context.Context, delivery.Destination) delivery.Outcome
	private      bool // endpoints may be in private networks
	targets      *targeting
	asked        *questions
}

// generated asks for a secret of ours.
const generated = "generate"

func (f *forwarding) create(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	wanted, err := f.wanted(ctx, by, asked)
	if err != nil {
		return reply{}, err
	}
	way, err := f.wantedWay(ctx, by, asked, wanted)
	if err != nil {
		return reply{}, err
	}
	var links []delivery.Link
	if way.SourceID != "" {
		links = append(links, way.Link)
	}
	way.Destination, err = f.changes.CreateDestination(ctx, wanted, links...)
	if fault.KindOf(err) == fault.Exists {
		return reply{}, refuse("destination.create.exists", "name", quoted(wanted.Name, maxSourceName))
	}
	if err != nil {
		return reply{}, err
	}
	if wanted.Kind == delivery.KindSalesforce {
		return announcedTarget(way), nil
	}
	return announced(way, asked.String("secret") == generated), nil
}

// wanted is the destination as the asker wants it: an endpoint or a target.
func (f *forwarding) wanted(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (delivery.Destination, error) {
	_, calls := asked.OptString("url")
	_, acts := asked.OptString("target")
	switch {
	case calls == acts:
		return delivery.Destination{}, refuse("destination.create.one_of_both")
	case acts:
		return f.wantedTarget(ctx, by, asked)
	}
	return f.wantedEndpoint(by, asked)
}

// wantedEndpoint is the destination that is an endpoint as the asker wants it.
func (f *forwarding) wantedEndpoint(by asker, asked discord.SlashCommandInteractionData) (delivery.Destination, error) {
	to := delivery.Endpoint{URL: strings.TrimSpace(asked.String("url")), RateLimit: asked.Int("rate_limit")}
	wanted := delivery.Destination{
		GuildID: by.guild, Kind: delivery.KindWebhook, Name: strings.TrimSpace(asked.String("name")), Endpoint: &to,
	}
	if err := mustBeName(wanted.Name); err != nil {
		return delivery.Destination{}, err
	}
	var wrong *delivery.URLError
	if err := delivery.ValidateURL(to.URL, f.private); errors.As(err, &wrong) {
		return delivery.Destination{}, refuse(wrong.Reason)
	} else if err != nil {
		return delivery.Destination{}, err
	}
	if ordered, given := asked.OptBool("ordered"); given {
		to.Unordered = !ordered
	}
	if to.RateLimit < 0 || to.RateLimit > maxRate {
		return delivery.Destination{}, refuse("destination.create.rate_limit", "max", maxRate)
	}
	switch secret := strings.TrimSpace(asked.String("secret")); {
	case secret == "":
	case secret == generated:
		to.Secret.Secret = []byte(newStandardSecret())
	case isStandardSecret(secret):
		to.Secret.Secret = []byte(secret)
	default:
		return delivery.Destination{}, refuse("destination.create.secret")
	}
	return wanted, nil
}

// isStandardSecret says whether it is one as Standard Webhooks has them: 24 to 64 bytes in base64.
func isStandardSecret(secret string) bool {
	encoded, marked := strings.CutPrefix(secret, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	return marked && err == nil && len(key) >= 24 && len(key) <= 64
}

func suggestGenerate(_ context.Context, by asker, asked discord.AutocompleteInteractionData) ([]offer, error) {
	return matching([]offer{{say("destination.create.generate").in(by.say()), generated}}, asked.String("secret")), nil
}

// wantedWay is the link that leads to the destination. Its SourceID is "" when none is wanted so far.
func (f *forwarding) wantedWay(
	ctx context.Context, by asker, asked discord.SlashCommandInteractionData, to delivery.Destination,
) (delivery.LinkInfo, error) {
	name, given := asked.OptString("source")
	if !given {
		for _, option := range []string{"events", "filter", "transform"} {
			if _, given := asked.OptString(option); given {
				return delivery.LinkInfo{}, refuse("destination.create.needs_source", "option", say("command.destination.create.option."+option+".name"))
			}
		}
		return delivery.LinkInfo{}, nil
	}
	source, err := f.routes.source(ctx, by, name)
	if err == nil {
		err = mustNotCircle(source, to)
	}
	if err != nil {
		return delivery.LinkInfo{}, err
	}
	link, err := f.routes.wantedLink(ctx, by, asked)
	link.SourceID = source.ID
	return delivery.LinkInfo{Link: link, SourceName: source.Name, TransformName: strings.TrimSpace(asked.String("transform"))}, err
}

// announced tells what is sent there from now on. The secret is shown if it is ours.
func announced(way delivery.LinkInfo, ours bool) reply {
	to := way.Destination.Endpoint
	r := tell(say("destination.create.done", "name", quoted(way.Destination.Name, maxSourceName), "url", inSpan(shownURL(to.URL), maxPiece)))
	if way.SourceID == "" {
		r.lines = append(r.lines, say("destination.create.unlinked"))
	} else {
		r.lines = append(r.lines, added(event.Source{Name: way.SourceName}, way).lines...)
	}
	secret := string(to.Secret.Secret)
	switch {
	case ours:
		r.lines = append(r.lines, say("salesforce.url.secret", "secret", secret), say("source.secret.once"), say("destination.create.signed"))
	case secret != "":
		r.lines = append(r.lines, say("destination.create.signed"))
	}
	if strings.HasPrefix(strings.ToLower(to.URL), "http://") {
		r.lines = append(r.lines, say("destination.create.plain"))
	}
	r.lines = append(r.lines, say("destination.create.next"))
	return r
}

// shownURL is as much of a URL as can be shown: what is behind the host may be a secret.
func shownURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "…"
	}
	shown := u.Scheme + "://" + u.Host
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		shown += "/…"
	}
	return shown
}
