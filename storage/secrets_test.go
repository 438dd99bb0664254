package storage_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
)

// TestNoSecretOnDisk writes every kind of secret and looks for it in the raw bytes of all files, while the
// database is open (so that the WAL is read, too) and after it was closed.
func TestNoSecretOnDisk(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "dispatch.db"))
	s := connect(t, db, "Visible name", "1")
	for _, old := range []string{"signing-secret-1", "signing-secret-2", "signing-secret-3"} {
		must(t, db.AddKey(t.Context(), guild, s.ID, []byte(old), at.Add(time.Hour)))
	}
	_, err := db.CreateAPIKey(t.Context(), guild, "CI", sha256.Sum256([]byte("dsp_api-key")))
	must(t, err)
	must(t, db.SaveConnection(t.Context(), salesforce.Connection{
		SourceID: s.ID, AccessToken: "access-token", RefreshToken: "refresh-token",
	}))
	_, err = db.CreateDestination(t.Context(), webhook("CRM", func(e *delivery.Endpoint) {
		e.URL, e.Secret = "https://crm.example/url-token", event.SigningKey{Secret: []byte("whsec_endpoint")}
	}))
	must(t, err)
	must(t, db.SaveConsent(t.Context(), salesforce.Consent{
		Hash: sha256.Sum256([]byte("oauth-state")), GuildID: guild, SourceID: s.ID, Verifier: "pkce-verifier", ExpiresAt: at,
	}))
	lookFor := func(text string) (found bool) {
		files, err := os.ReadDir(dir)
		must(t, err)
		for _, file := range files {
			raw, err := os.ReadFile(filepath.Join(dir, file.Name()))
			must(t, err)
			found = found || bytes.Contains(raw, []byte(text))
		}
		return found
	}
	for _, when := range []string{"open", "closed"} {
		if !lookFor("Visible name") {
			t.Fatalf("%s: even what is no secret is not found: the test looks in the wrong place", when)
		}
		for _, secret := range []string{
			"signing-secret", "dsp_api-key", "access-token", "refresh-token", "url-token", "whsec_endpoint",
			"oauth-state", "pkce-verifier", string(key),
		} {
			if lookFor(secret) {
				t.Errorf("%s: %q is there in plain text", when, secret)
			}
		}
		must(t, db.Close())
	}
}

// TestSecretsStayInPlace tampers with sealed values: none opens elsewhere, or when it was changed.
func TestSecretsStayInPlace(t *testing.T) {
	source := func(db *storage.DB, s event.Source) error {
		_, err := db.SourceByID(t.Context(), guild, s.ID)
		return err
	}
	connection := func(db *storage.DB, s event.Source) error {
		_, err := db.Connection(t.Context(), s.ID)
		return err
	}
	consent := func(db *storage.DB, s event.Source) error {
		_, _, err := db.SpendConsent(t.Context(), sha256.Sum256([]byte(s.ID)))
		return err
	}
	endpoint := func(db *storage.DB, _ event.Source) error {
		_, err := db.GuildDestinations(t.Context(), guild)
		return err
	}
	tests := map[string]struct {
		tamper string
		read   func(*storage.DB, event.Source) error
	}{
		"to another row":    {`UPDATE signing_keys SET secret = (SELECT max(secret) FROM signing_keys)`, source},
		"cut":               {`UPDATE signing_keys SET secret = substr(secret, 1, 20)`, source},
		"emptied":           {`UPDATE signing_keys SET secret = x''`, source},
		"another version":   {`UPDATE signing_keys SET secret = CAST(x'02' || substr(secret, 2) AS BLOB)`, source},
		"to another column": {`UPDATE connections SET access_token = refresh_token`, connection},
		"refresh token":     {`UPDATE connections SET refresh_token = access_token`, connection},
		"verifier":          {`UPDATE consents SET secret = (SELECT max(secret) FROM consents)`, consent},
		"URL":               {`UPDATE destinations SET url = (SELECT max(url) FROM destinations) WHERE url IS NOT NULL`, endpoint},
		"secret of another": {`UPDATE destinations SET secret = (SELECT max(secret) FROM destinations) WHERE url IS NOT NULL`, endpoint},
		"secret as a URL":   {`UPDATE destinations SET url = secret WHERE url IS NOT NULL`, endpoint},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			sources := []event.Source{connect(t, db, "A", "1"), connect(t, db, "B", "1")}
			for _, s := range sources {
				must(t, db.AddKey(t.Context(), guild, s.ID, []byte("secret"), at))
				must(t, db.SaveConnection(t.Context(), salesforce.Connection{SourceID: s.ID, AccessToken: "x", RefreshToken: "y"}))
				_, err := db.CreateDestination(t.Context(), webhook(s.Name, func(e *delivery.Endpoint) {
					e.Secret = event.SigningKey{Secret: []byte("secret")}
				}))
				must(t, err)
				must(t, db.SaveConsent(t.Context(), salesforce.Consent{
					Hash: sha256.Sum256([]byte(s.ID)), GuildID: guild, SourceID: s.ID, Verifier: "z", ExpiresAt: at,
				}))
				if name != "verifier" { // to read one is to spend it
					must(t, tc.read(db, s))
				}
			}
			must(t, db.OnWriter(t.Context(), tc.tamper))
			if tc.read(db, sources[0]) == nil && tc.read(db, sources[1]) == nil {
				t.Error("it opens all the same")
			}
		})
	}
}
