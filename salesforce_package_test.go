package main

import (
	"archive/zip"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dispatch/playground"
)

// apex is what an org would run of a package, done in Go: it goes by what the generated classes say, step by step,
// and fails the test where they say something else.
type apex struct {
	t               *testing.T
	handler, sender string // the classes
	url, secret     string // what the custom metadata record says
}

// apexOf reads the package that is attached to the answer to generate-url.
func apexOf(w *world, reply *playground.Reply) apex {
	w.t.Helper()
	if len(reply.Message.Attachments) != 1 || !strings.HasSuffix(reply.Message.Attachments[0].Filename, ".zip") {
		w.t.Fatalf("attachments: %+v", reply.Message.Attachments)
	}
	answer := httptest.NewRecorder()
	w.discord.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, reply.Message.Attachments[0].URL, http.NoBody))
	archive, err := zip.NewReader(bytes.NewReader(answer.Body.Bytes()), int64(answer.Body.Len()))
	if err != nil {
		w.t.Fatal(err)
	}
	a := apex{t: w.t}
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			w.t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(f.Name, "Handler.cls"):
			a.handler = string(text)
		case strings.HasSuffix(f.Name, "Sender.cls"):
			a.sender = string(text)
		case strings.HasSuffix(f.Name, ".Source.md-meta.xml"):
			a.readSettings(text)
		}
	}
	return a
}

func (a *apex) readSettings(record []byte) {
	var values struct {
		Values []struct {
			Field string `xml:"field"`
			Value string `xml:"value"`
		} `xml:"values"`
	}
	if err := xml.Unmarshal(record, &values); err != nil {
		a.t.Fatal(err)
	}
	for _, v := range values.Values {
		switch v.Field {
		case "Url__c":
			a.url = v.Value
		case "Secret__c":
			a.secret = v.Value
		}
	}
}

// find is what the pattern's group matches in the class, line breaks counting as spaces.
func (a apex) find(class, pattern string) string {
	a.t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(strings.Join(strings.Fields(class), " "))
	if found == nil {
		a.t.Fatalf("the class has no %s", pattern)
	}
	return found[1]
}

// operand matches a part of a concatenation: a literal, or anything else up to the next plus.
var operand = regexp.MustCompile(`'([^']*)'|([^'+ ][^+]*[^'+ ]|\w)`)

// concat is the value of a concatenation in Apex.
func (a apex) concat(expression string, values map[string]string) string {
	a.t.Helper()
	var out strings.Builder
	for _, part := range operand.FindAllStringSubmatch(expression, -1) {
		value, known := values[part[2]]
		if part[2] != "" && !known {
			a.t.Fatalf("nobody knows what %s is", part[2])
		}
		out.WriteString(part[1] + value)
	}
	return out.String()
}

// event is what the handler makes of a change, with the names of related records.
func (a apex) event(eventType string, old, fields, names map[string]any) string {
	a.t.Helper()
	text := a.find(a.handler, `String eventOf\([^)]*\) \{ return (.+?); \}`)
	withOld := a.find(text, `\+ \(old\.isEmpty\(\) \? '' : ('[^']*' \+ JSON\.serialize\(old\))\) \+`)
	choice := "(old.isEmpty() ? '' : " + withOld + ")"
	if len(old) == 0 {
		withOld = "''"
	}
	event := a.concat(strings.Replace(text, choice, withOld, 1), map[string]string{
		"JSON.serialize(eventType)": encoded(a.t, eventType), "JSON.serialize(ORG)": `"https://acme.my.salesforce.com"`,
		"JSON.serialize(old)": encoded(a.t, old), "JSON.serialize(fields)": encoded(a.t, fields),
	})
	end := a.find(a.handler, `events\[i\]\.removeEnd\('([^']*)'\) \+ namesOf\(row, relations\) \+ '}}'`)
	member := a.find(a.handler, `members \+= (.+?);`)
	event, whole := strings.CutSuffix(event, end)
	if !whole {
		a.t.Fatalf("an event does not end in %s: %s", end, event)
	}
	for relation, related := range names {
		event += a.concat(member, map[string]string{"relation": relation, "JSON.serialize(names)": encoded(a.t, related)})
	}
	return event + end
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// send sends the events as the sender does, and gives status and answer.
func (a apex) send(key string, events ...string) (int, string) {
	a.t.Helper()
	joined := a.find(a.sender, `return '[^']*' \+ (String\.join\(\w+Handler\.named\(these, theirs\), ','\)) \+ '[^']*';`)
	body := a.concat(strings.Replace(a.find(a.sender, `return ('[^']*' \+ String\.join.+?);`), joined, "joined", 1), map[string]string{"joined": strings.Join(events, ",")})
	a.find(a.sender, `(Blob payload = Blob\.valueOf\(body\);)`)
	a.find(a.sender, `(request\.setBodyAsBlob\(payload\);)`)
	a.find(a.sender, `return (EncodingUtil\.convertToHex\(Crypto\.generateMac\('HmacSHA256', payload, Blob\.valueOf\(secret\)\)\));`)
	mac := hmac.New(sha256.New, []byte(a.secret))
	mac.Write([]byte(body))
	values := map[string]string{"key": key, "part": "1", "signatureOf(payload, target.secret)": hex.EncodeToString(mac.Sum(nil))}

	method := a.find(a.sender, `request\.setMethod\('(\w+)'\)`)
	request, err := http.NewRequestWithContext(within(a.t), method, a.url, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	for _, set := range regexp.MustCompile(`request\.setHeader\('([^']+)', (.+)\);`).FindAllStringSubmatch(a.sender, -1) {
		request.Header.Set(set[1], a.concat(set[2], values))
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestWhatTheApexSendsIsAccepted(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	w.run("salesforce connect", map[string]any{"name": "Acme", "channel": "sales"})
	org := apexOf(w, w.run("salesforce generate-url", map[string]any{"source": "Acme", "objects": "Opportunity, Case"}))

	won := org.event("Opportunity.updated", map[string]any{"StageName": "Negotiation", "NextStep": nil},
		map[string]any{
			"attributes": map[string]any{"type": "Opportunity"}, "Id": "0061x00000D4eF5AAD", "Name": "Zoë's \"deal\" ✓",
			"StageName": "Closed Won", "IsClosed": true, "IsWon": true, "Amount": 135000.50, "NextStep": "Sign", "AccountId": "0011x00000sk32JAAQ",
		},
		map[string]any{"Account": map[string]any{"Name": "Halvorsen Shipping AS"}})
	deleted := org.event("Case.deleted", nil,
		map[string]any{"attributes": map[string]any{"type": "Case"}, "Id": "5001x00000AbCdEAAV", "CaseNumber": "00001026"}, nil)
	if status, answer := org.send("once", won, deleted); status != accepted || strings.Count(answer, "-") != 8 {
		t.Fatalf("two events: %d %s", status, answer)
	}
	if status, answer := org.send("once", won, deleted); status != http.StatusConflict {
		t.Errorf("the same again: %d %s", status, answer)
	}
	shown := map[string]playground.Embed{}
	messages, err := w.discord.WaitMessages(within(t), "sales", 1)
	for err == nil && len(shown) < 2 {
		for _, m := range messages {
			for _, embed := range m.Embeds {
				shown[embed.URL] = embed
			}
		}
		if len(shown) < 2 {
			messages, err = w.discord.WaitMessages(within(t), "sales", len(messages)+1)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	embed := shown["https://acme.my.salesforce.com/lightning/r/Opportunity/0061x00000D4eF5AAD/view"]
	if text := encoded(t, embed); embed.Color != green || !strings.Contains(text, "Negotiation → Closed Won") || !strings.Contains(text, "Halvorsen Shipping AS") {
		t.Errorf("the won deal is shown as %s", text)
	}
}

// The most that the Apex puts into one callout is what we take in one.
func TestTheLargestBatchOfTheApexIsAccepted(t *testing.T) {
	w := newWorld(t, playground.Options{})
	w.start()
	w.run("salesforce connect", map[string]any{"name": "Acme", "channel": "sales"})
	org := apexOf(w, w.run("salesforce generate-url", map[string]any{"source": "Acme"}))
	if most := org.find(org.sender, `MAX_EVENTS = (\d+);`); most != "200" {
		t.Errorf("the Apex sends %s events at once", most)
	}
	const characters = 1_000_000
	if most := org.find(org.sender, `maxBody = (\d+);`); most != "1000000" {
		t.Errorf("the Apex sends %s characters at once", most)
	}
	events := make([]string, 200)
	for i := range events {
		events[i] = org.event("Account.updated", nil, map[string]any{"Id": "0011x00000sk32JAAQ", "Description": strings.Repeat("語", characters/len(events)-200)}, nil)
	}
	if status, answer := org.send("large", events...); status != accepted || strings.Count(answer, `","`) != 199 {
		t.Errorf("200 events: %d %.200s", status, answer)
	}
	if status, answer := org.send("too many", slices.Concat(events, events[:1])...); status != http.StatusBadRequest {
		t.Errorf("201 events: %d %.200s", status, answer)
	}
}
