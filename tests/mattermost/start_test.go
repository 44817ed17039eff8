package mattermost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestHelpNamesEveryCommand(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"/zoom help", "/zoom"} {
		reply := w.types(text)
		w.holds(reply.Text(), "/zoom start", "/zoom share", "/zoom help")
	}
	w.holds(w.types("/zoom dance").Text(), "There is no `/zoom dance`", "/zoom start")
	w.zoomWasNotAsked()
}

func TestStartMakesAMeetingAndPostsItsCard(t *testing.T) {
	w := newWorld(t)
	reply := w.types("/zoom start Sprint review")
	if reply.Text() != "" {
		t.Errorf("the user is told %q", reply.Text())
	}
	card := w.card()
	number := w.number(card)
	if number <= 1<<31 {
		t.Errorf("meeting number %d", number)
	}
	link := fmt.Sprint(w.facts(card)["meeting_link"])
	w.holds(link, simulated.URL+fmt.Sprintf("/j/%d?pwd=", number))
	if reply.Goto != link {
		t.Errorf("the client goes to %q, want the meeting %q", reply.Goto, link)
	}
	if card.UserId != w.ann.Id || card.ChannelId != w.town.Id || card.RootId != "" {
		t.Errorf("the card is by %s in %s below %q", card.UserId, card.ChannelId, card.RootId)
	}
	w.holds(card.Message, "Sprint review", link)
	w.checkStartedProps(card, "Sprint review", false)
	w.checkAttachment(card, "Sprint review", link)
	if keys := w.chat.Stored(); len(keys) == 0 {
		t.Error("nothing is stored: the meeting's end would not find its card")
	}
}

// The official plugin's props, which mobile apps and other plugins read.
func (w *world) checkStartedProps(card *model.Post, topic string, personal bool) {
	w.Helper()
	facts := w.facts(card)
	wanted := map[string]any{
		"meeting_status": "STARTED", "meeting_topic": topic, "meeting_personal": personal, "meeting_creator_username": "ann", "meeting_provider": "Zoom",
	}
	for prop, want := range wanted {
		if facts[prop] != want {
			w.Errorf("prop %s is %v, want %v", prop, facts[prop], want)
		}
	}
}

// What clients show that do not know the post's type.
func (w *world) checkAttachment(card *model.Post, topic, link string) {
	w.Helper()
	attachments := card.Attachments()
	if len(attachments) != 1 {
		w.Fatalf("%d attachments, want 1", len(attachments))
	}
	attachment := attachments[0]
	w.holds(attachment.Title, topic)
	w.holds(strings.ReplaceAll(attachment.Text, " ", ""), fmt.Sprint(w.number(card)), link)
	w.holds(attachment.Fallback, topic, link)
}

func TestZoomIsAskedWithAFreshTokenAndNoMoreThanNeeded(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start Sprint review")
	requests := w.asked()
	if len(requests) != 2 {
		t.Fatalf("Zoom was asked %d times, want 2: %v", len(requests), requests)
	}
	for _, request := range requests {
		claims, err := zoom.Verify(request.Authorization)
		if err != nil {
			t.Fatalf("%s %s: %v", request.Method, request.Path, err)
		}
		if claims.Issuer != zoom.APIKey {
			t.Errorf("iss is %q, want the API Key", claims.Issuer)
		}
		if life := claims.Expires - request.AtMs/1000; life < 50 || life > 61 {
			t.Errorf("the token lives for %d seconds more, want about 60", life)
		}
		if request.Status >= 300 {
			t.Errorf("%s %s: status %d %s", request.Method, request.Path, request.Status, request.Hint)
		}
	}
	if user := requests[0]; user.Method != "GET" || !strings.HasPrefix(user.Path, "/v2/users/") {
		t.Errorf("first call is %s %s, want the user's lookup", user.Method, user.Path)
	}
	w.run("d02_the_users_own_zoom_settings_are_left_alone", func(w *world) {
		var body map[string]any
		if err := json.Unmarshal([]byte(requests[1].Body), &body); err != nil {
			w.Fatal(err)
		}
		if body["topic"] != "Sprint review" || body["type"] != 1.0 {
			w.Errorf("topic %v, type %v", body["topic"], body["type"])
		}
		for key := range body {
			if !slices.Contains([]string{"topic", "type", "default_password"}, key) {
				w.Errorf("the meeting is made with %s %v", key, body[key])
			}
		}
	})
}

func TestStartInAThreadStaysThere(t *testing.T) {
	w := newWorld(t)
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	w.types("/zoom start", thread(root))
	if card := w.card(); card.RootId != root.Id {
		t.Errorf("the card is below %q, want %q", card.RootId, root.Id)
	}
	for _, post := range w.types("/zoom help", thread(root)).Posts {
		if post.RootId != root.Id || post.ChannelId != w.town.Id {
			t.Errorf("the reply is below %q in %q, want %q in %q", post.RootId, post.ChannelId, root.Id, w.town.Id)
		}
	}
}

func TestStartWorksInEveryKindOfChannel(t *testing.T) {
	w := newWorld(t)
	guest := w.person("guest", server.Guest)
	direct, err := w.chat.API().GetDirectChannel(w.ann.Id, guest.Id)
	if err != nil {
		t.Fatal(err)
	}
	channels := map[string]*model.Channel{
		"open":    w.chat.AddChannel(model.ChannelTypeOpen, w.team, "open", guest),
		"private": w.chat.AddChannel(model.ChannelTypePrivate, w.team, "private", guest),
		"group":   w.chat.AddChannel(model.ChannelTypeGroup, nil, "group", guest, w.ann),
		"direct":  direct,
	}
	for name, channel := range channels {
		w.types("/zoom start", as(guest), in(channel))
		if cards := w.cards(channel); len(cards) != 1 || cards[0].UserId != guest.Id {
			t.Errorf("%s channel: %d cards", name, len(cards))
		}
	}
}

func TestStartIsRefusedBeforeZoomIsAsked(t *testing.T) {
	w := newWorldWith(t, with(goodSettings(), "RestrictMeetingCreation", true))
	bob := w.person("bob")
	channel := func(name string, kind model.ChannelType, members ...*model.User) *model.Channel {
		return w.chat.AddChannel(kind, w.team, name, members...)
	}
	archived, readOnly := channel("archived", model.ChannelTypePrivate, w.ann), channel("news", model.ChannelTypePrivate, w.ann)
	w.chat.Archive(archived.Id)
	w.chat.ReadOnly(readOnly.Id)
	cases := []struct {
		name    string
		channel *model.Channel
		says    string
	}{
		{"d11_without_permission_to_post", readOnly, "You may not post in this channel"},
		{"d11_in_an_archived_channel", archived, "archived"},
		{"in_a_channel_of_others", channel("others", model.ChannelTypePrivate, bob), "not a member"},
		{"in_a_public_channel_where_that_is_restricted", w.town, "may not be started in this channel"},
	}
	for _, c := range cases {
		w.run(c.name, func(w *world) {
			reply := w.types("/zoom start", in(c.channel))
			w.holds(reply.Text(), c.says)
			if posts := w.chat.Posts(c.channel.Id); len(posts) != 0 {
				w.Errorf("%d posts in the channel", len(posts))
			}
			w.zoomWasNotAsked()
		})
	}
}

func TestWhoZoomDoesNotKnowIsToldWhatToDo(t *testing.T) {
	w := newWorld(t)
	eve := w.stranger("eve")
	channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "eves", eve)
	reply := w.types("/zoom start", as(eve), in(channel))
	w.holds(reply.Text(),
		"We could not verify your Mattermost account in Zoom. Please ensure that your Mattermost email address matches your Zoom email address.",
		"administrator", "/zoom share")
	if posts := w.chat.Posts(channel.Id); len(posts) != 0 {
		t.Errorf("%d posts in the channel", len(posts))
	}
}

func TestAnAddressCountsOnlyWhenTheServerHasVerifiedIt(t *testing.T) {
	w := newWorld(t)
	w.chat.ChangeConfig(func(config *model.Config) { *config.EmailSettings.RequireEmailVerification = true })
	// The server tells its plugins of every change of its configuration.
	w.check(w.host.Reconfigure(goodSettings()))
	w.holds(w.types("/zoom start").Text(), "verified e-mail address")
	w.zoomWasNotAsked()
	w.chat.ChangeUser(w.ann.Id, func(user *model.User) { user.EmailVerified = true })
	w.types("/zoom start")
	w.card()
}

// Each of Zoom's troubles has a sentence of its own: only an unknown user is told to look at the address.
func TestZoomsTroublesAreTold(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		name   string
		answer map[string]any
		says   string
		level  string
		logs   string
	}{
		{"token refused", map[string]any{"kind": "error", "status": 401, "code": 124, "message": "Invalid access token."}, "the plugin’s credentials", "error", "does not accept the plugin's credentials"},
		{"too many calls", map[string]any{"kind": "rate_limited", "retry_after": "seconds", "seconds": 30}, "30 seconds", "warn", "rate limit"},
		{"page of a proxy", map[string]any{"kind": "bad_gateway"}, "trouble of its own", "warn", "status 502"},
		{"no answer", map[string]any{"kind": "disconnect"}, "again in a minute", "warn", "answer"},
		{"success that is none", map[string]any{"kind": "error", "status": 200, "code": 200, "message": "No permission."}, "Zoom", "warn", "200"},
		{"empty answer", map[string]any{"kind": "empty", "status": 200}, "makes no sense", "warn", "status 200"},
	}
	for _, c := range cases {
		w.run(c.name, func(w *world) {
			w.check(simulated.FailNext("/users/", c.answer))
			reply := w.types("/zoom start")
			w.holds(reply.Text(), c.says)
			if strings.Contains(reply.Text(), "could not verify") {
				w.Errorf("the user is told to look at the address: %q", reply.Text())
			}
			w.expectLog(c.level, c.logs)
		})
	}
	if cards := w.cards(w.town); len(cards) != 0 {
		t.Errorf("%d cards", len(cards))
	}
}

func TestAMeetingThatCouldNotBePostedReachesItsHost(t *testing.T) {
	w := newWorld(t)
	w.chat.FailNext("CreatePost", 1, http.StatusInternalServerError)
	reply := w.types("/zoom start")
	w.holds(reply.Text(), "could not be posted", simulated.URL+"/j/")
	w.expectLog("error", "card could not be posted")
	if cards := w.cards(w.town); len(cards) != 0 {
		t.Errorf("%d cards", len(cards))
	}
}

func TestTopicsAreShownAsTheyWereTyped(t *testing.T) {
	w := newWorld(t)
	cases := map[string]string{
		"long":          strings.Repeat("word ", 1000),
		"markdown":      "**bold** [link](https://evil.example) `code` ![image](https://evil.example/x.png)",
		"mentions":      "@all @channel @here come ~town-square",
		"lines":         "first\n# second\n> third",
		"right to left": "שלום \u202e evil",
	}
	for name, topic := range cases {
		w.run(name, func(w *world) {
			channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", w.ann)
			reply := w.types("/zoom start "+topic, in(channel))
			if reply.Text() != "" {
				w.Fatalf("the user is told %q", reply.Text())
			}
			card := w.cards(channel)[0]
			shown := fmt.Sprint(w.facts(card)["meeting_topic"])
			if length := utf8.RuneCountInString(shown); length == 0 || length > 200 {
				w.Errorf("a topic of %d characters", length)
			}
			for _, text := range []string{card.Message, card.Attachments()[0].Title, card.Attachments()[0].Text} {
				for _, bad := range []string{"@all", "@channel", "@here", "](https://evil", "**bold**", "\n#", "\n>", "\u202e"} {
					if strings.Contains(text, bad) {
						w.Errorf("%q stands in %q", bad, text)
					}
				}
			}
		})
	}
}

func TestSharePostsAPersonalMeetingWithoutZoom(t *testing.T) {
	w := newWorld(t)
	eve := w.stranger("eve")
	link := simulated.URL + "/j/1234567890?pwd=abcDEF.1"
	good := []struct{ typed, link, topic string }{
		{"123 456 7890", simulated.URL + "/j/1234567890", ""},
		{"123-456-7890 Weekly", simulated.URL + "/j/1234567890", "Weekly"},
		{link + " Weekly", link, "Weekly"},
	}
	for _, c := range good {
		w.run(c.typed, func(w *world) {
			channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", eve)
			if reply := w.types("/zoom share "+c.typed, as(eve), in(channel)); reply.Text() != "" {
				w.Fatalf("the user is told %q", reply.Text())
			}
			card := w.cards(channel)[0]
			facts := w.facts(card)
			if facts["meeting_link"] != c.link || facts["meeting_personal"] != true || w.number(card) != 1234567890 || card.UserId != eve.Id {
				w.Errorf("card by %s: %v", card.UserId, facts)
			}
			w.holds(fmt.Sprint(facts["meeting_topic"]), c.topic)
			w.checkAttachment(card, c.topic, c.link)
		})
	}
	for _, typed := range []string{"", "12345", "https://evil.example/j/1234567890", "javascript:alert(1)", simulated.URL + "/s/1234567890?zak=x"} {
		if reply := w.types("/zoom share "+typed, as(eve)); reply.Text() == "" {
			t.Errorf("share %q is refused without a word", typed)
		}
	}
	w.zoomWasNotAsked()
}

func TestD17TouchingAnOldCardDoesNotStopANewMeeting(t *testing.T) {
	t.Run("d17_a_reaction_to_an_old_card_is_no_recent_meeting", func(t *testing.T) {
		w := newWorld(t)
		w.types("/zoom start first")
		w.chat.ChangePost(w.card().Id, func(post *model.Post) {
			post.CreateAt -= time.Minute.Milliseconds()
			post.HasReactions = true
		})
		reply := w.types("/zoom start second")
		if reply.Text() != "" || len(w.cards(w.town)) != 2 {
			t.Errorf("%d cards, and the user is told %q", len(w.cards(w.town)), reply.Text())
		}
	})
}

// Addresses hold characters that mean something in a URL.
func TestEveryAddressFindsItsUser(t *testing.T) {
	w := newWorld(t)
	for _, local := range []string{"ann+zoom", "o'brien", "50%off", "a/b", "a?b#c", "a&b=c"} {
		w.run(local, func(w *world) {
			user := w.chat.AddUser("someone", local+"-"+model.NewId()+"@example.com")
			_, err := simulated.AddUser(user.Email)
			w.check(err)
			channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", user)
			if reply := w.types("/zoom start", as(user), in(channel)); reply.Text() != "" || len(w.cards(channel)) != 1 {
				w.Errorf("%d cards, and the user is told %q", len(w.cards(channel)), reply.Text())
			}
		})
	}
}

func TestRepliesAreTheBotsAndSeenByOneAlone(t *testing.T) {
	w := newWorld(t)
	bob := w.person("bob")
	reply := w.types("/zoom help")
	if len(reply.Posts) != 1 {
		t.Fatalf("%d replies, want 1", len(reply.Posts))
	}
	author, err := w.chat.API().GetUser(reply.Posts[0].UserId)
	if err != nil || !author.IsBot || author.Username != "zoom" {
		t.Errorf("the reply is by %v (%v), want the bot zoom", author, err)
	}
	if seen := w.chat.Ephemerals(bob.Id); len(seen) != 0 {
		t.Errorf("another user saw %d replies", len(seen))
	}
	if posts := w.chat.Posts(w.town.Id); len(posts) != 0 {
		t.Errorf("%d posts in the channel", len(posts))
	}
}

// Zoom's silence costs the user some seconds and nothing else.
func TestAZoomThatDoesNotAnswerIsGivenUp(t *testing.T) {
	w := newWorld(t)
	w.check(simulated.Delay("/meetings", 60_000))
	reply := w.types("/zoom start")
	w.holds(reply.Text(), "did not answer in time")
	w.expectLog("warn", "did not answer in time")
	if cards := w.cards(w.town); len(cards) != 0 {
		t.Errorf("%d cards", len(cards))
	}
	w.types("/zoom start")
	w.card()
}
