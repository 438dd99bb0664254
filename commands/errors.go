package commands

import (
	"errors"

	"github.com/sirupsen/logrus"

	"dispatch/fault"
)

// refusal is an error that is told in a sentence of its own, with what fills it. It is the asker's to mend,
// so nobody else hears of it.
type refusal struct{ text text }

func refuse(key string, args ...any) error { return &refusal{text: say(key, args...)} }

func (r *refusal) Error() string { return "refused: " + r.text.key }

// sorry turns an error into words: the one place that does. What is our own mistake is logged with its
// cause and shown without it; the reference is in both.
func sorry(err error, reference string, log *logrus.Entry) reply {
	var refused *refusal
	if errors.As(err, &refused) {
		return tell(refused.text)
	}
	kind := fault.KindOf(err)
	if kind == fault.Internal {
		log.WithFields(logrus.Fields{keyReference: reference, keyErr: err}).Error("command failed")
		return tell(say(string(kind)), say("reply.reference", "reference", reference))
	}
	var known *fault.Error
	if errors.As(err, &known) && known.Key != "" {
		return tell(say(known.Key))
	}
	return tell(say(string(kind)))
}
