package delivery_test

import (
	"errors"
	"strings"
	"testing"

	"dispatch/delivery"
)

func TestValidateURL(t *testing.T) {
	const private, invalid = "endpoint.private", "endpoint.invalid"
	long := "https://erp.example/" + strings.Repeat("a", delivery.MaxURL)
	tests := map[string]string{ // reasons; "" for none
		"https://erp.example":                      "",
		"http://erp.example:8080/a?b=c#d":          "",
		"HTTPS://ERP.EXAMPLE./":                    "",
		"https://münchen.example/":                 "",
		"https://erp_1.example/":                   "",
		"https://8.8.8.8/":                         "",
		"https://[2606:4700:4700::1111]:8443/":     "",
		"https://[::ffff:8.8.8.8]/":                "",
		"https://0x.example/":                      "",
		"https://erp.example:/":                    "",
		long[:delivery.MaxURL]:                     "",
		long[:delivery.MaxURL+1]:                   "endpoint.too_long",
		"":                                         "endpoint.scheme",
		"erp.example/hook":                         "endpoint.scheme",
		"ftp://erp.example":                        "endpoint.scheme",
		"file:///etc/passwd":                       "endpoint.scheme",
		"javascript:alert(1)":                      "endpoint.scheme",
		"https://me:hush@erp.example":              "endpoint.user",
		"https://erp.example@8.8.8.8":              "endpoint.user",
		"https://":                                 invalid,
		"https:erp.example":                        invalid,
		"https:///hook":                            invalid,
		"https://erp example/":                     invalid,
		"https://erp.example/\n":                   invalid,
		"https://erp.example:0/":                   invalid,
		"https://erp.example:65536/":               invalid,
		"https://erp.example:http/":                invalid,
		"https://[erp.example]/":                   invalid,
		"https://[1:2]/":                           invalid,
		"https://xn--a\u0301.example\u2024\u2488/": invalid,
		"http://2130706433/":                       invalid, // 127.0.0.1, as some resolvers read it
		"http://0x7f000001/":                       invalid,
		"http://0X7F.1/":                           invalid,
		"http://017700000001/":                     invalid,
		"http://0177.0.0.1/":                       invalid,
		"http://127.1/":                            invalid,
		"http://127.0.0.1.1/":                      invalid,
		"http://0x/":                               invalid,
		"http://134744072/":                        invalid, // 8.8.8.8: nobody writes it like that
		"http://127.0.0.1/":                        private,
		"http://127.0.0.1./":                       private,
		"http://127。0。0。1/":                        private,
		"http://１２７.０.０.１/":                        private,
		"http://10.0.0.1:8080/":                    private,
		"http://169.254.169.254/latest/meta-data/": private,
		"http://[::1]/":                            private,
		"http://[::ffff:127.0.0.1]/":               private,
		"http://[::ffff:a9fe:a9fe]/":               private,
		"http://[::127.0.0.1]/":                    private,
		"http://[fe80::1%25eth0]/":                 private,
		"http://[fd00:ec2::254]/":                  private,
		"http://localhost:3000/":                   private,
		"http://LocalHost./":                       private,
		"http://erp.localhost/":                    private,
	}
	for raw, want := range tests {
		t.Run(raw[:min(len(raw), 60)], func(t *testing.T) {
			check := func(allowPrivate bool, want string) {
				var wrong *delivery.URLError
				err := delivery.ValidateURL(raw, allowPrivate)
				switch {
				case want == "" && err != nil, want != "" && (!errors.As(err, &wrong) || wrong.Reason != want):
					t.Errorf("with private addresses %v: got %v, want %q", allowPrivate, err, want)
				case err != nil && strings.Contains(err.Error(), "hush"):
					t.Errorf("the URL is told: %v", err)
				}
			}
			check(false, want)
			if want == private {
				want = ""
			}
			check(true, want)
		})
	}
}
