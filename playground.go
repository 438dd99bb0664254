package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"dispatch/config"
	"dispatch/locales"
	"dispatch/playground"
	"dispatch/salesforce"
	"dispatch/salesforce/orgtest"
)

// connectTime bounds how long the playground takes to connect its sources.
const connectTime = 30 * time.Second

// play is dispatch playground: the real bot on a database that is thrown away, against a local Discord.
func play(ctx context.Context, asked command, stdout io.Writer) error {
	listener, err := listen(ctx, asked.addr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "dispatch-playground-")
	if err != nil {
		return fmt.Errorf("make a place for the playground: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	discord := playground.New(playground.Options{})
	org, err := newOrg(baseURL(listener))
	if err != nil {
		return fmt.Errorf("make a local org: %w", err)
	}
	cfg, err := config.Load(asked.config, os.Environ(), stayInside(discord, org, baseURL(listener), dir))
	if err != nil {
		return err
	}
	known := newHost(cfg.HTTP.PublicURL, discord.HostChanged)
	discord.SetHost(known, locales.Tags()...)
	discord.Observe(known.learn)

	market := newMarket(org)
	running, ctx := errgroup.WithContext(ctx)
	running.Go(func() error { return market.Run(ctx) })
	running.Go(func() error {
		defer func() { _ = discord.Close() }() // ends its streams, so that the server can drain
		<-ctx.Done()
		return nil
	})
	running.Go(func() error {
		return serve(ctx, cfg, newLogger(cfg.Log, os.Stderr), listener, false, func(kept books, intake http.Handler) http.Handler {
			discord.SetTemplates(templates{kept, discord.GuildID()})
			return besides(intake, discord.Handler(), org)
		})
	})
	running.Go(func() error {
		tour := tour{discord: discord, base: cfg.HTTP.PublicURL, out: stdout}
		if err := tour.run(ctx, !asked.noSamples); err != nil && ctx.Err() == nil {
			return fmt.Errorf("show the playground: %w", err)
		}
		return nil
	})
	return running.Wait()
}

// stayInside keeps what the user has set, but for what would lead out of the playground.
func stayInside(discord *playground.Discord, org *orgtest.Org, base, dir string) func(*config.Config) {
	return func(cfg *config.Config) {
		cfg.Discord = config.Discord{
			Token:      config.NewSecret(discord.Token()),
			APIURL:     base + "/api/v10",
			GatewayURL: "ws" + strings.TrimPrefix(base, "http") + "/gateway",
		}
		cfg.HTTP.PublicURL = base
		cfg.Salesforce = authorizeAt(org, cfg.Salesforce, base)
		cfg.Storage.URL = config.NewSecret("sqlite://" + filepath.Join(dir, "dispatch.db"))
		cfg.Storage.Key, cfg.Storage.KeyFile = config.Secret{}, ""
		if cfg.Log.Level == config.Default().Log.Level {
			cfg.Log.Level = "warn" // what is printed is for a newcomer
		}
	}
}

// baseURL is where a browser on this machine finds the listener.
func baseURL(listener net.Listener) string {
	addr := listener.Addr().(*net.TCPAddr)
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(addr.Port))
}

// besides gives the intake and the local org what is their own, and the local Discord all the rest.
func besides(intake, discord, org http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case isIntakes(path):
			intake.ServeHTTP(w, r)
		case isOrgs(path):
			org.ServeHTTP(w, r)
		default:
			discord.ServeHTTP(w, r)
		}
	})
}

// isIntakes says whether the intake answers at the path.
func isIntakes(path string) bool {
	whole := []string{"/healthz", "/readyz", "/metrics", "/salesforce-settings", callbackPath}
	below := []string{"/hooks/", "/cloudevents/", "/elements/", "/v1/"}
	return slices.Contains(whole, path) || slices.ContainsFunc(below, func(dir string) bool { return strings.HasPrefix(path, dir) })
}

// The sources that the tour connects.
const (
	salesSource   = "Acme Sales"
	serviceSource = "Acme Service"
)

// sourceOf is the one that an event of the type comes from.
func sourceOf(eventType string) string {
	if strings.HasPrefix(eventType, "Case.") {
		return serviceSource
	}
	return salesSource
}

// tour does what an admin would do first, by the same commands, and tells the newcomer where to look.
type tour struct {
	discord *playground.Discord
	base    string
	out     io.Writer
}

func (t tour) run(ctx context.Context, samples bool) error {
	connecting, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if err := t.discord.WaitCommand(connecting, "salesforce connect"); err != nil {
		return err
	}
	sales, err := t.connect(connecting, salesSource, "sales")
	if err != nil {
		return err
	}
	support, err := t.connect(connecting, serviceSource, "support")
	if err != nil {
		return err
	}
	if err := t.tell(sales); err != nil || !samples {
		return err
	}
	for _, sample := range slices.Backward(salesforce.Samples()) { // the page shows the end first
		to := sales
		if sourceOf(sample.Type) == serviceSource {
			to = support
		}
		status, _, err := to.send(ctx, sample.Type, sample.Body)
		if err != nil {
			return err
		}
		if status != http.StatusAccepted {
			return fmt.Errorf("sample %s was answered %d", sample.Name, status)
		}
	}
	return nil
}

func (t tour) connect(ctx context.Context, name, channel string) (hook, error) {
	_, err := t.discord.Run(ctx, playground.Command{
		Path: "salesforce connect", Options: map[string]any{"name": name, "channel": channel},
	})
	if err != nil {
		return hook{}, err
	}
	reply, err := t.discord.Run(ctx, playground.Command{
		Path: "salesforce generate-url", Options: map[string]any{"source": name},
	})
	if err != nil {
		return hook{}, err
	}
	if reply.Message == nil {
		return hook{}, errors.New("generate-url did not answer with a message")
	}
	return readHook(reply.Message.Content)
}

// tryIt is sent by the printed curl line: small enough to be changed by hand, which takes a new signature.
const tryIt = `{"event_type":"Opportunity.updated","instance_url":"https://example.my.salesforce.com","record":` +
	`{"Id":"0061x00000D4eF5AAD","Name":"Acme - Enterprise Renewal","StageName":"Closed Won","Amount":135000,` +
	`"IsClosed":true,"IsWon":true},"old":{"StageName":"Negotiation/Review"}}`

func (t tour) tell(h hook) error {
	_, err := fmt.Fprintf(t.out, `
Dispatch is running against a local Discord. Nothing leaves this machine, and nothing is kept.

  Look    %s
  URL     %s
  Secret  %s

Send a won deal to #sales yourself:

  %s

Act on the local Salesforce org: /target create with client_id %s,
user %s and the key at %s

Ctrl-C ends it.
`, t.base, h.url, h.secret, strings.ReplaceAll(h.curl("Opportunity.updated", []byte(tryIt)), "\n", "\n  "),
		orgtest.ClientID, orgtest.Username, t.base+targetKeyPath)
	return err
}
