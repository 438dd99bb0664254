package delivery_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dispatch/delivery"
)

// What an endpoint sends back of what it got is stored and logged in the clear: secrets do not get as far as that.
func TestNoSecretComesBack(t *testing.T) {
	const body = `{"data":{"clientSecret":"hush-hush","messageId":"Mine"}}`
	tests := map[string]struct {
		status   int
		answer   func(body string) string
		program  string
		response string
		err      string
	}{
		"taken":              {200, func(b string) string { return "got " + b }, "", `got {"data":{"clientSecret":"********","messageId":"Mine"}}`, ""},
		"refused":            {422, func(string) string { return "hush-hush is too short" }, "", "******** is too short", "answer is 422 Unprocessable Entity"},
		"called otherwise":   {422, func(b string) string { return b }, "{x: .data.clientSecret}", `{"x":"********"}`, "answer is 422 Unprocessable Entity"},
		"cut in the middle":  {200, func(string) string { return strings.Repeat("x", delivery.MaxResponse-5) + "hush-hush" }, "", strings.Repeat("x", delivery.MaxResponse-5) + "*****", ""},
		"a program tells it": {200, nil, "error(.data.clientSecret)", "", `transform by "own": ********`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := looks{}
				s := newHTTPSender(l)
				receive(t, s, func(w http.ResponseWriter, _ *http.Request, body string, _ int) {
					w.WriteHeader(tc.status)
					_, _ = io.WriteString(w, tc.answer(body))
				})
				o, _ := forwarding(t, s, delivery.Endpoint{})
				if tc.program != "" {
					links, err := o.db.Links(t.Context(), o.source["orders"].ID)
					if err != nil {
						t.Fatal(err)
					}
					l[links[0].ID] = delivery.Look{Transform: &delivery.Transform{ID: "x", Name: "own", Program: tc.program, Version: 1}}
				}
				ids := o.forward(body)
				after(time.Second)
				got := o.result(ids[0])
				if diff := cmp.Diff([]string{tc.response, tc.err}, []string{got.Response, got.Error}); diff != "" {
					t.Errorf("response and error (-want +got):\n%s", diff)
				}
				if strings.Contains(o.log.String(), "hush") {
					t.Error(o.log.String())
				}
			})
		})
	}
}

// The URL of an endpoint often is its secret.
func TestNoURLComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPSender(nil)
		receive(t, s, func(w http.ResponseWriter, r *http.Request, _ string, _ int) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "Cannot POST "+r.URL.Path+"?"+r.URL.RawQuery+" ("+r.URL.Path+") of http://"+r.Host+r.URL.RequestURI())
		})
		got := s.Send(t.Context(), calls(delivery.Endpoint{URL: "http://erp.example/hook/tok3n?key=hush"}, 1))[0]
		if want := "Cannot POST [path] ([path]) of [url]"; got.Response != want {
			t.Errorf("kept %q, want %q", got.Response, want)
		}
	})
}
