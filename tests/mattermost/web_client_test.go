package mattermost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// The address of a card's meeting, for whoever is signed in, by a token as apps have it.
func (w *world) joins(method string, card *model.Post, user *model.User) answer {
	w.Helper()
	id, ok := w.facts(card)["card_id"].(string)
	if !ok {
		w.Fatalf("the card has no name: %v", w.facts(card))
	}
	request, err := http.NewRequest(method, w.url("/join/"+id), nil)
	w.check(err)
	if user != nil {
		request.Header.Set(model.HeaderAuth, "Bearer "+w.chat.SignIn(user))
	}
	return w.stays(request)
}

func TestACardsLinkLeadsMembersToItsMeeting(t *testing.T) {
	w := newWorld(t)
	bob, stranger := w.person("bob"), w.person("stranger")
	channel := w.room(w.ann, bob)
	w.types("/zoom start Sprint review", in(channel))
	card := w.cards(channel)[0]
	link := fmt.Sprint(w.facts(card)["meeting_link"])

	for _, method := range []string{"GET", "HEAD"} {
		got := w.joins(method, card, bob)
		if got.status != http.StatusSeeOther || got.header.Get("Location") != link || got.body != "" {
			t.Errorf("%s: status %d to %q: %s", method, got.status, got.header.Get("Location"), got.body)
		}
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: the headers are %v", method, got.header)
		}
	}

	w.run("by_others", func(w *world) {
		got := w.joins("GET", card, nil)
		if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			w.Errorf("without a session: status %d %s", got.status, got.header.Get("Content-Type"))
		}
		w.holds(got.body, "Sign in")
		theirs := w.joins("GET", card, stranger)
		none := w.visits("GET", server.SiteURL+"/plugins/zoom/join/"+strings.Repeat("0", 32), stranger)
		if theirs.status != http.StatusNotFound || none.status != http.StatusNotFound || theirs.body != none.body {
			w.Errorf("a stranger gets %d %s\nand without a card %d %s", theirs.status, theirs.body, none.status, none.body)
		}
		if got := w.joins("POST", card, bob); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "GET, HEAD" {
			w.Errorf("POST: status %d, allowed is %q", got.status, got.header.Get("Allow"))
		}
		w.expectLog("warn", "405")
	})

	// In whose name a post stands can change all that it says.
	w.run("after_the_post_was_changed", func(w *world) {
		w.chat.ChangePost(card.Id, func(post *model.Post) { post.AddProp("meeting_link", "https://zoom.us.evil.example/j/1") })
		if got := w.joins("GET", card, bob); got.header.Get("Location") != link {
			w.Errorf("led to %q", got.header.Get("Location"))
		}
	})

	w.run("after_the_end", func(w *world) {
		started := w.started(card)
		w.event(started)
		w.event(ended(started, 0))
		got := w.joins("GET", card, bob)
		if got.status != http.StatusGone || got.header.Get("Location") != "" {
			w.Errorf("status %d to %q", got.status, got.header.Get("Location"))
		}
		w.holds(got.body, "has ended", "/zoom start")
	})
}

// Which of these posts are the plugin's, as this user is told.
func (w *world) ours(user *model.User, posts ...*model.Post) []string {
	w.Helper()
	var ids []string
	for _, post := range posts {
		ids = append(ids, post.Id)
	}
	got := w.calls(call{method: "GET", path: "/api/v1/cards?ids=" + strings.Join(ids, ","), token: w.chat.SignIn(user)})
	if got.status != http.StatusOK {
		w.Fatalf("status %d %s, want 200", got.status, got.body)
	}
	var response struct{ Ours []string }
	w.check(json.Unmarshal([]byte(got.body), &response))
	return response.Ours
}

func TestForgedCardsAreNotOurs(t *testing.T) {
	w := newWorld(t)
	bob, stranger := w.person("bob"), w.person("stranger")
	channel := w.room(w.ann, bob)
	w.types("/zoom start Sprint review", in(channel))
	card := w.cards(channel)[0]
	forged := w.chat.Post(channel.Id, bob.Id, "", "I have started a Zoom meeting")
	// All that the card has, the server's mark for posts of plugins among it.
	w.chat.ChangePost(forged.Id, func(post *model.Post) {
		post.Type = card.Type
		post.SetProps(card.GetProps())
	})
	plain := w.chat.Post(channel.Id, bob.Id, "", "Hello")
	gone := &model.Post{Id: model.NewId()}

	if ours := w.ours(bob, forged, card, plain, gone); !slices.Equal(ours, []string{card.Id}) {
		t.Errorf("ours are %v, want %s alone", ours, card.Id)
	}
	if ours := w.ours(stranger, card); len(ours) != 0 {
		t.Errorf("a stranger is told of %v", ours)
	}
	w.chat.Leave(channel.Id, bob.Id)
	if ours := w.ours(bob, card); len(ours) != 0 {
		t.Errorf("who has left is told of %v", ours)
	}
	if ours := w.ours(w.ann, card, &model.Post{Id: "no-id"}, &model.Post{Id: "%00"}); !slices.Equal(ours, []string{card.Id}) {
		t.Errorf("beside what is no post's name ours are %v", ours)
	}
	w.chat.Delete(card.Id)
	if ours := w.ours(w.ann, card); len(ours) != 0 {
		t.Errorf("of a deleted card: %v", ours)
	}

	w.run("refused", func(w *world) {
		for path, status := range map[string]int{"?ids=" + card.Id: 401, "?ids=" + ids(51): 400} {
			token := w.chat.SignIn(w.ann)
			if status == 401 {
				token = ""
			}
			if got := w.calls(call{method: "GET", path: "/api/v1/cards" + path, token: token}); got.status != status {
				w.Errorf("status %d %s, want %d", got.status, got.body, status)
			}
			w.expectLog("warn", fmt.Sprint(status))
		}
	})
}

// Names of posts that are not there.
func ids(count int) string {
	var ids []string
	for range count {
		ids = append(ids, model.NewId())
	}
	return strings.Join(ids, ",")
}

// A question's facts, as a client gets them that draws it itself.
type asked struct {
	Kind     string `json:"type"`
	Status   string `json:"meeting_status"`
	Card     string `json:"card_id"`
	Recent   string `json:"recent_post_id"`
	Question string `json:"question"`
	Share    bool   `json:"share"`
	Answers  []struct {
		Button string          `json:"button"`
		Wanted json.RawMessage `json:"wanted"`
	} `json:"answers"`
}

func (w *world) asks(post *model.Post) asked {
	w.Helper()
	encoded, err := json.Marshal(post.GetProps())
	w.check(err)
	var facts asked
	w.check(json.Unmarshal(encoded, &facts))
	if facts.Kind != "custom_zoom" || facts.Question == "" || len(facts.Answers) == 0 {
		w.Fatalf("no question: %s", encoded)
	}
	return facts
}

// Gives one of a question's answers as the web client does.
func (w *world) gives(user *model.User, question asked, button, post string) answer {
	w.Helper()
	for _, possible := range question.Answers {
		if possible.Button == button {
			body, err := json.Marshal(map[string]any{"question": question.Question, "button": button, "post_id": post, "wanted": possible.Wanted, "request_id": model.NewId()})
			w.check(err)
			return w.calls(call{path: "/api/v1/answers", body: string(body), token: w.chat.SignIn(user)})
		}
	}
	w.Fatalf("the question has no answer %q: %v", button, question)
	return answer{}
}

func (w *world) lastSeen(user *model.User) *model.Post {
	w.Helper()
	seen := w.chat.Ephemerals(user.Id)
	if len(seen) == 0 {
		w.Fatal("the user was shown nothing")
	}
	return seen[len(seen)-1]
}

func TestTheWebClientAnswersQuestions(t *testing.T) {
	w := newWorld(t)
	bob := w.person("bob")

	w.run("about_a_recent_meeting", func(w *world) {
		channel := w.room(w.ann, bob)
		w.types("/zoom start First", in(channel))
		first := w.cards(channel)[0]
		got := w.calls(call{body: `{"channel_id":"` + channel.Id + `","topic":"Second","request_id":"r"}`, token: w.chat.SignIn(bob)})
		if got.status != 200 || got.body != `{"meeting_url":""}` {
			w.Fatalf("status %d %s, want a question", got.status, got.body)
		}
		shown := w.lastSeen(bob)
		question := w.asks(shown)
		if question.Status != "RECENTLY_CREATED" || question.Recent != first.Id || question.Card != w.facts(first)["card_id"] || question.Share {
			w.Errorf("the question is %+v", question)
		}
		got = w.gives(bob, question, "another", shown.Id)
		cards := w.cards(channel)
		if got.status != 200 || len(cards) != 2 {
			w.Fatalf("status %d %s, %d cards", got.status, got.body, len(cards))
		}
		w.holds(cards[1].Message, "Second")
		w.holds(got.body, fmt.Sprint(w.number(cards[1])))
		if now := w.lastSeen(bob); now.Id != shown.Id || len(now.Attachments()) != 0 || now.GetProp("question") != nil {
			w.Errorf("the question stands there still: %v", now)
		}
		if got := w.gives(bob, question, "another", shown.Id); got.status != 409 {
			w.Errorf("the same answer again: status %d %s, want 409", got.status, got.body)
		}
		w.expectLog("warn", "409")
		if cards := w.cards(channel); len(cards) != 2 {
			w.Errorf("%d cards, want 2", len(cards))
		}
	})

	w.run("about_the_meeting_id", func(w *world) {
		w.types("/zoom settings ask")
		root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
		w.types("/zoom start Sprint review", thread(root))
		shown := w.lastSeen(w.ann)
		question := w.asks(shown)
		if question.Status != "WHICH_MEETING_ID" || len(question.Answers) != 2 || shown.Attachments() == nil {
			w.Errorf("the question is %+v", question)
		}
		message := w.chat.Post(w.town.Id, bob.Id, "", "Mine")
		if got := w.gives(w.ann, question, "unique", message.Id); got.status != 403 {
			w.Errorf("in the place of a message: status %d %s, want 403", got.status, got.body)
		}
		w.expectLog("warn", "403")
		if got := w.gives(w.ann, question, "unique", shown.Id); got.status != 200 {
			w.Errorf("status %d %s, want 200", got.status, got.body)
		}
		if card := w.card(); card.RootId != root.Id || !strings.Contains(card.Message, "Sprint review") {
			w.Errorf("the card is below %q and says %q", card.RootId, card.Message)
		}
	})

	w.run("refused", func(w *world) {
		others := w.chat.AddChannel(model.ChannelTypePrivate, w.team, "others", bob)
		body := func(channel string) string {
			return `{"question":"0123456789abcdef","button":"unique","post_id":"` + model.NewId() + `","wanted":{"channel_id":"` + channel + `","id":"unique"}}`
		}
		token := w.chat.SignIn(w.ann)
		for _, c := range []struct {
			call   call
			status int
		}{
			{call{body: body(w.town.Id)}, 401},
			{call{body: body(others.Id), token: token}, 403},
			{call{body: "{}", token: token}, 400},
			{call{method: "GET", token: token}, 405},
		} {
			c.call.path = "/api/v1/answers"
			if got := w.calls(c.call); got.status != c.status {
				w.Errorf("status %d %s, want %d", got.status, got.body, c.status)
			}
			w.expectLog("warn", fmt.Sprint(c.status))
		}
	})
}
