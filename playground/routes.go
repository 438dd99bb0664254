package playground

import (
	"net/http"
	"slices"
	"time"
)

// api is where the REST API begins.
const api = "/api/v10"

// route is one operation of the REST API. Its path has the parameter names of Discord's OpenAPI
// description.
type route struct {
	method string
	path   string
	limit  limit
	bucket string // Shared by routes of the same name. Its own route when empty.
	access access
	handle func(*call) (status int, body any, err error)
}

// access says what a route takes for permission to call it.
type access int

const (
	byBot         access = iota // The bot's token.
	byAnyone                    // Nothing.
	byInteraction               // An interaction's token in the path. The global rate limit does not count it.
)

// limit is how many requests a bucket takes in a time.
type limit struct {
	n   int
	per time.Duration
}

// The limits are of the size of the real ones, which Discord does not document and asks not to hard-code.
var (
	often    = limit{50, time.Second}
	reading  = limit{10, 5 * time.Second}
	writing  = limit{5, 5 * time.Second}
	deleting = limit{5, time.Second}
	register = limit{10, 20 * time.Second}
	replying = limit{5, 2 * time.Second}
)

func (d *Discord) table() []route {
	return slices.Concat(d.basicRoutes(), d.channelRoutes(), d.commandRoutes(), d.interactionRoutes())
}

func (d *Discord) basicRoutes() []route {
	const guild = "/guilds/{guild_id}"
	return []route{
		{"GET", "/gateway", often, "", byAnyone, d.getGateway},
		{"GET", "/gateway/bot", often, "", byBot, d.getGatewayBot},
		{"GET", "/users/@me", often, "", byBot, d.getSelf},
		{"GET", "/users/@me/guilds", reading, "", byBot, d.getSelfGuilds},
		{"POST", "/users/@me/channels", writing, "", byBot, d.createDM},
		{"GET", "/applications/@me", often, "", byBot, d.getApplication},
		{"GET", "/oauth2/applications/@me", often, "", byBot, d.getApplication},
		{"GET", guild, reading, "", byBot, d.getGuild},
		{"GET", guild + "/channels", reading, "", byBot, d.getChannels},
		{"GET", guild + "/roles", reading, "", byBot, d.getRoles},
		{"GET", guild + "/members/{user_id}", reading, "", byBot, d.getMember},
		{"GET", guild + "/threads/active", reading, "", byBot, d.getActiveThreads},
	}
}

func (d *Discord) channelRoutes() []route {
	const (
		channel  = "/channels/{channel_id}"
		messages = channel + "/messages"
		message  = messages + "/{message_id}"
	)
	return []route{
		{"GET", channel, reading, "", byBot, d.getChannel},
		{"POST", channel + "/threads", writing, "", byBot, d.createThread},
		{"GET", messages, reading, "messages", byBot, d.getMessages},
		{"GET", message, reading, "messages", byBot, d.getMessage},
		{"POST", messages, writing, "", byBot, d.createMessage},
		{"PATCH", message, writing, "", byBot, d.editMessage},
		{"DELETE", message, deleting, "", byBot, d.deleteMessage},
		{"POST", message + "/crosspost", writing, "", byBot, d.crosspost},
		{"POST", message + "/threads", writing, "", byBot, d.createMessageThread},
	}
}

func (d *Discord) commandRoutes() []route {
	var all []route
	for name, path := range map[string]string{
		"commands":       "/applications/{application_id}/commands",
		"guild commands": "/applications/{application_id}/guilds/{guild_id}/commands",
	} {
		all = append(
			all,
			route{"GET", path, reading, "", byBot, d.getCommands},
			route{"POST", path, register, name, byBot, d.createCommand},
			route{"PUT", path, register, name, byBot, d.setCommands},
			route{"GET", path + "/{command_id}", reading, "", byBot, d.getCommand},
			route{"PATCH", path + "/{command_id}", register, name, byBot, d.editCommand},
			route{"DELETE", path + "/{command_id}", register, name, byBot, d.deleteCommand},
		)
	}
	return all
}

func (d *Discord) interactionRoutes() []route {
	const (
		webhook = "/webhooks/{webhook_id}/{webhook_token}"
		message = webhook + "/messages/{message_id}"
	)
	return []route{
		{"POST", "/interactions/{interaction_id}/{interaction_token}/callback", often, "", byInteraction, d.answerInteraction},
		{"POST", webhook, replying, "webhook", byInteraction, d.createFollowup},
		{"GET", message, replying, "webhook", byInteraction, d.getFollowup},
		{"PATCH", message, replying, "webhook", byInteraction, d.editFollowup},
		{"DELETE", message, replying, "webhook", byInteraction, d.deleteFollowup},
	}
}

func (d *Discord) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range d.table() {
		mux.HandleFunc(r.method+" "+api+r.path, func(w http.ResponseWriter, req *http.Request) { d.serve(w, req, &r) })
	}
	mux.HandleFunc(api+"/", func(w http.ResponseWriter, req *http.Request) {
		d.serve(w, req, &route{
			method: req.Method, path: "/{unknown}", limit: often, access: byAnyone,
			handle: func(*call) (int, any, error) { return 0, nil, missing(mux, req) },
		})
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, req *http.Request) {
		d.serve(w, req, &route{
			method: req.Method, path: "/{unknown}", limit: often, access: byAnyone,
			handle: func(*call) (int, any, error) { return 0, nil, errInvalidVersion },
		})
	})
	mux.HandleFunc("GET /gateway", d.serveGateway)
	mux.HandleFunc("GET /attachments/{channel_id}/{attachment_id}/{name}", d.serveAttachment)
	d.pageRoutes(mux)
	return mux
}

// missing says whether it is the path or only the method that there is nothing for.
func missing(mux *http.ServeMux, req *http.Request) error {
	other := req.Clone(req.Context())
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != api+"/" {
			return errMethodNotAllowed
		}
	}
	return errNotFound
}

func (d *Discord) getSelf(*call) (int, any, error) { return http.StatusOK, d.bot, nil }

func (d *Discord) getSelfGuilds(*call) (int, any, error) {
	guilds := []any{}
	for _, g := range d.guilds {
		if g.joined {
			guilds = append(guilds, map[string]any{
				"id": g.id, "name": g.name, "icon": nil, "owner": false, "permissions": g.permissions(d.bot.ID), "features": []string{},
			})
		}
	}
	return http.StatusOK, guilds, nil
}

func (d *Discord) getApplication(*call) (int, any, error) {
	return http.StatusOK, map[string]any{
		"id": d.appID, "name": d.bot.Username, "icon": nil, "description": "", "bot_public": true, "bot_require_code_grant": false,
		"bot": d.bot, "owner": d.userNamed(Owner), "team": nil, "verify_key": "", "flags": 0, "integration_types_config": map[string]any{},
	}, nil
}
