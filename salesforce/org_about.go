package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// About is what an org says of itself.
type About struct {
	ID       string `json:"Id"` // 18 characters
	Name     string `json:"Name"`
	Sandbox  bool   `json:"IsSandbox"`
	Type     string `json:"OrganizationType"` // such as "Developer Edition"
	Instance string `json:"InstanceName"`     // such as "NA123"
}

// About asks the org of the id what it is, which is one call.
func (o *Org) About(ctx context.Context, orgID string) (About, error) {
	answer, err := o.Do(ctx, Request{
		Method: http.MethodGet, Path: "sobjects/Organization/" + url.PathEscape(orgID),
		Query: url.Values{"fields": {"Id,Name,IsSandbox,OrganizationType,InstanceName"}},
	})
	if err != nil {
		return About{}, fmt.Errorf("ask about org: %w", err)
	}
	var about About
	if err := json.Unmarshal(answer.Body, &about); err != nil {
		return About{}, fmt.Errorf("ask about org: %w", err)
	}
	return about, nil
}
