package commands

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"

	"dispatch/fault"
)

// longestDownload bounds how long a file may take.
const longestDownload = 10 * time.Second

// cdn are the hosts that Discord keeps attachments on.
var cdn = []string{"cdn.discordapp.com", "media.discordapp.net"}

// downloads fetches what people attach to a command.
type downloads struct {
	client *http.Client
	api    *url.URL // nil when it is Discord's own
}

func newDownloads(opts Options) *downloads {
	client := http.Client{Timeout: longestDownload}
	if opts.Client != nil {
		client = *opts.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	d := &downloads{client: &client}
	if api, err := url.Parse(opts.APIURL); err == nil && api.Host != "" {
		d.api = api
	}
	return d
}

// fetch reads the file, as long as it comes from Discord and has at most so many bytes.
func (d *downloads) fetch(ctx context.Context, file discord.Attachment, most int) ([]byte, error) {
	from, err := url.Parse(file.URL)
	if err != nil || !d.trusts(from) {
		return nil, fault.Say(fault.Invalid, "attachment.foreign")
	}
	tooLarge := refuse("attachment.too_large", "max", most>>10)
	if file.Size > most {
		return nil, tooLarge
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetch attachment: %w", withoutToken(err))
	}
	answer, err := d.client.Do(request)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "fetch attachment: %w", withoutToken(err))
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fault.New(fault.Unavailable, "fetch attachment: status %d", answer.StatusCode)
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, int64(most)+1))
	switch {
	case err != nil:
		return nil, fault.New(fault.Unavailable, "read attachment: %w", err)
	case len(content) > most:
		return nil, tooLarge
	}
	return bytes.TrimPrefix(content, []byte("\ufeff")), nil // some editors begin a file with a mark
}

// trusts says whether the address is one of Discord's, or of what was configured in its place.
func (d *downloads) trusts(from *url.URL) bool {
	if from.User != nil {
		return false
	}
	if d.api != nil && from.Scheme == d.api.Scheme && from.Host == d.api.Host {
		return true
	}
	return from.Scheme == "https" && slices.Contains(cdn, from.Host)
}
