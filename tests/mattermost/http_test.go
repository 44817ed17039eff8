package mattermost

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

// A request of the web client.
type call struct {
	method  string
	path    string
	body    string
	token   string
	headers map[string]string
}

func (w *world) calls(c call) answer {
	w.Helper()
	if c.method == "" {
		c.method = "POST"
	}
	if c.path == "" {
		c.path = "/api/v1/meetings"
	}
	request, err := http.NewRequest(c.method, w.url(c.path), strings.NewReader(c.body))
	w.check(err)
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set(model.HeaderAuth, "Bearer "+c.token)
	}
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	return w.do(request)
}

func TestTheButtonsRequestStartsAMeeting(t *testing.T) {
	w := newWorld(t)
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	body, err := json.Marshal(map[string]any{"channel_id": w.town.Id, "root_id": root.Id, "topic": "Sprint review", "use_pmi": "", "connection_id": "c"})
	w.check(err)
	got := w.calls(call{body: string(body), token: w.chat.SignIn(w.ann)})
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		t.Fatalf("status %d %s %s", got.status, got.header.Get("Content-Type"), got.body)
	}
	var response map[string]string
	w.check(json.Unmarshal([]byte(got.body), &response))
	card := w.card()
	if link := w.facts(card)["meeting_link"]; response["meeting_url"] != link || card.RootId != root.Id || card.UserId != w.ann.Id {
		t.Errorf("answer %v, card %v below %q by %s", response, link, card.RootId, card.UserId)
	}
	w.checkStartedProps(card, "Sprint review", false)
}

func TestTheButtonsRequestIsRefused(t *testing.T) {
	w := newWorld(t)
	bob := w.person("bob")
	others := w.chat.AddChannel(model.ChannelTypePrivate, w.team, "others", bob)
	ann := w.chat.SignIn(w.ann)
	in := func(channel string) string { return `{"channel_id":"` + channel + `"}` }
	cases := []struct {
		name   string
		call   call
		status int
	}{
		{"nobody signed in", call{body: in(w.town.Id)}, 401},
		{"a wrong token", call{body: in(w.town.Id), token: "wrong"}, 401},
		{"d29_GET", call{method: "GET", token: ann}, 405},
		{"d29_GET_with_a_body", call{method: "GET", body: in(w.town.Id), token: ann}, 405},
		{"PUT", call{method: "PUT", body: in(w.town.Id), token: ann}, 405},
		{"DELETE", call{method: "DELETE", token: ann}, 405},
		{"TRACE", call{method: "TRACE", token: ann}, 405},
		{"a method that nobody knows", call{method: "BREW", token: ann}, 405},
		{"a channel of others", call{body: in(others.Id), token: ann}, 403},
		{"no such channel", call{body: in(model.NewId()), token: ann}, 403},
		{"not JSON", call{body: "{", token: ann}, 400},
		{"empty", call{token: ann}, 400},
		{"null", call{body: "null", token: ann}, 400},
		{"no channel", call{body: "{}", token: ann}, 400},
		{"a channel that is a number", call{body: `{"channel_id":1}`, token: ann}, 400},
		{"a thread of another channel", call{body: `{"channel_id":"` + w.town.Id + `","root_id":"` + model.NewId() + `"}`, token: ann}, 400},
		{"not declared as JSON", call{body: in(w.town.Id), token: ann, headers: map[string]string{"Content-Type": "text/plain"}}, 400},
		{"d31_over_1_MiB", call{body: strings.Repeat(" ", 1<<20) + in(w.town.Id), token: ann}, 413},
		{"no such route", call{path: "/api/v1/nothing", token: ann}, 404},
		{"the plugin's root", call{path: "/", token: ann}, 404},
	}
	refused := map[int]int{}
	for _, c := range cases {
		refused[c.status]++
		w.run(c.name, func(w *world) {
			got := w.calls(c.call)
			if got.status != c.status {
				w.Errorf("status %d %s, want %d", got.status, got.body, c.status)
			}
			if strings.TrimSpace(got.body) == "" {
				w.Error("no reason is given")
			}
			if got.status == 405 && got.header.Get("Allow") == "" {
				w.Error("an answer 405 names no method that is allowed")
			}
		})
	}
	w.zoomWasNotAsked()
	if posts := w.chat.Posts(w.town.Id); len(posts) != 0 {
		t.Errorf("%d posts in the channel", len(posts))
	}
	w.theLogTellsOfRefusals(refused)
}

// Ends the plugin, which writes how often the same was refused. By status.
func (w *world) theLogTellsOfRefusals(refused map[int]int) {
	w.Helper()
	w.stop()
	for status, times := range refused {
		if told, _ := w.warned(fmt.Sprint(status)); told != times {
			w.Errorf("the log tells of %d refusals with status %d, want %d:\n%v", told, status, times, w.chat.Logs().Lines("warn"))
		}
	}
}

// The server names the user in one header and takes that header from clients. Nothing else may name one.
func TestOnlyTheServersWordSaysWhoAsks(t *testing.T) {
	w := newWorld(t)
	token := w.chat.SignIn(w.ann)
	body := `{"channel_id":"` + w.town.Id + `","user_id":"` + w.ann.Id + `"}`
	for name, headers := range map[string]map[string]string{
		"the server's header":                {"Mattermost-User-Id": w.ann.Id},
		"a look-alike":                       {"Mattermost_User_Id": w.ann.Id, "X-Mattermost-User-Id": w.ann.Id, "X-Forwarded-User": w.ann.Id},
		"a cookie":                           {"Cookie": "MMUSERID=" + w.ann.Id},
		"a cookie's session of another site": {"Cookie": model.SessionCookieToken + "=" + token},
	} {
		if got := w.calls(call{body: body, headers: headers}); got.status != 401 {
			t.Errorf("%s: status %d %s, want 401", name, got.status, got.body)
		}
	}
	if got := w.calls(call{path: "/api/v1/meetings?user_id=" + w.ann.Id, body: body}); got.status != 401 {
		t.Errorf("the query: status %d %s, want 401", got.status, got.body)
	}
	w.zoomWasNotAsked()

	cookie := map[string]string{"Cookie": model.SessionCookieToken + "=" + token, "X-Requested-With": "XMLHttpRequest"}
	if got := w.calls(call{body: body, headers: cookie}); got.status != 200 {
		t.Errorf("the web client's own session: status %d %s, want 200", got.status, got.body)
	}
}

func TestHeadersNeedNotBeUTF8(t *testing.T) {
	w := newWorld(t)
	got := w.calls(call{body: `{"channel_id":"` + w.town.Id + `"}`, token: w.chat.SignIn(w.ann), headers: map[string]string{"X-Name": "caf\xe9"}})
	if got.status != 200 {
		t.Errorf("status %d %s, want 200", got.status, got.body)
	}
	w.card()
}

// Anybody who is signed in can post to the address that buttons call. Only what the plugin itself sealed is passed on.
func TestForgedButtonsAndDialogsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	card := w.card()
	token := w.chat.SignIn(w.ann)
	press, err := json.Marshal(model.PostActionIntegrationRequest{
		UserId: w.ann.Id, ChannelId: w.town.Id, PostId: card.Id, TriggerId: model.NewId(),
		Context: map[string]any{"button": "end", "sealed": "Zm9yZ2Vk", "action": "Yes", "userID": w.ann.Id, "channelID": w.town.Id},
	})
	w.check(err)
	submission, err := json.Marshal(model.SubmitDialogRequest{
		UserId: w.ann.Id, ChannelId: w.town.Id, CallbackId: "preferences", State: "Zm9yZ2Vk", Submission: map[string]any{"preference": "restrict"},
	})
	w.check(err)
	for path, body := range map[string]string{"/action": string(press), "/dialog": string(submission)} {
		w.run(path[1:], func(w *world) {
			if got := w.calls(call{path: path, body: body}); got.status != 401 {
				w.Errorf("nobody signed in: status %d %s, want 401", got.status, got.body)
			}
			w.expectLog("warn", "nobody is signed in")
			got := w.calls(call{path: path, body: body, token: token})
			w.holds(got.body, "nothing was")
			w.expectLog("warn", "refused")
			for _, nonsense := range []string{"", "null", "[]", "{", `{"context":{}}`} {
				if got := w.calls(call{path: path, body: nonsense, token: token}); got.status != 400 {
					w.Errorf("body %q: status %d %s, want 400", nonsense, got.status, got.body)
				}
			}
		})
	}
	if after := w.card(); after.UpdateAt != card.UpdateAt {
		t.Error("the card was changed")
	}
}

// A body of unknown length, as some proxies send it.
func TestBodiesMayComeInChunks(t *testing.T) {
	w := newWorld(t)
	post := func(body string) answer {
		request, err := http.NewRequest("POST", w.url("/api/v1/meetings"), io.NopCloser(strings.NewReader(body)))
		w.check(err)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set(model.HeaderAuth, "Bearer "+w.chat.SignIn(w.ann))
		return w.do(request)
	}
	wanted := `{"channel_id":"` + w.town.Id + `"}`
	if got := post(wanted); got.status != 200 {
		t.Errorf("status %d %s, want 200", got.status, got.body)
	}
	if got := post(strings.Repeat(" ", 1<<20) + wanted); got.status != 413 {
		t.Errorf("over 1 MiB: status %d %s, want 413", got.status, got.body)
	}
}
