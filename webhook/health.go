package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// readyWithin bounds how long a probe waits for the reasons.
const readyWithin = 5 * time.Second

// condition is how the process is doing.
type condition struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons,omitempty"`
}

// alive answers that the process lives.
func alive(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, condition{Status: "ok"})
}

// ready answers whether the process can do its work, and why not.
func ready(health Health) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), readyWithin)
		defer cancel()
		c.Header("Cache-Control", "no-store")
		if reasons := health.Ready(ctx); len(reasons) > 0 {
			c.JSON(http.StatusServiceUnavailable, condition{Status: "unavailable", Reasons: reasons})
			return
		}
		c.JSON(http.StatusOK, condition{Status: "ok"})
	}
}
