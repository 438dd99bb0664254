package render

import (
	"strconv"
	"strings"
)

// colourNames are the colours that have a name, those of Discord's own palette and the usual words.
var colourNames = map[string]int{
	"default": 0, "black": 0x000001, // zero is no colour to Discord
	"white": 0xFFFFFF, "gray": grey, "grey": grey, "lightgray": 0xBCC0C0, "lightgrey": 0xBCC0C0,
	"darkgray": 0x979C9F, "darkgrey": 0x979C9F, "blurple": blurple, "green": green, "darkgreen": 0x1F8B4C, "lime": 0x2ECC71,
	"red": red, "darkred": wine, "wine": wine, "yellow": 0xFEE75C, "gold": 0xF1C40F, "darkgold": 0xC27C0E,
	"orange": orange, "darkorange": 0xA84300, "amber": 0xFFBF00, "blue": sky, "darkblue": 0x206694, "navy": 0x34495E,
	"aqua": 0x1ABC9C, "darkaqua": 0x11806A, "teal": 0x1ABC9C, "cyan": 0x00BCD4, "turquoise": 0x1ABC9C,
	"purple": 0x9B59B6, "darkpurple": 0x71368A, "violet": 0x9B59B6, "pink": 0xEB459E, "fuchsia": 0xEB459E,
	"magenta": 0xE91E63, "brown": 0x8D6E63,
}

// colourOf reads "#57F287", "0x57F287", "5763719" or a name, and says whether it is a colour.
func colourOf(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if hex, ok := strings.CutPrefix(text, "#"); ok {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		n, err := strconv.ParseUint(hex, 16, 24)
		return int(n), err == nil && len(hex) == 6
	}
	if named, ok := colourNames[bare(text)]; ok {
		return named, true
	}
	base := 10
	if hex, ok := strings.CutPrefix(text, "0x"); ok {
		text, base = hex, 16
	}
	n, err := strconv.ParseUint(text, base, 24)
	return int(n), err == nil
}
