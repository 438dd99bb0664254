package main

import (
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

// bareArg makes this program the handler that Dispatch is held against.
const bareArg = "bare"

// serveBare reads the body and answers 202: what gin costs when it does nothing.
func serveBare(addr string) error {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST("/hooks/:slug", func(c *gin.Context) {
		if _, err := io.ReadAll(c.Request.Body); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Data(http.StatusAccepted, "application/json", []byte(`{"event_id":"018e9d5a-0000-7000-8000-00000000000d"}`))
	})
	return http.ListenAndServe(addr, engine)
}
