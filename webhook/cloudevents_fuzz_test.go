package webhook_test

import (
	"net/http"
	"testing"
)

// FuzzCloudEvents looks for what a reader of CloudEvents makes us fail at: whoever sends it is to blame.
func FuzzCloudEvents(f *testing.F) {
	f.Add("application/json", "1.0", "1", "2026-03-01T12:00:00Z", "Ce-Extra", `{"a":1}`)
	f.Add("", "1.0", "1", "x", "Ce-", `"action": "GET"`)
	f.Add(structured, "", "", "", "", `{"specversion":"1.0","id":"1","source":"/","type":"t","data":{"a":[1,{}]},"x":{}}`)
	f.Add(structured, "", "", "", "", `{"data_base64":"eyJhIjoxfQ==","data":1,"specversion":"1.0","id":1,"source":"%","type":null}`)
	f.Add(structured, "", "", "", "", `{"specversion":"0.3","datacontentencoding":"base64","data":"e30=","schemaurl":"%zz"}`)
	f.Add(batched, "", "", "", "", `[{"specversion":"1.0","id":"1","source":"/","type":"t"},null,[],{"specversion":"1.0","time":1}]`)
	f.Fuzz(func(t *testing.T, contentType, version, id, at, extension, body string) {
		in := newInbox()
		h := acting(in, new(orgs))
		for _, path := range []string{"/cloudevents/always", "/cloudevents/keyed", "/hooks/keyed"} {
			r := call{path: path, body: body, empty: body == "", header: keyed(contentType)}.request(t, "http://dispatch.example")
			for name, value := range map[string]string{"Ce-Specversion": version, "Ce-Id": id, "Ce-Source": "/", "Ce-Type": "t", "Ce-Time": at} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			if contentType == "" {
				r.Header.Del("Content-Type")
			}
			r.Header[http.CanonicalHeaderKey(extension)] = []string{id}
			got := roundTrip(h, r)
			if got.status >= 500 && got.status != http.StatusLoopDetected {
				t.Errorf("%s answered %d %s", path, got.status, got.body)
			}
		}
		for _, e := range in.all() {
			if e.Type == "" || len(e.Body) == 0 {
				t.Errorf("accepted %+v", e)
			}
		}
	})
}
