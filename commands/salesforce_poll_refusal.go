package commands

import (
	"errors"

	"dispatch/event"
	"dispatch/salesforce"
)

// refusal tells why a source is not polled, and what to do about it.
func (p *polling) refusal(source event.Source, err error) error {
	var (
		object  *salesforce.PollObjectError
		failed  *salesforce.APIError
		refused *salesforce.OAuthError
	)
	name := quoted(source.Name, maxSourceName)
	switch {
	case errors.Is(err, salesforce.ErrNotPolled):
		return refuse("salesforce.poll.not_polled", "name", name)
	case errors.Is(err, salesforce.ErrNotAuthorized):
		return refuse("salesforce.poll.not_authorized", "name", name)
	case errors.Is(err, salesforce.ErrLost):
		return refuse("salesforce.poll.lost", "name", name)
	case errors.Is(err, salesforce.ErrTooOften):
		return refuse("salesforce.poll.every", "min", minutesOf(p.poller.Shortest()), "max", minutesOf(longestPoll))
	case errors.Is(err, salesforce.ErrNothing):
		return refuse("salesforce.poll.nothing")
	case errors.As(err, &object):
		return refuseObject(object)
	case errors.As(err, &failed):
		return refuse("salesforce.poll.refused", "error", quoted(failed.Code+": "+failed.Message, maxReason))
	case errors.As(err, &refused):
		return refuse("salesforce.poll.refused", "error", quoted(refused.Code+": "+refused.Description, maxReason))
	}
	return err
}

func refuseObject(bad *salesforce.PollObjectError) error {
	object := inSpan(bad.Object, maxSourceName)
	switch bad.Problem {
	case salesforce.NotAnAPIName:
		return refuse("salesforce.poll.object.no_name", "object", object)
	case salesforce.TooManyObjects:
		return refuse("salesforce.poll.object.too_many", "max", salesforce.MaxPollObjects)
	case salesforce.NoTimestamp:
		return refuse("salesforce.poll.object.no_timestamp", "object", object)
	case salesforce.NotQueryable:
		return refuse("salesforce.poll.object.not_queryable", "object", object)
	}
	told := ""
	if bad.Answer != nil {
		told = bad.Answer.Code + ": " + bad.Answer.Message
	}
	return refuse("salesforce.poll.object.unknown", "object", object, "error", quoted(told, maxReason))
}
