package commands_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dispatch/delivery"
	"dispatch/event"
)

func TestDestinationCreate(t *testing.T) {
	const mine = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	tests := map[string]struct {
		edits  []edit
		want   delivery.Endpoint // without its secret
		secret string            // what that looks like; "" for none
		shown  bool
		link   *delivery.Link
	}{
		"destination_create": {nil, delivery.Endpoint{URL: crmURL, Prefix: "dispatch"}, "", false, nil},
		"destination_create_linked": {
			[]edit{
				set("source", "acme"), set("events", "Case.*"), set("filter", filterOfDeals), set("transform", "SLIM"),
				set("secret", "generate"), set("ordered", false), set("rate_limit", 5),
			},
			delivery.Endpoint{URL: crmURL, Unordered: true, RateLimit: 5, Prefix: "dispatch"},
			`^whsec_[A-Za-z0-9+/]{43}=$`, true,
			&delivery.Link{Events: []string{"Case.*"}, Filter: filterOfDeals},
		},
		"destination_create_signed": {
			[]edit{set("secret", " "+mine+" "), set("ordered", true), set("source", "Acme")},
			delivery.Endpoint{URL: crmURL, Prefix: "dispatch"},
			"^" + mine + "$", false, &delivery.Link{},
		},
		"destination_create_plain": {[]edit{set("url", " HTTP://crm.example ")}, delivery.Endpoint{URL: "HTTP://crm.example", Prefix: "dispatch"}, "", false, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			s := connect(t, db, "Acme", event.AuthSecret)
			program := slim(t, db, "slim", "{a: 1}")
			got := b.slash("destination", "create", append([]edit{set("name", " CRM_1 "), set("url", crmURL)}, tc.edits...)...)
			made := destinations(t, db)[0]
			secret := string(made.Endpoint.Secret.Secret)
			if made.Endpoint.Secret.Secret = nil; made.Name != "CRM_1" || made.Kind != delivery.KindWebhook || !cmp.Equal(tc.want, *made.Endpoint) {
				t.Errorf("made %+v at %+v", made, *made.Endpoint)
			}
			if (secret == "") != (tc.secret == "") || !regexp.MustCompile(tc.secret).MatchString(secret) {
				t.Errorf("secret = %q", secret)
			}
			if shown := secret != "" && strings.Contains(got.Body.Content, secret); shown != tc.shown || strings.Contains(got.Body.Content, "hidden") {
				t.Errorf("shown: %v: %s", shown, got.Body.Content)
			}
			var want []delivery.Link
			if tc.link != nil {
				want = append(want, *tc.link)
				want[0].SourceID, want[0].DestinationID = s.ID, made.ID
				if name == "destination_create_linked" {
					want[0].TransformID = program.ID
				}
			}
			if diff := cmp.Diff(want, routesOf(t, db, s)[1:], cmpopts.IgnoreFields(delivery.Link{}, "ID"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("routes (-want +got):\n%s", diff)
			}
			if secret == "" {
				secret = "none"
			}
			golden(t, name, got, secret, "SECRET")
		})
	}
}

func TestDestinationCreateRefuses(t *testing.T) {
	const secret = "A secret of Standard Webhooks is `whsec_` and 24 to 64 bytes in base64. With `generate`, I make one."
	tests := map[string]struct {
		edits []edit
		want  string
	}{
		"taken":            {[]edit{set("name", "erp")}, "There is already a destination called **erp**. Choose another name, or delete that one first."},
		"no name":          {[]edit{set("name", "")}, "A name has 1 to 80 characters. Please choose another."},
		"no URL":           {[]edit{set("url", "crm.example")}, "The URL has to begin with `https://` or `http://`."},
		"another scheme":   {[]edit{set("url", "ftp://crm.example")}, "The URL has to begin with `https://` or `http://`."},
		"a password":       {[]edit{set("url", "https://me:word@crm.example")}, "The URL must not carry a user name or password."},
		"our own network":  {[]edit{set("url", "http://169.254.169.254/latest")}, "This address is in a private network"},
		"no source":        {[]edit{set("events", "Case.*")}, "**events** is about the events of a source. Please name the **source**, too."},
		"unknown source":   {[]edit{set("source", "nobody")}, "There is no source called **nobody**."},
		"odd filter":       {[]edit{set("source", "Acme"), set("filter", "record.Amount >")}, "I can't take this filter"},
		"unknown program":  {[]edit{set("source", "Acme"), set("transform", "x")}, "There is no transform called **x**."},
		"secret in words":  {[]edit{set("secret", "correct horse")}, secret},
		"secret too short": {[]edit{set("secret", "whsec_c2hvcnQ=")}, secret},
		"no limit":         {[]edit{set("rate_limit", 1001)}, "The limit can be 1 to 1000 requests a second."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			connect(t, db, "Acme", event.AuthSecret)
			endpoint(t, db, "ERP")
			got := b.slash("destination", "create", append([]edit{set("name", "CRM"), set("url", crmURL)}, tc.edits...)...)
			if !strings.HasPrefix(got.Body.Content, tc.want) {
				t.Errorf("content = %q, want %q…", got.Body.Content, tc.want)
			}
			if all := destinations(t, db); len(all) != 2 {
				t.Errorf("destinations: %+v", all)
			}
		})
	}
}

func TestDestinationCreateSuggests(t *testing.T) {
	b, db := open(t)
	connect(t, db, "Acme", event.AuthSecret)
	slim(t, db, "slim", ".")
	for option, want := range map[string]string{
		"source": "Acme = Acme", "transform": "slim = slim", "secret": "Make one for me = generate", "events": "*.created = *.created",
	} {
		if got := b.suggested("destination", "create", option, ""); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %v, want %s first", option, got, want)
		}
	}
	if got := b.suggested("destination", "create", "filter", ""); len(got) == 0 {
		t.Error("no filter is suggested")
	}
}
