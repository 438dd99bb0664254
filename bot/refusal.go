package bot

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/disgoorg/disgo/rest"
	"github.com/tidwall/gjson"

	"dispatch/delivery"
)

// maxMessage is how many bytes of Discord's own words an error repeats.
const maxMessage = 200

// refusal is an answer of Discord that is not a success. disgo's own error is not shown or wrapped: it
// panics on some bodies, holds the request with its token, and may be a nil pointer.
type refusal struct {
	status  int
	code    rest.JSONErrorCode
	message string
	body    string        // its beginning
	after   time.Duration // when it may be tried again, if it says so
	embeds  []int         // the embeds of the message that it finds fault with; none when it does not say
}

func (r *refusal) Error() string {
	return fmt.Sprintf("discord answered %d, code %d: %s", r.status, r.code, cmp.Or(r.message, http.StatusText(r.status)))
}

// plain makes of an error of disgo's client one that can be shown: a *refusal without the token when Discord
// answered, else the cause without the URL, which can hold an interaction's token.
func plain(err error, token string) error {
	var answered *rest.Error
	if errors.As(err, &answered) {
		return refusalOf(answered, token)
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func refusalOf(answered *rest.Error, token string) *refusal {
	if answered == nil || answered.Response == nil {
		return &refusal{message: "an answer that cannot be read"}
	}
	return &refusal{
		status:  answered.Response.StatusCode,
		code:    answered.Code,
		message: delivery.Clip(strings.ReplaceAll(answered.Message, token, redacted), maxMessage),
		body:    delivery.Clip(strings.ReplaceAll(string(answered.RsBody), token, redacted), delivery.MaxResponse),
		after:   retryAfter(answered.Response.Header, answered.RsBody),
		embeds:  faultyEmbeds(answered.RsBody),
	}
}

// faultyEmbeds reads which embeds an error names: {"errors":{"embeds":{"3":{"title":{"_errors":[…]}}}}}.
func faultyEmbeds(body []byte) []int {
	var named []int
	if !gjson.ValidBytes(body) {
		return nil
	}
	gjson.GetBytes(body, "errors.embeds").ForEach(func(key, _ gjson.Result) bool {
		if i, err := strconv.Atoi(key.Str); err == nil {
			named = append(named, i)
		}
		return true
	})
	return named
}

// meaning judges the refusal of a message. reason is the locale key of why the channel is paused.
func (r *refusal) meaning() (verdict delivery.Verdict, reason string) {
	means := meaningOf(r.status, r.code, r.code != 0 || r.message != "")
	return means.verdict, means.pause
}
