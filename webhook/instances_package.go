package webhook

import (
	"context"
	"fmt"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"dispatch/event"
	"dispatch/fault"
)

// InstancePackages make the Apex that sends the events of instances.
type InstancePackages interface {
	// Package gives a zip in Salesforce's source form. It fails with an InstanceError when there can be none of the objects.
	Package(ctx context.Context, i event.Instance) (name string, archive []byte, err error)
	// Deploy begins to put it into the instance's org. It fails as Package does, and with fault.Exists while that is under way.
	Deploy(ctx context.Context, i event.Instance) (InstanceDeployment, error)
	// Deployed tells of the last deployment. There was none: fault.NotFound.
	Deployed(ctx context.Context, i event.Instance) (InstanceDeployment, error)
}

// InstanceDeployment is how far a package is on its way into an org.
type InstanceDeployment struct {
	ID       string   `json:"id"`
	Status   string   `json:"status"` // checking, changing, succeeded, failed, cancelled or unknown
	Objects  []string `json:"objects"`
	Problems []string `json:"problems"` // what the org says, in English
}

var (
	errNoPackage    = refuse(http.StatusConflict, "There is a package only where event.vendor.type is webhooks.")
	errNoOrg        = refuse(http.StatusConflict, "The org is not authorized: send a providerData.code first, or deploy the package yourself.")
	errUnderWay     = refuse(http.StatusConflict, "A deployment is under way.")
	errNoDeployment = refuse(http.StatusNotFound, "Nothing was deployed.")
)

// packed is the instance at the path, if there is a package of it.
func (c *connectors) packed(ctx context.Context, g *gin.Context) (event.Instance, error) {
	i, err := c.instance(ctx, g, byKey)
	if err == nil && i.Settings.Vendor != event.VendorWebhooks {
		err = errNoPackage
	}
	return i, err
}

// download answers with the zip. It holds the secret that its callouts are signed by.
func (c *connectors) download(g *gin.Context) {
	ctx := g.Request.Context()
	i, err := c.packed(ctx, g)
	if err != nil {
		c.fail(g, err)
		return
	}
	name, archive, err := c.Packages.Package(ctx, i)
	if err != nil {
		c.fail(g, fmt.Errorf("make package: %w", err))
		return
	}
	g.Header("Cache-Control", "no-store")
	g.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	g.Data(http.StatusOK, "application/zip", archive)
}

func (c *connectors) deploy(ctx context.Context, g *gin.Context) (any, error) {
	i, err := c.packed(ctx, g)
	if err == nil && !i.Authorized {
		err = errNoOrg
	}
	if err != nil {
		return nil, err
	}
	begun, err := c.Packages.Deploy(ctx, i)
	if fault.KindOf(err) == fault.Exists {
		return nil, errUnderWay
	}
	return begun, err
}

func (c *connectors) deployed(ctx context.Context, g *gin.Context) (any, error) {
	i, err := c.packed(ctx, g)
	if err != nil {
		return nil, err
	}
	last, err := c.Packages.Deployed(ctx, i)
	if fault.KindOf(err) == fault.NotFound {
		return nil, errNoDeployment
	}
	return last, err
}
