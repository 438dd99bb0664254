package commands_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"
)

var errNotThere = errors.New("not there")

// api is what Discord knows of a guild's channels, roles and of us.
type api struct {
	channels map[string]string // JSON by id
	roles    string
	member   string
	err      error
}

func (r *recorder) GetChannel(id snowflake.ID, _ ...rest.RequestOpt) (discord.Channel, error) {
	var c discord.UnmarshalChannel
	err := r.api.read(r.api.channels[id.String()], &c)
	return c.Channel, err
}

func (r *recorder) GetGuildChannels(snowflake.ID, ...rest.RequestOpt) ([]discord.GuildChannel, error) {
	var all []discord.GuildChannel
	for _, data := range r.api.channels {
		var c discord.UnmarshalChannel
		if err := r.api.read(data, &c); err != nil {
			return nil, err
		}
		all = append(all, c.Channel.(discord.GuildChannel))
	}
	return all, r.api.err
}

func (r *recorder) GetRoles(snowflake.ID, ...rest.RequestOpt) (roles []discord.Role, err error) {
	err = r.api.read(r.api.roles, &roles)
	return roles, err
}

func (r *recorder) GetMember(snowflake.ID, snowflake.ID, ...rest.RequestOpt) (*discord.Member, error) {
	var m discord.Member
	err := r.api.read(r.api.member, &m)
	return &m, err
}

func (a api) read(data string, v any) error {
	if a.err != nil {
		return a.err
	}
	if data == "" {
		return errNotThere
	}
	return json.Unmarshal([]byte(data), v)
}

// About a channel other than the one the command came from, Discord has to be asked.
func TestConnectToAnotherChannel(t *testing.T) {
	const (
		all    = "19456" // View Channel, Send Messages, Embed Links
		thread = `{"id":"200000000000000002","type":11,"guild_id":"100000000000000001","name":"deal","parent_id":"200000000000000003","thread_metadata":{"archive_timestamp":"2025-01-01T00:00:00Z"}}`
	)
	text := func(overwrites string) string {
		return `{"id":"200000000000000003","type":0,"guild_id":"100000000000000001","name":"deals","permission_overwrites":[` + overwrites + `]}`
	}
	overwrite := func(kind, id, allow, deny string) string {
		return `{"id":"` + id + `","type":` + kind + `,"allow":"` + allow + `","deny":"` + deny + `"}`
	}
	const (
		role, member    = "0", "1"
		everyone, us    = guildID, "300000000000000001"
		bots, colleague = "700000000000000001", "700000000000000002"
	)
	tests := map[string]struct {
		everyone, bots string // what the roles grant
		overwrites     []string
		kind           int
		err            error
		want           string // what is lacking; "" when it is connected
	}{
		"all by everyone":        {everyone: all},
		"all by our role":        {bots: all},
		"none":                   {everyone: "0", want: "View Channel, Send Messages, Embed Links"},
		"denied to everyone":     {everyone: all, overwrites: []string{overwrite(role, everyone, "0", "2048")}, want: "Send Messages"},
		"allowed to our role":    {everyone: "1024", overwrites: []string{overwrite(role, everyone, "0", "2048"), overwrite(role, bots, "18432", "0")}},
		"role allows over deny":  {everyone: all, overwrites: []string{overwrite(role, bots, "1024", "1024")}},
		"denied to us":           {everyone: all, overwrites: []string{overwrite(role, bots, "16384", "0"), overwrite(member, us, "0", "16384")}, want: "Embed Links"},
		"allowed to us":          {everyone: all, overwrites: []string{overwrite(role, everyone, "0", "1024"), overwrite(member, us, "1024", "0")}},
		"allowed to another":     {everyone: "0", overwrites: []string{overwrite(member, colleague, all, "0"), overwrite(role, colleague, all, "0")}, want: "View Channel, Send Messages, Embed Links"},
		"administrator":          {bots: "8", overwrites: []string{overwrite(role, everyone, "0", all)}},
		"thread of a channel":    {everyone: "274877924352", kind: 11},
		"thread, not to send in": {everyone: all, kind: 11, want: "Send Messages in Threads"},
		"hidden from us":         {err: &rest.Error{Code: rest.JSONErrorCodeMissingAccess}, want: "View Channel"},
		"Discord does not say":   {err: errNotThere},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, db := open(t)
			channel := text(strings.Join(tc.overwrites, ","))
			b.discord.api = api{
				channels: map[string]string{"200000000000000003": channel, elsewhere: strings.Replace(channel, "200000000000000003", elsewhere, 1)},
				roles: `[{"id":"` + everyone + `","permissions":"` + orNone(tc.everyone) + `"},{"id":"` + bots + `","permissions":"` + orNone(tc.bots) + `"},
					{"id":"` + colleague + `","permissions":"8"}]`,
				member: `{"user":{"id":"` + us + `"},"roles":["` + bots + `"]}`,
				err:    tc.err,
			}
			if tc.kind == 11 {
				b.discord.api.channels[elsewhere] = thread
			}
			got := b.answered("connect", func(i map[string]any) {
				data := i["data"].(map[string]any)
				subcommand(i)["options"].([]any)[1].(map[string]any)["value"] = elsewhere
				data["resolved"] = map[string]any{"channels": map[string]any{
					elsewhere: map[string]any{"id": elsewhere, "name": "deals", "type": tc.kind, "permissions": "8"},
				}}
			})
			want := strings.ReplaceAll(lacking(tc.want), channelID, elsewhere)
			if tc.want == "" {
				want = "**Acme Production** is connected to <#" + elsewhere + ">.\nNext, generate the URL that your org sends its events to."
			}
			if got.Body.Content != want {
				t.Errorf("content = %q,\nwant %q", got.Body.Content, want)
			}
			if _, err := db.Source(t.Context(), guildID, "Acme Production"); (err == nil) != (tc.want == "") {
				t.Errorf("source: %v", err)
			}
		})
	}
}

func orNone(bits string) string {
	if bits == "" {
		return "0"
	}
	return bits
}
