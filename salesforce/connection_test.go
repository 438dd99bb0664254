package salesforce_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dispatch/salesforce"
)

func TestTokensAreRedacted(t *testing.T) {
	c := salesforce.Connection{SourceID: "visible", AccessToken: "hunter2", RefreshToken: "hunter2"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{c, &c, c.AccessToken} {
			if got := fmt.Sprintf(verb, value); strings.Contains(got, "hunter2") || strings.Contains(got, "68756e74657232") {
				t.Errorf("%s of %T shows the token: %s", verb, value, got)
			}
		}
	}
	text, err := json.Marshal(c)
	if err != nil || strings.Contains(string(text), "hunter2") || !strings.Contains(string(text), "visible") {
		t.Errorf("JSON is %s, %v", text, err)
	}
	if got := c.AccessToken.Reveal(); got != "hunter2" {
		t.Errorf("revealed %q", got)
	}
}
