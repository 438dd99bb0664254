package playground

// populate makes the application, the people and the guild that every Discord starts with.
func (d *Discord) populate() {
	d.appID = d.id()
	d.bot = &User{ID: d.appID, Username: "Dispatch", Discriminator: "0000", Bot: true}
	d.users = []*User{d.bot}
	for _, name := range []string{Owner, Admin, Member} {
		d.users = append(d.users, &User{ID: d.id(), Username: name, Discriminator: "0"})
	}
	g := d.newGuild("Acme")
	for _, ch := range []struct {
		name, topic string
		kind        int
	}{
		{"general", "", channelText},
		{"sales", "Deals as they move", channelText},
		{"support", "Cases, the urgent ones first", channelText},
		{"ops", "", channelText},
		{"news", "What everybody should know", channelNews},
		{"ideas", "One post for each", channelForum},
	} {
		d.newChannel(g, ch.name, ch.topic, ch.kind)
	}
}

// newGuild makes a guild with everybody and the bot in it, and no channels.
func (d *Discord) newGuild(name string) *guild {
	id := d.id()
	people := UseApplicationCommands | ViewChannel | SendMessages | ReadMessageHistory | EmbedLinks | AttachFiles
	granted := ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
		CreatePublicThreads | SendMessagesInThreads
	admins := &role{ID: d.id(), Name: "Admins", Position: 3, Hoist: true, Permissions: ManageGuild | ManageChannels}
	call := &role{ID: d.id(), Name: "On call", Position: 2, Mentionable: true}
	own := &role{ID: d.id(), Name: d.bot.Username, Position: 1, Managed: true, Permissions: granted}
	g := &guild{
		id: id, name: name, locale: "en-US", owner: d.userNamed(Owner).ID, joined: true, since: d.now().UTC(),
		roles: []*role{{ID: id, Name: "@everyone", Permissions: people}, own, call, admins},
		members: []*member{
			{user: d.bot, roles: []string{own.ID}},
			{user: d.userNamed(Owner), roles: []string{}},
			{user: d.userNamed(Admin), roles: []string{admins.ID}},
			{user: d.userNamed(Member), roles: []string{call.ID}},
		},
	}
	d.guilds = append(d.guilds, g)
	return g
}

// AddGuild makes a guild with one text channel, general, lets the bot join it and returns the guild's id.
func (d *Discord) AddGuild(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := d.newGuild(name)
	d.newChannel(g, "general", "", channelText)
	d.guildJoined(g)
	return g.id
}

// RemoveGuild throws the bot out of a guild.
func (d *Discord) RemoveGuild(id string) {
	d.changeGuild(id, func(g *guild) {
		g.joined = false
		d.dispatch(eventGuildDelete, intentGuilds, g.id, map[string]any{"id": g.id})
	})
}

// RestoreGuild lets the bot join a guild again that it was thrown out of.
func (d *Discord) RestoreGuild(id string) {
	d.changeGuild(id, func(g *guild) {
		g.joined = true
		g.since = d.now().UTC()
		d.guildJoined(g)
	})
}

// SetUnavailable starts or ends an outage of one guild. The bot stays its member.
func (d *Discord) SetUnavailable(id string, unavailable bool) {
	d.changeGuild(id, func(g *guild) {
		g.unavailable = unavailable
		if unavailable {
			d.dispatch(eventGuildDelete, intentGuilds, g.id, map[string]any{"id": g.id, "unavailable": true})
			return
		}
		d.guildJoined(g)
	})
}

// SetLocale changes the preferred locale of a guild.
func (d *Discord) SetLocale(id, locale string) {
	d.changeGuild(id, func(g *guild) {
		g.locale = locale
		d.dispatch(eventGuildUpdate, intentGuilds, g.id, g.object())
	})
}

func (d *Discord) changeGuild(id string, change func(*guild)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.guilds {
		if g.id == id {
			change(g)
			d.touch()
		}
	}
}

func (d *Discord) guildJoined(g *guild) {
	d.dispatch(eventGuildCreate, intentGuilds, g.id, g.created(d.bot.ID))
	d.touch()
}
