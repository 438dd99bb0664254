package playground

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// Permissions are the bits of Discord's permission set.
type Permissions uint64

// The permissions that decide something here.
const (
	Administrator          Permissions = 1 << 3
	ManageChannels         Permissions = 1 << 4
	ManageGuild            Permissions = 1 << 5
	ViewChannel            Permissions = 1 << 10
	SendMessages           Permissions = 1 << 11
	ManageMessages         Permissions = 1 << 13
	EmbedLinks             Permissions = 1 << 14
	AttachFiles            Permissions = 1 << 15
	ReadMessageHistory     Permissions = 1 << 16
	MentionEveryone        Permissions = 1 << 17
	UseApplicationCommands Permissions = 1 << 31
	ManageThreads          Permissions = 1 << 34
	CreatePublicThreads    Permissions = 1 << 35
	CreatePrivateThreads   Permissions = 1 << 36
	SendMessagesInThreads  Permissions = 1 << 38

	// AllPermissions is what an owner or an administrator has.
	AllPermissions Permissions = 1<<53 - 1
)

// Has says whether all of want are in p.
func (p Permissions) Has(want Permissions) bool { return p&want == want }

// MarshalJSON writes the bits as a string, as Discord does, since they do not fit a JavaScript number.
func (p Permissions) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, strconv.FormatUint(uint64(p), 10)), nil
}

// UnmarshalJSON reads the bits from a string or a number.
func (p *Permissions) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseUint(string(bytes.Trim(raw, `"`)), 10, 64)
	if err != nil {
		return fmt.Errorf("read permissions: %w", err)
	}
	*p = Permissions(n)
	return nil
}

// overwrite changes what a role or a member may do in one channel.
type overwrite struct {
	ID    string      `json:"id"`
	Type  int         `json:"type"` // 0 role, 1 member.
	Allow Permissions `json:"allow"`
	Deny  Permissions `json:"deny"`
}

// SetPermissions grants and denies the bot permissions in a channel, given by name or id. It replaces what
// an earlier call set there.
func (d *Discord) SetPermissions(channel string, allow, deny Permissions) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ch := d.channelNamed(channel); ch != nil {
		d.setPermissions(ch, allow, deny)
	}
}

// setPermissions is SetPermissions with the lock held.
func (d *Discord) setPermissions(ch *channel, allow, deny Permissions) {
	own := overwrite{ID: d.bot.ID, Type: 1, Allow: allow, Deny: deny}
	ch.overwrites = append(slices.DeleteFunc(slices.Clone(ch.overwrites), func(o overwrite) bool {
		return o.ID == own.ID
	}), own)
	d.channelChanged(ch)
}

// permissions returns what a user may do in a guild, before a channel's overwrites.
func (g *guild) permissions(userID string) Permissions {
	m := g.member(userID)
	if m == nil {
		return 0
	}
	var p Permissions
	for _, r := range g.roles {
		if r.ID == g.id || slices.Contains(m.roles, r.ID) {
			p |= r.Permissions
		}
	}
	if userID == g.owner || p.Has(Administrator) {
		return AllPermissions
	}
	return p
}

// permissions returns what a user may do in a channel.
// See https://discord.com/developers/docs/topics/permissions#permission-overwrites.
func (ch *channel) permissions(userID string) Permissions {
	if ch.guild == nil {
		return ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | UseApplicationCommands
	}
	p := ch.guild.permissions(userID)
	if p == AllPermissions || p == 0 {
		return p
	}
	m := ch.guild.member(userID)
	var roles overwrite
	for _, o := range ch.rules() {
		switch {
		case o.ID == ch.guild.id:
			p = p&^o.Deny | o.Allow
		case slices.Contains(m.roles, o.ID):
			roles.Allow |= o.Allow
			roles.Deny |= o.Deny
		}
	}
	p = p&^roles.Deny | roles.Allow
	for _, o := range ch.rules() {
		if o.ID == userID {
			p = p&^o.Deny | o.Allow
		}
	}
	return p.implied(ch.sending())
}

// implied takes away what cannot be done without seeing the channel or without sending to it.
func (p Permissions) implied(sending Permissions) Permissions {
	if !p.Has(ViewChannel) {
		return 0
	}
	if !p.Has(sending) {
		p &^= EmbedLinks | AttachFiles | MentionEveryone
	}
	return p
}
