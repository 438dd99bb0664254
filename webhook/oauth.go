package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/url"

	"github.com/gin-gonic/gin"
)

// Authorizations end what began in Discord and was decided at Salesforce.
type Authorizations interface {
	// Finish takes what a browser came back with, and gives the page to show. The languages are an Accept-Language.
	Finish(ctx context.Context, came url.Values, languages string) Page
}

// Page is what a person is told in a browser, in plain words. Nothing of it comes from outside.
type Page struct {
	Status   int
	Good     bool // it is as the person wanted it
	Language string
	Title    string
	Lines    []string
}

// callback is where Salesforce sends people back to.
const callback = "/oauth/salesforce/callback"

// finishAuthorization answers a browser. It comes once only, so it is heard to the end even when its person has left.
func finishAuthorization(authorizations Authorizations) gin.HandlerFunc {
	return func(c *gin.Context) {
		page := authorizations.Finish(context.WithoutCancel(c.Request.Context()), c.Request.URL.Query(), c.GetHeader("Accept-Language"))
		for name, value := range pageHeaders {
			c.Header(name, value)
		}
		c.Status(page.Status)
		_ = pageTemplate.Execute(c.Writer, page) // who has gone needs no page
	}
}

// style is all that the page has beside its words; the policy lets in nothing else.
const style = `
:root { color-scheme: light dark; --good: light-dark(#1a7f37, #57f287); --bad: light-dark(#b3261e, #ff8a80) }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.0625rem/1.6 system-ui, sans-serif }
main { max-width: 32rem; padding: 2rem; margin: 1rem; border: 1px solid light-dark(#d0d7de, #4e5058); border-radius: .75rem }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 1rem; color: var(--bad) }
h1.good { color: var(--good) }
p { margin: .75rem 0 0 }
`

// pageHeaders keep the page to itself: its address has a code in it, and nobody may frame it.
var pageHeaders = map[string]string{
	"Content-Type":               "text/html; charset=utf-8",
	"Cache-Control":              "no-store",
	"Referrer-Policy":            "no-referrer",
	"X-Content-Type-Options":     "nosniff",
	"X-Frame-Options":            "DENY",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + hashOf(style) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

var pageTemplate = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Title}}</title><style>` + style + `</style></head>
<body><main><h1{{if .Good}} class="good"{{end}}>{{.Title}}</h1>
{{range .Lines}}<p>{{.}}</p>
{{end}}</main></body></html>
`))

// oauthRoutes lets people come back, where there is somebody to take them in.
func oauthRoutes(engine *gin.Engine, authorizations Authorizations) {
	if authorizations != nil {
		engine.GET(callback, finishAuthorization(authorizations))
	}
}
