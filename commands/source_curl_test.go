package commands_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCurl has a shell run what we show, up to the call itself.
func TestCurl(t *testing.T) {
	for _, tool := range []string{"sh", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	tests := map[string]struct {
		edits []edit
		body  string
	}{
		"no path": {nil, `{"issue":{"title":"Bug report"}}`},
		"path":    {[]edit{set("event_type_path", "issue.action")}, `{"issue":{"action":"opened"}}`},
		"quotes":  {[]edit{set("event_type_path", `it's\.so.$HOME.0`)}, `{"issue":{"title":"Bug report"},"it's.so":{"$HOME":["opened"]}}`},
		"index":   {[]edit{set("event_type_path", "items.1.kind")}, `{"issue":{"title":"Bug report"},"items":[{},{"kind":"opened"}]}`},
		"number":  {[]edit{set("event_type_path", "0.9")}, `{"0":{"9":"opened"},"issue":{"title":"Bug report"}}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			content := b.slash("source", "create", append([]edit{set("name", "Shop")}, tc.edits...)...).Body.Content
			s := sourceOf(t, db, "Shop")
			args := curled(t, content)
			mac := hmac.New(sha256.New, s.Keys[0].Secret)
			mac.Write([]byte(tc.body))
			want := []string{"-X", "POST", publicURL + "/hooks/" + s.Slug, "-H", "Content-Type: application/json"}
			if len(tc.edits) == 0 {
				want = append(want, "-H", "X-Event-Type: issue.opened")
			}
			want = append(want, "-H", "X-Dispatch-Signature: sha256="+hex.EncodeToString(mac.Sum(nil)), "-d", tc.body)
			if diff := cmp.Diff(want, args); diff != "" || !json.Valid([]byte(args[len(args)-1])) {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
		})
	}
}

// curled are the arguments that the block in the content gives curl.
func curled(t *testing.T, content string) []string {
	t.Helper()
	_, script, _ := strings.Cut(content, "```sh\n")
	script, _, _ = strings.Cut(script, "```")
	run := exec.CommandContext(t.Context(), "sh", "-c", `curl() { printf '%s\n' "$@"; }`+"\n"+script)
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, script)
	}
	return slices.Collect(strings.SplitSeq(strings.TrimSuffix(string(out), "\n"), "\n"))
}
