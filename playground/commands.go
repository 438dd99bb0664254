package playground

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// The types of commands.
const commandSlash = 1

// maxCommands is how many commands of one type an application may have.
const maxCommands = 100

// ApplicationCommand is a command as Discord's API returns it.
type ApplicationCommand struct {
	ID                       string            `json:"id"`
	ApplicationID            string            `json:"application_id"`
	GuildID                  string            `json:"guild_id,omitempty"`
	Version                  string            `json:"version"`
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Options                  []CommandOption   `json:"options,omitempty"`
	DefaultMemberPermissions *Permissions      `json:"default_member_permissions"`
	DMPermission             bool              `json:"dm_permission"`
	Contexts                 []int             `json:"contexts"`
	IntegrationTypes         []int             `json:"integration_types"`
	NSFW                     bool              `json:"nsfw"`
}

// CommandOption is an option of a command, a subcommand or a group of them.
type CommandOption struct {
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Required                 bool              `json:"required,omitempty"`
	Autocomplete             bool              `json:"autocomplete,omitempty"`
	Choices                  []Choice          `json:"choices,omitempty"`
	ChannelTypes             []int             `json:"channel_types,omitempty"`
	MinValue                 *float64          `json:"min_value,omitempty"`
	MaxValue                 *float64          `json:"max_value,omitempty"`
	MinLength                *int              `json:"min_length,omitempty"`
	MaxLength                *int              `json:"max_length,omitempty"`
	Options                  []CommandOption   `json:"options,omitempty"`
}

// Choice is a value that is offered for an option: a string, or a float64.
type Choice struct {
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Value             any               `json:"value"`
}

// commands are the registered ones: the global ones under "", a guild's under its id.
type commands struct {
	in map[string][]*ApplicationCommand
}

// Commands returns the commands that members of a guild are offered: the guild's own and the global ones.
func (d *Discord) Commands(guildID string) []ApplicationCommand {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []ApplicationCommand
	for _, c := range slices.Concat(d.commands.in[guildID], d.commands.in[""]) {
		all = append(all, *c)
	}
	return all
}

// scope returns where a route's commands are: "" for the global ones. The caller holds the lock.
func (d *Discord) scope(c *call) (string, error) {
	if c.PathValue("application_id") != d.appID {
		return "", errOtherApplication
	}
	id := c.PathValue("guild_id")
	if id == "" {
		return "", nil
	}
	_, err := d.guild(id)
	return id, err
}

// commandAt returns the command that a route is about. The caller holds the lock.
func (d *Discord) commandAt(c *call) (*ApplicationCommand, error) {
	scope, err := d.scope(c)
	if err != nil {
		return nil, err
	}
	for _, command := range d.commands.in[scope] {
		if command.ID == c.PathValue("command_id") {
			return command, nil
		}
	}
	return nil, errUnknownCommand
}

func (d *Discord) getCommand(c *call) (int, any, error) {
	command, err := d.commandAt(c)
	return http.StatusOK, command, err
}

func (d *Discord) getCommands(c *call) (int, any, error) {
	scope, err := d.scope(c)
	if err != nil {
		return 0, nil, err
	}
	localized, _ := strconv.ParseBool(c.FormValue("with_localizations"))
	all := []ApplicationCommand{}
	for _, command := range d.commands.in[scope] {
		shown := *command
		if !localized {
			shown.NameLocalizations, shown.DescriptionLocalizations = nil, nil
			shown.Options = unlocalized(shown.Options)
		}
		all = append(all, shown)
	}
	return http.StatusOK, all, nil
}

func unlocalized(options []CommandOption) []CommandOption {
	bare := slices.Clone(options)
	for i := range bare {
		bare[i].NameLocalizations, bare[i].DescriptionLocalizations = nil, nil
		bare[i].Options = unlocalized(bare[i].Options)
		bare[i].Choices = slices.Clone(bare[i].Choices)
		for j := range bare[i].Choices {
			bare[i].Choices[j].NameLocalizations = nil
		}
	}
	return bare
}

// registered completes a command that came in.
func (d *Discord) registered(command ApplicationCommand, scope string, old *ApplicationCommand) *ApplicationCommand {
	command.ID, command.Version, command.ApplicationID, command.GuildID = d.id(), d.id(), d.appID, scope
	if old != nil {
		command.ID = old.ID
	}
	if command.Type == 0 {
		command.Type = commandSlash
	}
	if command.IntegrationTypes == nil {
		command.IntegrationTypes = []int{0}
	}
	return &command
}

func (d *Discord) createCommand(c *call) (int, any, error) {
	scope, err := d.scope(c)
	if err != nil {
		return 0, nil, err
	}
	in := ApplicationCommand{DMPermission: true}
	if err := c.read(commandRule, &in); err != nil {
		return 0, nil, err
	}
	all := d.commands.in[scope]
	old := same(all, in)
	made := d.registered(in, scope, old)
	switch {
	case old != nil:
		all[slices.Index(all, old)] = made
		d.commandsChanged()
		return http.StatusOK, made, nil
	case len(all) >= maxCommands:
		return 0, nil, errTooManyCommands
	}
	d.setScope(scope, append(all, made))
	return http.StatusCreated, made, nil
}

// setCommands replaces all commands. Those whose name stays keep their id.
func (d *Discord) setCommands(c *call) (int, any, error) {
	scope, err := d.scope(c)
	if err != nil {
		return 0, nil, err
	}
	value, err := c.value()
	if err != nil {
		return 0, nil, err
	}
	given, _ := value.([]any)
	in := make([]ApplicationCommand, len(given))
	for i := range in {
		in[i].DMPermission = true
	}
	if err := decode(value, list{0, 3 * maxCommands, commandRule}, &in); err != nil {
		return 0, nil, err
	}
	all, found := []*ApplicationCommand{}, new(issues)
	for i, command := range in {
		if same(all, command) != nil {
			found.at(strconv.Itoa(i)).at("name").add("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		all = append(all, d.registered(command, scope, same(d.commands.in[scope], command)))
	}
	switch {
	case !found.empty():
		return 0, nil, invalidForm(found)
	case len(all) > maxCommands:
		return 0, nil, errTooManyCommands
	}
	d.setScope(scope, all)
	return http.StatusOK, all, nil
}

// same returns the one of some commands that has another's name and type, nil when there is none.
func same(all []*ApplicationCommand, other ApplicationCommand) *ApplicationCommand {
	for _, c := range all {
		if c.Name == other.Name && c.Type == max(other.Type, commandSlash) {
			return c
		}
	}
	return nil
}

func (d *Discord) setScope(scope string, all []*ApplicationCommand) {
	if d.commands.in == nil {
		d.commands.in = map[string][]*ApplicationCommand{}
	}
	d.commands.in[scope] = all
	d.commandsChanged()
}

func (d *Discord) commandsChanged() {
	d.page.publish("commands_update", struct{}{})
	d.touch()
}

// editCommand changes some fields of a command. As in a new one, the result has to be right as a whole.
func (d *Discord) editCommand(c *call) (int, any, error) {
	old, err := d.commandAt(c)
	if err != nil {
		return 0, nil, err
	}
	var change map[string]json.RawMessage
	if err := c.read(object{}, &change); err != nil {
		return 0, nil, err
	}
	raw, err := json.Marshal(old)
	if err != nil {
		return 0, nil, err
	}
	merged := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &merged); err != nil {
		return 0, nil, err
	}
	maps.Copy(merged, change)
	if c.body, err = json.Marshal(merged); err != nil {
		return 0, nil, err
	}
	var in ApplicationCommand
	if err := c.read(commandRule, &in); err != nil {
		return 0, nil, err
	}
	edited := d.registered(in, old.GuildID, old)
	all := d.commands.in[old.GuildID]
	all[slices.Index(all, old)] = edited
	d.commandsChanged()
	return http.StatusOK, edited, nil
}

func (d *Discord) deleteCommand(c *call) (int, any, error) {
	command, err := d.commandAt(c)
	if err != nil {
		return 0, nil, err
	}
	d.setScope(command.GuildID, slices.DeleteFunc(d.commands.in[command.GuildID], func(o *ApplicationCommand) bool {
		return o == command
	}))
	return http.StatusNoContent, nil, nil
}
