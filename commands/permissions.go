package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
)

// longestLookup keeps a slow Discord from holding up what can be done without the answer.
const longestLookup = time.Second

// posting is what it takes to post in a channel or thread.
const posting = discord.PermissionViewChannel | discord.PermissionSendMessages |
	discord.PermissionSendMessagesInThreads | discord.PermissionEmbedLinks

// needs are the permissions to post in a kind of channel, and the keys of their names.
func needs(kind discord.ChannelType) []need {
	all := []need{{discord.PermissionViewChannel, "permission.view_channel"}}
	switch {
	case isThread(kind):
		all = append(all, need{discord.PermissionSendMessagesInThreads, "permission.send_messages_in_threads"})
	case isForum(kind):
		all = append(all, need{discord.PermissionSendMessages, "permission.create_posts"},
			need{discord.PermissionSendMessagesInThreads, "permission.send_messages_in_posts"})
	default:
		all = append(all, need{discord.PermissionSendMessages, "permission.send_messages"})
	}
	return append(all, need{discord.PermissionEmbedLinks, "permission.embed_links"})
}

type need struct {
	permission discord.Permissions
	key        string
}

func isThread(kind discord.ChannelType) bool {
	return kind == discord.ChannelTypeGuildNewsThread || kind == discord.ChannelTypeGuildPublicThread ||
		kind == discord.ChannelTypeGuildPrivateThread
}

func isForum(kind discord.ChannelType) bool { return kind == discord.ChannelTypeGuildForum }

// lacking names the permissions that we lack to post in the channel. It is empty, too, when Discord does not
// say what we may: then the first delivery shows it, and the channel's status.
func lacking(ctx context.Context, by asker, to discord.ResolvedChannel) []text {
	granted, err := grantedIn(ctx, by, to.ID)
	if err != nil || granted.Has(discord.PermissionAdministrator) {
		return nil
	}
	var names []text
	for _, n := range needs(to.Type) {
		if !granted.Has(n.permission) {
			names = append(names, say(n.key))
		}
	}
	return names
}

// grantedIn is what we may do in the channel. The interaction says so of the channel that it comes from;
// about any other, Discord has to be asked.
func grantedIn(ctx context.Context, by asker, id snowflake.ID) (discord.Permissions, error) {
	if here := by.interaction.AppPermissions(); here != nil && by.interaction.Channel().MessageChannel != nil &&
		by.interaction.Channel().ID() == id {
		return *here, nil
	}
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	ask := rest.WithCtx(ctx)
	overwrites, err := overwritesOf(by.client.Rest, id, ask)
	if rest.IsJSONErrorCode(err, rest.JSONErrorCodeMissingAccess) {
		return posting &^ discord.PermissionViewChannel, nil // of the others nothing is known
	}
	if err != nil {
		return 0, err
	}
	guild := *by.interaction.GuildID()
	roles, err := by.client.Rest.GetRoles(guild, ask)
	if err != nil {
		return 0, fmt.Errorf("get roles: %w", err)
	}
	self, err := by.client.Rest.GetMember(guild, by.interaction.ApplicationID(), ask)
	if err != nil {
		return 0, fmt.Errorf("get member: %w", err)
	}
	return permissionsOf(guild, *self, roles, overwrites), nil
}

// overwritesOf are the channel's exceptions to what roles grant; a thread has those of its channel.
func overwritesOf(discordAPI rest.Rest, id snowflake.ID, ask rest.RequestOpt) (discord.PermissionOverwrites, error) {
	found, err := discordAPI.GetChannel(id, ask)
	if err != nil {
		return nil, fmt.Errorf("get channel: %w", err)
	}
	if thread, ok := found.(discord.GuildThread); ok {
		return overwritesOf(discordAPI, *thread.ParentID(), ask)
	}
	guildChannel, ok := found.(discord.GuildChannel)
	if !ok {
		return nil, fmt.Errorf("get channel: %T is not a guild's", found)
	}
	return guildChannel.PermissionOverwrites(), nil
}

// permissionsOf adds up in Discord's order: what everyone has and the roles grant, then the channel's
// exceptions for everyone, for the roles together, and for the member.
func permissionsOf(
	guild snowflake.ID, member discord.Member, roles []discord.Role, overwrites discord.PermissionOverwrites,
) discord.Permissions {
	everyone := guild // the role of everyone has the guild's id
	var granted discord.Permissions
	for _, role := range roles {
		if role.ID == everyone || slices.Contains(member.RoleIDs, role.ID) {
			granted |= role.Permissions
		}
	}
	if granted.Has(discord.PermissionAdministrator) {
		return discord.PermissionsAll
	}
	if o, ok := overwrites.Role(everyone); ok {
		granted = granted&^o.Deny | o.Allow
	}
	var allow, deny discord.Permissions
	for _, id := range member.RoleIDs {
		if o, ok := overwrites.Role(id); ok {
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	granted = granted&^deny | allow
	if o, ok := overwrites.Member(member.User.ID); ok {
		granted = granted&^o.Deny | o.Allow
	}
	return granted
}
