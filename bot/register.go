package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
	"github.com/sirupsen/logrus"
)

// Fingerprints remembers what was registered last. Discord counts registrations, and shows members a command
// that was registered anew as one that is not there for a while.
type Fingerprints interface {
	// Fingerprint is the value under the name, "" when there is none.
	Fingerprint(ctx context.Context, name string) (string, error)
	// SetFingerprint puts the value under the name.
	SetFingerprint(ctx context.Context, name, value string) error
}

// registrar registers the commands where they have changed.
type registrar struct {
	rest     rest.Client
	token    string // to keep it out of errors
	app      snowflake.ID
	scopes   []string // guild ids; "" for everywhere
	commands []discord.ApplicationCommandCreate
	prints   Fingerprints
	log      *logrus.Entry
}

// run tries until every scope has the commands, or ctx ends. One scope does not hold up another.
func (r *registrar) run(ctx context.Context) {
	wait := &backoff{first: 5 * time.Second, most: 10 * time.Minute}
	scopes := slices.Clone(r.scopes)
	for {
		delay := wait.next()
		scopes = slices.DeleteFunc(scopes, func(scope string) bool {
			err := r.register(ctx, scope)
			if err != nil && ctx.Err() == nil {
				r.log.WithFields(logrus.Fields{keyScope: scope, keyErr: err, keyDelay: delay.String()}).Warn("commands not registered")
			}
			return err == nil
		})
		if len(scopes) == 0 || sleep(ctx, delay) != nil {
			return
		}
	}
}

// register sets the scope's commands unless the ones it has are the same.
func (r *registrar) register(ctx context.Context, scope string) error {
	name := fmt.Sprintf("commands/%s/%s", r.app, scope)
	now, err := fingerprint(r.commands)
	if err != nil {
		return err
	}
	known, err := r.prints.Fingerprint(ctx, name)
	if err != nil {
		return fmt.Errorf("read fingerprint: %w", err)
	}
	if known == now {
		return nil
	}
	if err := r.set(ctx, scope); err != nil {
		return fmt.Errorf("set commands: %w", plain(err, r.token))
	}
	if err := r.prints.SetFingerprint(ctx, name, now); err != nil {
		return fmt.Errorf("write fingerprint: %w", err)
	}
	r.log.WithFields(logrus.Fields{keyScope: scope, keyCount: len(r.commands)}).Info("commands registered")
	return nil
}

// set does not read the answer: that disgo cannot parse it would not make it a failure.
func (r *registrar) set(ctx context.Context, scope string) error {
	endpoint := rest.SetGlobalCommands.Compile(nil, r.app)
	if scope != "" {
		endpoint = rest.SetGuildCommands.Compile(nil, r.app, scope)
	}
	return r.rest.Do(endpoint, r.commands, nil, rest.WithCtx(ctx))
}

// fingerprint is the SHA-256 of the definitions as JSON, by name and with sorted keys: the order in which
// they were put together does not matter.
func fingerprint(commands []discord.ApplicationCommandCreate) (string, error) {
	sorted := slices.SortedFunc(slices.Values(commands), func(a, b discord.ApplicationCommandCreate) int {
		return strings.Compare(a.CommandName(), b.CommandName())
	})
	text, err := json.Marshal(sorted)
	if err != nil {
		return "", fmt.Errorf("encode commands: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
