package playground

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// Attachment is a file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
	// Data is the file itself.
	Data []byte `json:"-"`
}

// attachmentDraft is what a message's body says about a file.
type attachmentDraft struct {
	ID          json.RawMessage `json:"id"`
	Filename    string          `json:"filename"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
}

// attachments are the stored files, by id.
type attachments struct {
	files map[string]stored
}

type stored struct {
	Attachment
	owner string // The id of the message or interaction the file is part of.
}

// drop forgets the files of a message.
func (as *attachments) drop(owner string) {
	maps.DeleteFunc(as.files, func(_ string, s stored) bool { return s.owner == owner })
}

// attach stores the files that came with a message. base is where the client reaches this Discord. The
// caller holds the lock.
func (d *Discord) attach(base, channelID, owner string, files []upload, drafts []attachmentDraft) []Attachment {
	all := []Attachment{}
	for _, f := range files {
		a := Attachment{ID: d.id(), Filename: safeName(f.name), ContentType: f.contentType, Size: len(f.data), Data: f.data}
		for _, draft := range drafts {
			if strings.Trim(string(draft.ID), `"`) != strconv.Itoa(f.n) {
				continue
			}
			a.Title, a.Description = draft.Title, draft.Description
			if draft.Filename != "" {
				a.Filename = safeName(draft.Filename)
			}
		}
		a.URL = base + "/attachments/" + channelID + "/" + a.ID + "/" + url.PathEscape(a.Filename) + "?hm=" + d.sign(a.ID)
		a.ProxyURL = a.URL
		if d.attachments.files == nil {
			d.attachments.files = map[string]stored{}
		}
		d.attachments.files[a.ID] = stored{a, owner}
		all = append(all, a)
	}
	return all
}

// safeName returns a file name as Discord stores it.
func safeName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case strings.ContainsRune(`/\:*?"<>|`, r), r < ' ':
			return -1
		}
		return r
	}, path.Base(name))
}

// sign makes the address of a file one that cannot be guessed from its id.
func (d *Discord) sign(id string) string {
	mac := hmac.New(sha256.New, d.stamp)
	mac.Write([]byte(id))
	return hex.EncodeToString(mac.Sum(nil))
}

func (d *Discord) serveAttachment(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("attachment_id")
	d.mu.Lock()
	file, ok := d.attachments.files[id]
	d.mu.Unlock()
	if !ok || !hmac.Equal([]byte(r.FormValue("hm")), []byte(d.sign(id))) {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.ContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if !strings.HasPrefix(file.ContentType, "image/") {
		h.Set("Content-Disposition", "attachment")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.Data))
}

// origin returns where a client reaches this Discord.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
