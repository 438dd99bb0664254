package playground

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Command is a slash command as a user types it.
type Command struct {
	// User is who runs it, by user name. Empty is Admin.
	User string
	// Guild is where, by id. Empty is "Acme".
	Guild string
	// Channel is where, by name or id. Empty is the guild's first one.
	Channel string
	// DM says that it is run in the conversation with the bot and not in a guild.
	DM bool
	// Path is the command with its subcommands: "salesforce connect".
	Path string
	// Options are the values by name: string, int, float64, bool; the name or id of a user, channel or
	// role; a File.
	Options map[string]any
	// Locale is the user's language. Empty is en-US.
	Locale string
	// Permissions are what the interaction says the user may do in the channel, in place of what they
	// really may, zero for that. Discord then lets them run any command, as if the guild's admins had
	// allowed it in the server settings.
	Permissions Permissions

	page bool         // The page asks.
	held *Permissions // What the user is taken to have, also when it comes to which commands they are offered.
}

// Run lets a user run a command, and waits for the bot's answer until ctx ends. As the real client does, it
// refuses commands that are not registered and options that do not fit their definition.
func (d *Discord) Run(ctx context.Context, cmd Command) (*Reply, error) {
	it, err := d.invoke(cmd, "")
	if err != nil {
		return nil, err
	}
	return d.reply(ctx, it)
}

// Autocomplete asks the bot what it offers for an option of a command, given its name, with what
// cmd.Options holds so far. The option's own value is the text typed so far.
func (d *Discord) Autocomplete(ctx context.Context, cmd Command, option string) ([]Choice, error) {
	it, err := d.invoke(cmd, option)
	if err != nil {
		return nil, err
	}
	if err := d.firstAnswer(ctx, it); err != nil {
		return nil, err
	}
	return it.choices, nil
}

// invoke starts the interaction for a command, or for completing one of its options.
func (d *Discord) invoke(cmd Command, focused string) (*interaction, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	it, err := d.place(cmd)
	if err != nil {
		return nil, err
	}
	if it.channel.isForum() {
		return nil, fmt.Errorf("channel %q has nothing but posts; commands are run in those", it.channel.name)
	}
	it.kind, it.name = interactionCommand, cmd.Path
	if focused != "" {
		it.kind = interactionAutocomplete
	}
	path, err := d.command(it.channel.guildID(), cmd.Path)
	if err != nil {
		return nil, err
	}
	if err := path.top.offered(it); err != nil {
		return nil, err
	}
	f := &form{d: d, it: it, resolved: resolved{}, focused: focused}
	options, err := f.fill(path.options, cmd.Options)
	if err != nil {
		return nil, fmt.Errorf("run /%s: %w", cmd.Path, err)
	}
	data := map[string]any{
		"id": path.top.ID, "name": path.top.Name, "type": path.top.Type, "options": path.nest(options), "resolved": f.resolved,
	}
	if path.top.GuildID != "" {
		data["guild_id"] = path.top.GuildID
	}
	return it, d.start(it, data)
}

// place returns an interaction of the user who runs a command, where they run it. The caller holds the lock.
func (d *Discord) place(cmd Command) (*interaction, error) {
	it := &interaction{user: d.userNamed(orElse(cmd.User, Admin)), locale: orElse(cmd.Locale, "en-US")}
	if it.user == nil || it.user.Bot {
		return nil, fmt.Errorf("no user %q", cmd.User)
	}
	it.page, it.permissions = cmd.page, cmd.held
	if cmd.Permissions != 0 {
		it.permissions, it.admitted = &cmd.Permissions, true
	}
	if cmd.DM {
		it.channel = d.dm(it.user)
		return it, nil
	}
	g, err := d.guild(orElse(cmd.Guild, d.guilds[0].id))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(g.channels, func(ch *channel) bool {
		return cmd.Channel == "" || ch.name == cmd.Channel || ch.id == cmd.Channel
	})
	if i < 0 {
		return nil, fmt.Errorf("no channel %q", cmd.Channel)
	}
	it.channel = g.channels[i]
	if !it.channel.permissions(it.user.ID).Has(ViewChannel) {
		return nil, fmt.Errorf("channel %q is not visible to %s", cmd.Channel, it.user.Username)
	}
	return it, nil
}

// commandPath is a command with the subcommands on the way to what is run.
type commandPath struct {
	top     *ApplicationCommand
	via     []CommandOption // A group and a subcommand, or less.
	options []CommandOption
}

// command finds what a path such as "salesforce connect" runs in a guild. The caller holds the lock.
func (d *Discord) command(guildID, path string) (*commandPath, error) {
	words := strings.Fields(strings.TrimPrefix(path, "/"))
	for _, c := range slices.Concat(d.commands.in[guildID], d.commands.in[""]) {
		if len(words) == 0 || c.Name != words[0] || c.Type != commandSlash {
			continue
		}
		p := &commandPath{top: c, options: c.Options}
		for _, word := range words[1:] {
			i := slices.IndexFunc(p.options, func(o CommandOption) bool { return o.nested() && o.Name == word })
			if i < 0 {
				return nil, fmt.Errorf("no command /%s", path)
			}
			p.via = append(p.via, p.options[i])
			p.options = p.options[i].Options
		}
		if len(p.options) > 0 && p.options[0].nested() {
			return nil, fmt.Errorf("/%s is not complete", path)
		}
		return p, nil
	}
	return nil, fmt.Errorf("no command /%s", path)
}

func (o CommandOption) nested() bool { return o.Type == optionSubcommand || o.Type == optionGroup }

// nest puts options below the subcommands they belong to.
func (p *commandPath) nest(options []any) []any {
	for _, sub := range slices.Backward(p.via) {
		options = []any{map[string]any{"name": sub.Name, "type": sub.Type, "options": options}}
	}
	return options
}

// offered says whether the client would offer a command to the user at all.
func (c *ApplicationCommand) offered(it *interaction) error {
	const inGuild, inDM = 0, 1
	where, ok := inGuild, true
	if it.channel.guild == nil {
		where, ok = inDM, c.DMPermission && c.GuildID == ""
	}
	if len(c.Contexts) > 0 {
		ok = slices.Contains(c.Contexts, where)
	}
	if !ok {
		return fmt.Errorf("/%s cannot be run here", c.Name)
	}
	if it.channel.guild == nil || it.admitted {
		return nil
	}
	need := UseApplicationCommands
	if c.DefaultMemberPermissions != nil {
		need |= *c.DefaultMemberPermissions
		if *c.DefaultMemberPermissions == 0 {
			need = AllPermissions
		}
	}
	if !it.allowed().Has(need) {
		return fmt.Errorf("/%s is not for %s", c.Name, it.user.Username)
	}
	return nil
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
