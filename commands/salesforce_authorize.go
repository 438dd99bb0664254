package commands

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"

	"dispatch/event"
	"dispatch/salesforce"
)

// Orgs are the Salesforce orgs behind sources.
type Orgs interface {
	// Begin begins an authorization. It fails with salesforce.ErrDomain, and with fault.NotFound when there is no such
	// source.
	Begin(ctx context.Context, by salesforce.Asking) (salesforce.Begun, error)
	// Look asks the source's org how it is. It fails with fault.NotFound when the source was not authorized.
	Look(ctx context.Context, sourceID string) (salesforce.Look, error)
	// Objects are the API names of what the source's org can have triggers on, those that people look for first.
	Objects(ctx context.Context, sourceID string) ([]string, error)
}

// maxDomain is how many characters a My Domain, or an address with it, has at most.
const maxDomain = 255

// authorizing lets us into the orgs behind sources. Without an app at Salesforce, there are no orgs.
type authorizing struct {
	sources Sources
	orgs    Orgs // may be nil
}

func (a *authorizing) command(ctx context.Context, by asker, asked discord.SlashCommandInteractionData) (reply, error) {
	source, err := connectedSource(ctx, a.sources, by, asked.String("source"))
	if err != nil {
		return reply{}, err
	}
	return a.begin(ctx, by, source, strings.TrimSpace(asked.String("domain")))
}

func (a *authorizing) button(ctx context.Context, by asker, id string) (reply, error) {
	source, err := a.sources.SourceByID(ctx, by.guild, id)
	if err != nil {
		return reply{}, err
	}
	if err := mustBeConnected(source); err != nil {
		return reply{}, err
	}
	return a.begin(ctx, by, source, "")
}

func (a *authorizing) begin(ctx context.Context, by asker, source event.Source, domain string) (reply, error) {
	if a.orgs == nil {
		return reply{}, refuse("salesforce.authorize.no_app")
	}
	begun, err := a.orgs.Begin(ctx, salesforce.Asking{
		UserID: by.user, Source: source, Domain: domain, Locale: string(by.interaction.Locale()),
	})
	if errors.Is(err, salesforce.ErrDomain) {
		return reply{}, refuse("salesforce.authorize.domain", "domain", quoted(domain, maxShownDomain))
	}
	if err != nil {
		return reply{}, err
	}
	r := tell(say("salesforce.authorize.open", "name", quoted(source.Name, maxSourceName), "time", ago(begun.Until)))
	if utf8.RuneCountInString(begun.URL) > maxButtonURL {
		r.lines = append(r.lines, say("salesforce.authorize.link", "url", begun.URL))
		return r, nil
	}
	r.buttons = []button{{label: say("button.open_salesforce"), style: discord.ButtonStyleLink, url: begun.URL}}
	return r, nil
}

// maxShownDomain is how many characters of one that is none are shown.
const maxShownDomain = 100

// offer is the button that authorizes the source's org, if there is an app to do so.
func (a *authorizing) offer(s event.Source, label text) []button {
	if a.orgs == nil {
		return nil
	}
	return []button{{label: label, style: discord.ButtonStyleSecondary, id: "/salesforce/authorize/" + s.ID}}
}
