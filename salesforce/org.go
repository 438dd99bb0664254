package salesforce

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// Session is what a call to an org needs.
type Session struct {
	InstanceURL string // without a slash at its end
	Token       Token
}

// Access is a lasting way into an org, whoever granted it.
type Access interface {
	// Session gives the one that is good as far as we know.
	Session(ctx context.Context) (Session, error)
	// Renew gives another one when the org has refused this one's token. Many may ask at a time.
	Renew(ctx context.Context, refused Session) (Session, error)
}

// OrgOptions are how an org is to be called.
type OrgOptions struct {
	Version          string // of the API, such as "66.0"; "": the highest that the org has
	RenewOnForbidden bool   // ask for another token after a 403, too, unless it is about a limit
}

// Org is an org's REST API. Its methods may be called at the same time.
type Org struct {
	client   *Client
	access   Access
	opts     OrgOptions
	versions discovered
	usage    atomic.Pointer[Usage]
}

// Org makes the REST API of the org that the access leads into.
func (c *Client) Org(access Access, opts OrgOptions) *Org {
	return &Org{client: c, access: access, opts: opts}
}

// Request is a call of the REST API.
type Request struct {
	Method string
	// Path is below /services/data/vNN.0: "sobjects/Account/describe". With a slash in front it is one that the org has
	// given, below its host: "/services/data/v66.0/query/01g…". What is no part of it is to be escaped (url.PathEscape).
	Path        string
	Query       url.Values
	Header      http.Header // besides our own; may be nil
	ContentType string      // of the body; "": JSON
	Body        []byte
}

// Do makes a call, at most twice: where the token is refused it is renewed, once. Nothing else is repeated. An answer that is
// no success is an *APIError; with ErrLost, somebody has to authorize the org again.
func (o *Org) Do(ctx context.Context, r Request) (Answer, error) {
	session, err := o.access.Session(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("call org: %w", err)
	}
	answer, err := o.try(ctx, session, r)
	if o.refusesToken(err) {
		if session, err = o.access.Renew(ctx, session); err == nil {
			answer, err = o.try(ctx, session, r)
		}
	}
	if err != nil {
		return Answer{}, fmt.Errorf("call org: %w", err)
	}
	return answer, nil
}

func (o *Org) refusesToken(err error) bool {
	var failed *APIError
	if !errors.As(err, &failed) {
		return false
	}
	return failed.Status == http.StatusUnauthorized ||
		o.opts.RenewOnForbidden && failed.Status == http.StatusForbidden && failed.Code != requestLimit
}

func (o *Org) try(ctx context.Context, session Session, r Request) (Answer, error) {
	path := r.Path
	if !strings.HasPrefix(path, "/") {
		version, err := o.version(ctx, session)
		if err != nil {
			return Answer{}, err
		}
		path = apiRoot + "v" + version + "/" + path
	}
	address, err := addressOf(session.InstanceURL, path, r.Query)
	if err != nil {
		return Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, address, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, fmt.Errorf("make request: %w", withoutURL(err))
	}
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	if len(r.Body) > 0 {
		request.Header.Set("Content-Type", cmp.Or(r.ContentType, "application/json"))
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Authorization", "Bearer "+session.Token.Reveal())
	answer, err := o.client.send(request)
	if err != nil {
		return Answer{}, err
	}
	o.count(answer.Header)
	if answer.Status < http.StatusOK || answer.Status >= http.StatusMultipleChoices {
		return Answer{}, apiErrorOf(answer)
	}
	return answer, nil
}
