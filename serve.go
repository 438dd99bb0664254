package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"

	"dispatch/bot"
	"dispatch/commands"
	"dispatch/config"
	"dispatch/delivery"
	"dispatch/event"
	"dispatch/salesforce"
	"dispatch/storage"
	"dispatch/webhook"
)

// owner is who claims deliveries. One name is enough: no two processes share a database file.
const owner = "dispatch"

// runBot is dispatch without a command.
func runBot(ctx context.Context, asked command) error {
	cfg, err := config.Load(asked.config, os.Environ())
	if err != nil {
		return err
	}
	log := newLogger(cfg.Log, os.Stderr)
	listener, err := listen(ctx, cfg.HTTP.Addr)
	if err != nil {
		return err
	}
	log.WithField("component", "main").Infof("dispatch %s takes callouts on %s", buildVersion(), listener.Addr())
	return serve(ctx, cfg, log, listener, true, func(_ books, intake http.Handler) http.Handler { return intake })
}

// serve runs everything until ctx ends or one room fails, and closes the listener. front may put more before
// the intake, and read in the books. live is what events about settings say of themselves.
func serve(ctx context.Context, cfg config.Config, log *logrus.Logger, listener net.Listener, live bool, front func(books, http.Handler) http.Handler) (err error) {
	defer func() { _ = listener.Close() }() // the server has closed it, unless it never began
	db, err := openStorage(ctx, cfg.Storage)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	// The rooms stand in a circle: events wake the worker, it sends through the bot, whose commands accept
	// events.
	var (
		worker  *delivery.Worker
		discord *bot.Bot
	)
	wake := func(destinations ...string) { worker.Wake(destinations...) }
	router := delivery.NewRouter(db, filterFailures(ctx, db, log))
	inbox := delivery.NewInbox(router, db, wake)
	books := books{
		db, inbox, delivery.NewReplayer(router, db, wake), delivery.NewAnnouncer(db, inbox.Accept, live, time.Now),
		func(id string) { worker.Resume(id) }, newOrgs(cfg, log, db), newTargets(cfg.Salesforce, log, db), nil,
	}
	books.poller = newPoller(cfg.Salesforce, log, books)
	endpoints := newEndpoints(cfg.Delivery, db)
	deployer := salesforce.NewDeployer(salesforce.DeployerOptions{Log: log}, books.orgs, db)
	if discord, err = newBot(cfg, log, books, endpoints, deploys{deployer, db}); err != nil {
		return err
	}
	worker = newWorker(cfg.Delivery, log, books, discord, endpoints)
	registry := prometheus.NewRegistry()
	registry.MustRegister(db, worker, discord, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	taken, connected := intakeOf(cfg.HTTP, registry, books), instances{books, deployer, cfg.HTTP.PublicURL, log}
	taken.Connectors, taken.Authorizations = connected.connectors(cfg), consents{books.orgs, connected.authorized}
	intake := webhook.New(taken, db, books, pastEvents{books}, health{db, discord, worker}, log)

	running, ctx := errgroup.WithContext(ctx)
	running.Go(func() error { return announceChanges(ctx, books.Announcer, log) })
	running.Go(func() error { return webhook.Serve(ctx, listener, front(books, intake), log) })
	running.Go(func() error { return discord.Run(ctx) })
	running.Go(func() error { return worker.Run(ctx) })
	running.Go(func() error { return books.orgs.Run(ctx) })
	running.Go(func() error { return deployer.Run(ctx) })
	running.Go(func() error { return books.poller.Run(ctx) })
	running.Go(func() error {
		return db.RunRetention(ctx, storage.Retention{Keep: cfg.Storage.Retention, GuildEvents: cfg.Storage.GuildEvents}, log)
	})
	return running.Wait()
}

// filterFailures writes down on which event a link's filter failed.
func filterFailures(ctx context.Context, db *storage.DB, log *logrus.Logger) func(string, delivery.Failing) {
	return func(linkID string, f delivery.Failing) {
		if err := db.FilterFailed(ctx, linkID, f); err != nil {
			log.WithFields(logrus.Fields{"component": "main", "link": linkID, "err": err}).Error("failing filter not written down")
		}
	}
}

// announceChanges tells of the changed settings that the end of the last process held up. What cannot be told now is
// told with the next change.
func announceChanges(ctx context.Context, a *delivery.Announcer, log *logrus.Logger) error {
	if err := a.Catch(ctx); err != nil {
		log.WithFields(logrus.Fields{"component": "main", "err": err}).Error("changed settings not announced")
	}
	return nil
}

func openStorage(ctx context.Context, cfg config.Storage) (*storage.DB, error) {
	key, err := storage.LoadKey(cfg.Key.Reveal(), cfg.KeyFile, cfg.URL.Reveal())
	if err != nil {
		return nil, err
	}
	return storage.Open(ctx, cfg.URL.Reveal(), key)
}

func newEndpoints(cfg config.Delivery, looks delivery.Looks) *delivery.HTTPSender {
	return delivery.NewHTTPSender(delivery.HTTPOptions{
		Looks: looks, Version: buildVersion(), Timeout: cfg.Timeout, AllowPrivate: cfg.AllowPrivate,
	})
}

func newBot(cfg config.Config, log *logrus.Logger, books books, endpoints *delivery.HTTPSender, deployer commands.Deployer) (*bot.Bot, error) {
	router := commands.New(commands.Options{
		PublicURL:    cfg.HTTP.PublicURL,
		APIURL:       cfg.Discord.APIURL,
		AllowPrivate: cfg.Delivery.AllowPrivate,
		Ping:         endpoints.Ping,
		Orgs:         orgsToAuthorize(cfg.Salesforce, books.orgs),
		Deployer:     deployer,
		Targets:      books.targets,
		Poller:       books.poller,
		Preferences:  books,
		Log:          log,
	}, books, books, books)
	return bot.New(bot.Options{
		Token:      cfg.Discord.Token.Reveal(),
		APIURL:     cfg.Discord.APIURL,
		GatewayURL: cfg.Discord.GatewayURL,
		DevGuilds:  cfg.Discord.DevGuildIDs,
		Commands:   commands.Definitions(),
		Router:     router,
		Alerts:     books,
		Looks:      books,
		Posts:      books,
		Timeout:    cfg.Delivery.Timeout,
		RateLimit:  cfg.Discord.RateLimit,
		Log:        log,
	}, books, books)
}

func newWorker(cfg config.Delivery, log *logrus.Logger, books books, discord *bot.Bot, endpoints *delivery.HTTPSender) *delivery.Worker {
	senders := map[delivery.Kind]delivery.Sender{
		delivery.KindChannel: discord.Channels(), delivery.KindWebhook: endpoints, delivery.KindSalesforce: newTargetSender(cfg, log, books),
	}
	return delivery.NewWorker(books, senders, delivery.Options{Owner: owner, Policy: policyOf(cfg), Log: log, Paused: discord.Alert})
}

func policyOf(cfg config.Delivery) delivery.Policy {
	return delivery.Policy{Attempts: cfg.Attempts, Backoff: cfg.Backoff, BackoffMax: cfg.BackoffMax}
}

func intakeOf(cfg config.HTTP, registry *prometheus.Registry, books books) webhook.Options {
	return webhook.Options{
		MaxBody:        cfg.MaxBody,
		RateLimit:      cfg.RateLimit,
		TrustedProxies: cfg.TrustedProxies,
		AdminToken:     cfg.AdminToken.Reveal(),
		Metrics:        registry,
		Targets:        books.targets,
		Preferences:    books,
	}
}

// listen takes the port before anything else is opened: one that is in use is the commonest mistake.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var opening net.ListenConfig
	listener, err := opening.Listen(ctx, "tcp", addr)
	if err != nil {
		var cause *net.OpError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return listener, nil
}

// books is what commands read and change: most of it is stored, some has to be told to the worker, too.
type books struct {
	*storage.DB
	*delivery.Inbox
	*delivery.Replayer
	*delivery.Announcer
	resume  func(destinationID string) // tells the worker
	orgs    *salesforce.Orgs
	targets *salesforce.Targets
	poller  *salesforce.Poller
}

// deploys are what commands need to put packages into orgs.
type deploys struct {
	*salesforce.Deployer
	commands.Packages
}

// Connect implements commands.Connector. The channel may have been paused, and is not any more.
func (b books) Connect(ctx context.Context, s event.Source, channelID string) (event.Source, error) {
	s, err := b.DB.Connect(ctx, s, channelID)
	if err != nil {
		return s, err
	}
	destinations, err := b.Destinations(ctx, s.ID)
	for _, d := range destinations {
		b.resume(d.ID)
	}
	return s, err
}

// Resume implements commands.Destinations.
func (b books) Resume(ctx context.Context, guildID, destinationID string) error {
	if err := b.DB.Resume(ctx, guildID, destinationID); err != nil {
		return err
	}
	b.resume(destinationID)
	return nil
}

// pastEvents is the event log as webhook wants it.
type pastEvents struct{ books }

// Replay implements webhook.Events.
func (p pastEvents) Replay(ctx context.Context, guildID string, id event.ID) (int, error) {
	replayed, err := p.Replayer.Replay(ctx, delivery.Selection{GuildID: guildID, EventID: id})
	return replayed.Deliveries, err
}

// health puts together why the process cannot do its work.
type health struct {
	db      *storage.DB
	discord *bot.Bot
	worker  *delivery.Worker
}

// Ready implements webhook.Health. Everybody may read it, so it names no more than what is concerned.
func (h health) Ready(ctx context.Context) []string {
	var reasons []string
	if h.db.Ping(ctx) != nil {
		reasons = append(reasons, "storage does not answer")
	}
	if err := h.discord.Ready(); err != nil {
		reasons = append(reasons, err.Error())
	}
	if _, out := h.worker.Outages()[delivery.KindChannel]; out {
		reasons = append(reasons, "discord does not answer what is sent; sending waits")
	}
	if h.worker.Halted() != nil {
		reasons = append(reasons, "discord refuses what is sent; the log says why")
	}
	return reasons
}
