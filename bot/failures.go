package bot

import (
	"net/http"

	"github.com/disgoorg/disgo/rest"

	"dispatch/delivery"
)

// meaning is what a refused message means for its delivery and its channel.
type meaning struct {
	verdict delivery.Verdict
	pause   string // locale key of why the channel is paused, and of what to do
}

var (
	wrong = meaning{verdict: delivery.Wrong}
	later = meaning{verdict: delivery.Later}
	down  = meaning{verdict: delivery.Down}
	stop  = meaning{verdict: delivery.Stop}
)

func pause(key string) meaning { return meaning{verdict: delivery.Pause, pause: key} }

// meanings tells by Discord's error code what to do about a message that it refused.
var meanings = map[rest.JSONErrorCode]meaning{
	// The channel cannot be posted to until somebody mends it.
	rest.JSONErrorCodeUnknownChannel:                       pause("pause.channel_gone"),    // 10003
	rest.JSONErrorCodeUnknownGuild:                         pause("pause.guild_gone"),      // 10004
	rest.JSONErrorCodeMissingAccess:                        pause("pause.no_access"),       // 50001
	rest.JSONErrorCodeLackPermissionsToPerformAction:       pause("pause.no_permission"),   // 50013
	rest.JSONErrorCodeCannotSendMessagesInNonTextChannel:   pause("pause.not_text"),        // 50008
	rest.JSONErrorCodeCannotExecuteActionOnThisChannelType: pause("pause.not_text"),        // 50024
	rest.JSONErrorCodeCannotSendMessageInForumChannel:      pause("pause.forum"),           // 40058
	rest.JSONErrorCodeTagRequiredToCreateForumPost:         pause("pause.forum_tag"),       // 40067
	rest.JSONErrorCodeInvalidWebhookToken:                  pause("pause.refused"),         // 50027: not the bot's
	rest.JSONErrorCodeThreadLocked:                         pause("pause.thread_locked"),   // 160005
	rest.JSONErrorCodeOperationOnArchivedThread:            pause("pause.thread_archived"), // 50083

	// This message will never be taken; the next one may.
	rest.JSONErrorCodeInvalidFormBody:                     wrong, // 50035
	rest.JSONErrorCodeCannotSendEmptyMessage:              wrong, // 50006
	rest.JSONErrorCodeMessageBlockedByAutomaticModeration: wrong, // 200000
	rest.JSONErrorCodeTitleBlockedByAutomaticModeration:   wrong, // 200001
	rest.JSONErrorCodeMessageBlockedByHarmfulLinksFilter:  wrong, // 240000

	// Not now.
	rest.JSONErrorCodeActionCannotBePerformedDueToSlowmode: later, // 20016
	rest.JSONErrorCodeChannelWriteRateLimit:                later, // 20028
	rest.JSONErrorCodeServerWriteRateLimit:                 later, // 20029
	rest.JSONErrorCodeSendMessagesTemporarilyDisabled:      later, // 40004
	rest.JSONErrorCodeFeatureTemporarilyDisabled:           later, // 40006
	rest.JSONErrorCodeServiceResourceRateLimited:           later, // 40062
	rest.JSONErrorCodeCloudflareBlockingRequest:            later, // 40333
	rest.JSONErrorCodeMaximumActiveThreadsReached:          later, // 160006
	rest.JSONErrorCodeAPIResourceOverloaded:                later, // 130000
}

// meaningOf is what the answer means. A code that we do not know is judged by the status: what the API itself
// refuses as 400 it would refuse again, and a 403 or 404 with a code is about the channel. An answer without a
// code or message did not come from the API but from something before it, and a 5xx from an API that is ill: neither
// says anything about the message.
func meaningOf(status int, code rest.JSONErrorCode, fromAPI bool) meaning {
	if known, ok := meanings[code]; ok {
		return known
	}
	switch {
	case status == http.StatusUnauthorized:
		return stop
	case status == http.StatusTooManyRequests:
		return later
	case !fromAPI, status < 400, status >= 500:
		return down
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return later
	case status != http.StatusForbidden && status != http.StatusNotFound:
		return wrong
	case code == 0:
		return down // such as "404: Not Found": the API's address is wrong, not the channel
	}
	return pause("pause.refused")
}
