package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Identity is who let us in.
type Identity struct {
	OrgID    string // 18 characters
	UserID   string
	Username string
}

// Identity asks who is behind a grant. Salesforce may send us on, once, to where the org is.
func (c *Client) Identity(ctx context.Context, g Grant) (Identity, error) {
	answer, err := c.get(ctx, g.IdentityURL, g.AccessToken)
	if err == nil && answer.Status >= 300 && answer.Status < 400 {
		answer, err = c.get(ctx, answer.Header.Get("Location"), g.AccessToken)
	}
	if err == nil && answer.Status != http.StatusOK {
		err = apiErrorOf(answer)
	}
	if err != nil {
		return Identity{}, fmt.Errorf("ask who authorized: %w", err)
	}
	var told struct {
		OrgID    string `json:"organization_id"`
		UserID   string `json:"user_id"`
		Username string `json:"username"`
	}
	if err := json.Unmarshal(answer.Body, &told); err != nil {
		return Identity{}, fmt.Errorf("ask who authorized: %w", err)
	}
	org, _ := ParseOrgID(told.OrgID)
	if org != g.OrgID {
		return Identity{}, fmt.Errorf("ask who authorized: %w", ErrUntrusted)
	}
	return Identity{OrgID: org, UserID: told.UserID, Username: told.Username}, nil
}
