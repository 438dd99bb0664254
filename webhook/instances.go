package webhook

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"dispatch/event"
)

// Instances keep what clients of the Open Connectors API have made.
type Instances interface {
	// CreateInstance adds one to its guild with a source, which takes what the key signs, and the callback that its
	// settings ask for, and gives it as it is then. One too many is fault.TooMany.
	CreateInstance(ctx context.Context, i event.Instance, key event.SigningKey) (event.Instance, error)
	// Instance gives the one with the id, fault.NotFound when there never was one. It is gone when its State is Disconnected.
	Instance(ctx context.Context, id string) (event.Instance, error)
	// Instances gives those of a guild that are not gone.
	Instances(ctx context.Context, guildID string) ([]event.Instance, error)
	// SaveInstance stores name, tags and settings; with resume, its callback is told again though it was paused. It fails
	// as CreateInstance does, and with fault.NotFound when it is gone.
	SaveInstance(ctx context.Context, i event.Instance, resume bool) (event.Instance, error)
}

// InstanceOrgs do at Salesforce what instances ask for.
type InstanceOrgs interface {
	// CodeURL is where somebody gets a code for the app of the settings. It fails with an InstanceError.
	CodeURL(s event.InstanceSettings, state string) (string, error)
	// Exchange makes access to an org of a code. It fails with an InstanceError, and with fault.Unavailable.
	Exchange(ctx context.Context, s event.InstanceSettings, code string) (Granted, error)
	// Poll has the instance's org polled as its settings say, or not any more. It fails with an InstanceError when the org cannot be.
	Poll(ctx context.Context, i event.Instance) error
	// Remove ends an instance for good, with all that it stands for.
	Remove(ctx context.Context, i event.Instance) error
}

// Granted is access to an org that is nobody's yet: it is to be kept for a source, or dropped.
type Granted interface {
	Keep(ctx context.Context, sourceID string) error
	Drop()
}

// InstanceError says what is wrong with a request, in words for who has made it.
type InstanceError string

func (m InstanceError) Error() string { return string(m) }

// Connectors are what the Open Connectors API needs.
type Connectors struct {
	Instances Instances // nil: there is no such API
	Orgs      InstanceOrgs
	Packages  InstancePackages
	CheckURL  func(string) error // says why a callback cannot have the URL, as an InstanceError
	PollMin   time.Duration      // the shortest time between two polls
}

// maxInstance is more bytes than any instance has that can be taken.
const maxInstance = 256 << 10

// connectors answers for /elements/api-v2.
type connectors struct {
	Connectors
	inbox   Inbox
	keys    keyring
	answers *answers
	metrics *metrics
	maxBody int64
	now     func() time.Time
}

func (c *connectors) routes(engine *gin.Engine) {
	if c.Instances == nil {
		return
	}
	api := engine.Group(elements)
	api.POST("/instances", c.serve(c.create))
	api.GET("/instances", c.serve(c.list))
	api.GET("/instances/:id", c.serve(c.show))
	api.PATCH("/instances/:id", c.serve(c.change))
	api.DELETE("/instances/:id", c.serve(c.remove))
	api.GET("/instances/:id/package", c.download)
	api.GET("/instances/:id/package/deploy", c.serve(c.deployed))
	api.POST("/instances/:id/package/deploy", c.serve(c.deploy))
	api.GET("/elements/sfdc/oauth/url", c.serve(c.oauthURL))
	api.POST("/events/sfdc", c.serve(c.take))
}
