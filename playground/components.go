package playground

// Component is a component of a message or a modal. Which fields it has depends on its type.
type Component struct {
	Type          int             `json:"type"`
	ID            int             `json:"id,omitempty"`
	CustomID      string          `json:"custom_id,omitempty"`
	Style         int             `json:"style,omitempty"`
	Label         string          `json:"label,omitempty"`
	Description   string          `json:"description,omitempty"`
	Emoji         *Emoji          `json:"emoji,omitempty"`
	URL           string          `json:"url,omitempty"`
	SKUID         string          `json:"sku_id,omitempty"`
	Disabled      bool            `json:"disabled,omitempty"`
	Placeholder   string          `json:"placeholder,omitempty"`
	MinValues     *int            `json:"min_values,omitempty"`
	MaxValues     *int            `json:"max_values,omitempty"`
	Options       []SelectOption  `json:"options,omitempty"`
	DefaultValues []SelectDefault `json:"default_values,omitempty"`
	ChannelTypes  []int           `json:"channel_types,omitempty"`
	Required      *bool           `json:"required,omitempty"`
	MinLength     *int            `json:"min_length,omitempty"`
	MaxLength     *int            `json:"max_length,omitempty"`
	Value         string          `json:"value,omitempty"`
	Content       string          `json:"content,omitempty"`
	AccentColor   *int            `json:"accent_color,omitempty"`
	Spoiler       bool            `json:"spoiler,omitempty"`
	Divider       *bool           `json:"divider,omitempty"`
	Spacing       int             `json:"spacing,omitempty"`
	Media         *Media          `json:"media,omitempty"`
	File          *Media          `json:"file,omitempty"`
	Items         []GalleryItem   `json:"items,omitempty"`
	Components    []Component     `json:"components,omitempty"`
	Component     *Component      `json:"component,omitempty"`
	Accessory     *Component      `json:"accessory,omitempty"`
}

// Emoji is an emoji on a button or an option: a character, or a custom one by its id.
type Emoji struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Animated bool   `json:"animated,omitempty"`
}

// SelectOption is one option of a select menu.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Emoji       *Emoji `json:"emoji,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// SelectDefault is what a select menu for users, roles or channels has selected at first.
type SelectDefault struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Media is a file by its address.
type Media struct {
	URL string `json:"url"`
}

// GalleryItem is one picture of a gallery.
type GalleryItem struct {
	Media       Media  `json:"media"`
	Description string `json:"description,omitempty"`
	Spoiler     bool   `json:"spoiler,omitempty"`
}

// find returns the component with a custom id, also from inside others, nil when there is none.
func find(components []Component, customID string) *Component {
	var found *Component
	walk(components, func(c *Component) {
		if found == nil && c.CustomID != "" && c.CustomID == customID {
			found = c
		}
	})
	return found
}

// walk visits components and what is inside them, in the order they are shown.
func walk(components []Component, visit func(*Component)) {
	for i := range components {
		components[i].walk(visit)
	}
}

func (c *Component) walk(visit func(*Component)) {
	visit(c)
	walk(c.Components, visit)
	for _, inside := range []*Component{c.Component, c.Accessory} {
		if inside != nil {
			inside.walk(visit)
		}
	}
}

// number gives the components of a new message the ids that they have not got, as Discord does.
func number(components []Component) {
	taken := map[int]bool{}
	walk(components, func(c *Component) { taken[c.ID] = true })
	next := 1
	walk(components, func(c *Component) {
		if c.ID != 0 {
			return
		}
		for taken[next] {
			next++
		}
		c.ID, taken[next] = next, true
	})
}
