package playground

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// codeInvalidForm is the error that names what is wrong with a body, field by field.
const codeInvalidForm = 50035

// moderation is what may not be in an embed.
type moderation struct {
	text string
	code int
}

// Forbid refuses, from now on, every message of the bot with an embed that holds the text. It answers with Discord's
// error code. 50035 names the embeds, as Discord does for what is wrong with a body; any other code, such as 200000
// of the automatic moderation, leaves open which it is.
func (d *Discord) Forbid(text string, code int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mischief.forbidden = append(d.mischief.forbidden, moderation{text: text, code: code})
}

// moderate refuses a message with something that is forbidden. What is wrong with the body comes first. The caller
// holds the lock.
func (d *Discord) moderate(in draft) error {
	if len(d.mischief.forbidden) == 0 {
		return nil
	}
	found, blocked := new(issues), error(nil)
	for i, embed := range in.Embeds {
		text, err := json.Marshal(embed)
		if err != nil {
			return err
		}
		for _, m := range d.mischief.forbidden {
			switch {
			case !strings.Contains(string(text), m.text):
			case m.code == codeInvalidForm:
				found.at("embeds").at(strconv.Itoa(i)).at("title").add("BASE_TYPE_BAD_LENGTH", "This is forbidden here.")
			default:
				blocked = &apiError{status: http.StatusBadRequest, code: m.code, message: "This is forbidden here."}
			}
		}
	}
	if !found.empty() {
		return invalidForm(found)
	}
	return blocked
}
