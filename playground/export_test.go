package playground

import "time"

// SetPageWait changes how long the page waits for a deferred answer.
func (d *Discord) SetPageWait(wait time.Duration) { d.pageWait = wait }
