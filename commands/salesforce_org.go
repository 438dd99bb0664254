package commands

import (
	"context"
	"strings"

	"dispatch/event"
	"dispatch/fault"
	"dispatch/salesforce"
)

// maxShownOrg is how many characters of what is no org's id are shown.
const maxShownOrg = 40

// look is what there is to say of a source's org, and to do about it.
func (a *authorizing) look(ctx context.Context, s event.Source) ([]text, []button, error) {
	if s.State == event.Disconnected {
		return nil, nil, nil
	}
	var known []text
	if s.OrgID != "" {
		known = []text{say("salesforce.org.id", "id", s.OrgID)}
	}
	if a.orgs == nil {
		return known, nil, nil
	}
	seen, err := a.orgs.Look(ctx, s.ID)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return known, a.offer(s, say("button.authorize")), nil
	case err != nil:
		return nil, nil, err
	case seen.Lost():
		return orgLines(seen), a.offer(s, say("button.authorize_again")), nil
	}
	return orgLines(seen), nil, nil
}

// orgLines tell what the org is, and how it does.
func orgLines(seen salesforce.Look) []text {
	lines := []text{say("salesforce.org.id", "id", seen.OrgID)}
	if seen.OrgName != "" {
		lines = []text{say("salesforce.org.named", "name", quoted(seen.OrgName, maxSourceName), "id", seen.OrgID)}
	}
	_, host, _ := strings.Cut(seen.InstanceURL, "://")
	lines = append(lines, say("salesforce.org.user", "user", quoted(seen.Username, maxSourceName)), say("salesforce.org.instance", "host", inSpan(host, maxShownDomain)))
	switch {
	case seen.Lost():
		lines = append(lines, say("salesforce.org.lost", "time", ago(seen.LostAt)))
	case seen.Err != nil:
		lines = append(lines, say("salesforce.org.silent"))
	case seen.Usage.Max > 0:
		lines = append(lines, say("salesforce.org.usage", "used", amount(seen.Usage.Used), "max", amount(seen.Usage.Max)))
	}
	return lines
}

// tellOrg has the source take Outbound Messages of the org that the asker named, if they named one.
func (g *generating) tellOrg(ctx context.Context, by asker, source event.Source, typed string) ([]text, error) {
	if typed == "" {
		return nil, nil
	}
	id, ok := salesforce.ParseOrgID(typed)
	if !ok {
		return nil, refuse("salesforce.url.not_an_org", "org", quoted(typed, maxShownOrg))
	}
	if err := g.connector.SetOrgID(ctx, by.guild, source.ID, id); err != nil {
		return nil, err
	}
	return []text{say("salesforce.url.org", "id", id, "url", g.urlOf(source))}, nil
}
