package orgtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// API teaches the org to answer a call of the REST API: the path is what follows /services/data/vNN.0/. Only those who were
// let in reach it; each call counts against the limit.
func (o *Org) API(method, path string, answer http.HandlerFunc) {
	o.Handle(method+" /services/data/{version}/"+path, func(w http.ResponseWriter, r *http.Request) {
		if version := r.PathValue("version"); !slices.Contains(o.opts.Versions, strings.TrimPrefix(version, "v")) {
			Refuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
			return
		}
		if !o.admits(r) {
			Refuse(w, http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
			return
		}
		o.mu.Lock()
		spent := o.used >= o.opts.APILimit
		if !spent {
			o.used++
		}
		w.Header().Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", o.used, o.opts.APILimit))
		o.mu.Unlock()
		if spent {
			Refuse(w, http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
			return
		}
		answer(w, r)
	})
}

// Refuse answers as the REST API does when something is wrong.
func Refuse(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, []map[string]string{{"errorCode": code, "message": message}})
}

// Answer answers with JSON.
func Answer(w http.ResponseWriter, status int, value any) { writeJSON(w, status, value) }

// admits says whether the bearer of a token was let in.
func (o *Org) admits(r *http.Request) bool {
	token, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	o.mu.Lock()
	defer o.mu.Unlock()
	_, known := o.access[token]
	return bears && known
}

func (o *Org) listVersions(w http.ResponseWriter, _ *http.Request) {
	type version struct {
		Label   string `json:"label"`
		URL     string `json:"url"`
		Version string `json:"version"`
	}
	var all []version
	for _, v := range o.opts.Versions {
		all = append(all, version{"Release " + v, "/services/data/v" + v, v})
	}
	writeJSON(w, http.StatusOK, all)
}

func (o *Org) showIdentity(w http.ResponseWriter, r *http.Request) {
	if !o.admits(r) {
		http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
		return
	}
	if r.PathValue("org") != o.opts.ID || r.PathValue("user") != UserID {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": baseOf(r) + r.URL.Path, "user_id": UserID, "organization_id": o.opts.ID, "username": o.opts.Username,
		"display_name": "Ada Admin", "active": true, "user_type": "STANDARD",
	})
}

func (o *Org) showOrganization(w http.ResponseWriter, r *http.Request) {
	all := map[string]any{
		"Id": o.opts.ID, "Name": o.opts.Name, "IsSandbox": o.opts.Sandbox, "OrganizationType": "Enterprise Edition", "InstanceName": "LOCAL1",
	}
	shown := map[string]any{"attributes": map[string]string{"type": "Organization"}}
	for name := range strings.SplitSeq(r.URL.Query().Get("fields"), ",") {
		value, known := all[name]
		if !known {
			Refuse(w, http.StatusBadRequest, "INVALID_FIELD", "No such column '"+name+"' on entity 'Organization'.")
			return
		}
		shown[name] = value
	}
	writeJSON(w, http.StatusOK, shown)
}
