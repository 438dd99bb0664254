package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dispatch/bot"
	"dispatch/delivery"
	"dispatch/locales"
)

func TestRefusalsMeanWhatTheySay(t *testing.T) {
	const (
		pause, wrong, later, down, stop = delivery.Pause, delivery.Wrong, delivery.Later, delivery.Down, delivery.Stop
		blocked                         = 2 * time.Hour // a 429 or slow mode that says so
	)
	code := func(code int) string { return fmt.Sprintf(`{"code":%d,"message":"No"}`, code) }
	tests := map[string]struct {
		status int
		body   string
		want   delivery.Verdict
		pause  string
		after  time.Duration
	}{
		"unknown channel":         {404, code(10003), pause, "pause.channel_gone", 0},
		"unknown guild":           {404, code(10004), pause, "pause.guild_gone", 0},
		"missing access":          {403, code(50001), pause, "pause.no_access", 0},
		"missing permissions":     {403, code(50013), pause, "pause.no_permission", 0},
		"not a text channel":      {400, code(50008), pause, "pause.not_text", 0},
		"not this kind":           {400, code(50024), pause, "pause.not_text", 0},
		"post without a message":  {403, code(40058), pause, "pause.forum", 0},
		"a tag is required":       {400, code(40067), pause, "pause.forum_tag", 0},
		"thread is locked":        {400, code(160005), pause, "pause.thread_locked", 0},
		"thread is archived":      {400, code(50083), pause, "pause.thread_archived", 0},
		"another's token":         {401, code(50027), pause, "pause.refused", 0},
		"invalid form body":       {400, code(50035), wrong, "", 0},
		"empty message":           {400, code(50006), wrong, "", 0},
		"automatic moderation":    {400, code(200000), wrong, "", 0},
		"moderated title":         {400, code(200001), wrong, "", 0},
		"harmful links":           {400, code(240000), wrong, "", 0},
		"slow mode":               {429, `{"code":20016,"message":"Slow","retry_after":7200}`, later, "", blocked},
		"channel write limit":     {429, `{"code":20028,"message":"No","retry_after":7200}`, later, "", blocked},
		"guild write limit":       {403, code(20029), later, "", 0},
		"sending is disabled":     {400, code(40004), later, "", 0},
		"feature is disabled":     {400, code(40006), later, "", 0},
		"service is busy":         {400, code(40062), later, "", 0},
		"cloudflare by code":      {403, code(40333), later, "", 0},
		"API is overloaded":       {400, code(130000), later, "", 0},
		"too many active posts":   {400, code(160006), later, "", 0},
		"overloaded":              {503, code(130000), later, "", 0},
		"token is wrong":          {401, `{"code":0,"message":"401: Unauthorized"}`, stop, "", 0},
		"token, by code":          {401, code(50014), stop, "", 0},
		"token, by a proxy":       {401, "", stop, "", 0},
		"unknown 400":             {400, code(99999), wrong, "", 0},
		"general error":           {400, `{"code":0,"message":"400: Bad Request"}`, wrong, "", 0},
		"too large":               {413, code(40005), wrong, "", 0},
		"400 from before the API": {400, "<html>400 Bad Request</html>", down, "", 0},
		"unknown 403":             {403, code(99999), pause, "pause.refused", 0},
		"403 from before the API": {403, "<html>Attention Required!</html>", down, "", 0},
		"unknown 404":             {404, code(10099), pause, "pause.refused", 0},
		"404 of the API itself":   {404, `{"code":0,"message":"404: Not Found"}`, down, "", 0},
		"404 from before the API": {404, "not here", down, "", 0},
		"request timeout":         {408, code(0), later, "", 0},
		"too early":               {425, code(0), later, "", 0},
		"rate limited":            {429, `{"message":"You are being rate limited.","retry_after":7200,"global":false}`, later, "", blocked},
		"500":                     {500, `{"code":0,"message":"500: Internal Server Error"}`, down, "", 0},
		"502":                     {502, "<html>", down, "", 0},
		"504":                     {504, "", down, "", 0},
		"null":                    {500, "null", down, "", 0},
		"not our kind of JSON":    {400, `{"code":"x","message":7}`, down, "", 0},
	}
	var bodies []string
	for name, tc := range tests {
		bodies = append(bodies, tc.body)
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, answer(tc.status, tc.body, bucket1))
			got := newBot(t, bot.Options{APIURL: url}).Channels().Send(t.Context(), batchOf(1))[0]
			if got.Verdict != tc.want || got.Reason != tc.pause || got.Err == nil {
				t.Errorf("verdict %v, reason %q, error %v; want %v, %q", got.Verdict, got.Reason, got.Err, tc.want, tc.pause)
			}
			if got.After.Round(time.Minute) != tc.after {
				t.Errorf("after %v, want %v", got.After, tc.after)
			}
			if tc.pause != "" && locales.For("en-US").T(tc.pause) == tc.pause {
				t.Errorf("nobody wrote what %s says", tc.pause)
			}
		})
	}
	t.Run("every row is tested", func(t *testing.T) {
		for _, code := range bot.Codes() {
			row := fmt.Sprintf(`"code":%d,`, code)
			if !slices.ContainsFunc(bodies, func(body string) bool { return strings.Contains(body, row) }) {
				t.Errorf("no test for code %d", code)
			}
		}
	})
}
