package mattermost

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// What lies in a store when the official plugin is replaced, all six kinds of it.
type inheritance struct {
	// Tokens that live, that have run out, and of one Zoom account that two users share.
	fresh, expired, first, second *model.User
	freshTokens                   zoom.Tokens
	// Who chose the personal meeting, who did so in the days of the server's own preferences, and who wants to be asked.
	personal, older, asked *model.User
	restricted             *model.Channel
	followed               zoom.Meeting
	following              *model.Channel
	running                *model.Post
	runningAs              zoom.Event
}

func (w *world) leaveInheritance() *inheritance {
	w.Helper()
	left := &inheritance{
		fresh: w.ann, expired: w.person("expired"), first: w.person("first"), second: w.stranger("second"),
		personal: w.person("personal"), older: w.person("older"), asked: w.person("asked"),
	}
	soon, past := time.Now().Add(50*time.Minute), time.Now().In(time.FixedZone("", 5*3600+1800)).Add(-time.Hour)
	left.freshTokens = w.leaveOfficialToken(left.fresh, soon)
	w.leaveOfficialToken(left.expired, past)
	w.leaveOfficialTokenOf(left.first, left.first.Email, past)
	w.leaveOfficialTokenOf(left.second, left.first.Email, soon.Add(time.Minute))
	for _, user := range []*model.User{left.personal, left.older, left.asked} {
		w.leaveOfficialToken(user, soon)
	}
	w.leaveJSON("zoomUserPreference_"+left.personal.Id, "true", 0)
	w.leaveJSON("zoomUserPreference_"+left.asked.Id, "ask", 0)
	w.chat.Prefer(left.older.Id, "plugin:zoom", "use-pmi", "true")

	left.restricted = w.room(w.ann)
	w.leaveJSON("zoomChannelSettings", map[string]any{left.restricted.Id: map[string]any{"Preference": "restrict"}}, 0)

	var err error
	left.followed, err = simulated.AddMeeting(w.ann.Email, "Weekly", 3)
	w.check(err)
	left.following = w.room(w.ann)
	w.leaveJSON(fmt.Sprintf("meeting_channel_%d", left.followed.ID), map[string]any{"channel_id": left.following.Id, "is_subscription": true, "created_by": w.ann.Id}, 0)
	w.leaveJSON("subscription_index_"+w.ann.Id, map[string]any{"meeting_ids": []int64{left.followed.ID}}, 0)

	meeting, err := simulated.AddMeeting(w.ann.Email, "Running", 1)
	w.check(err)
	left.running = w.leaveOfficialCard(w.town, meeting)
	left.runningAs = zoom.Event{Name: "meeting.started", ID: fmt.Sprint(meeting.ID), UUID: newUUID(), Topic: "Running", Start: zoom.UTC(time.Now().Add(-20 * time.Minute))}
	w.leave("post_meeting_"+url.PathEscape(left.runningAs.UUID), []byte(left.running.Id), 86400)
	w.leaveJSON(fmt.Sprintf("meeting_channel_%d", meeting.ID), map[string]any{"channel_id": w.town.Id, "is_subscription": false, "created_by": w.ann.Id}, 86400)
	return left
}

// A card of the official plugin whose meeting runs.
func (w *world) leaveOfficialCard(channel *model.Channel, meeting zoom.Meeting) *model.Post {
	w.Helper()
	post := w.chat.Post(channel.Id, w.ann.Id, "", "I have started a meeting")
	link := fmt.Sprintf("%s/j/%d?pwd=abc", simulated.URL, meeting.ID)
	w.chat.ChangePost(post.Id, func(post *model.Post) {
		post.Type = "custom_zoom"
		post.CreateAt -= 20 * time.Minute.Milliseconds()
		post.SetProps(map[string]any{
			"attachments": []*model.SlackAttachment{{Title: meeting.Topic, Text: fmt.Sprintf("Meeting ID: [%d](%s)\n\n[Join Meeting](%s)", meeting.ID, link, link)}},
			"meeting_id":  meeting.ID, "meeting_uuid": "", "meeting_link": link, "meeting_status": "STARTED", "meeting_personal": false,
			"meeting_topic": meeting.Topic, "meeting_creator_username": "ann", "meeting_provider": "Zoom",
			// The server's mark for posts of plugins.
			"from_plugin": "true",
		})
	})
	return post
}

func newUpgradedWorld(t *testing.T) (*world, *inheritance) {
	t.Helper()
	app := newApp(t, "user")
	var left *inheritance
	w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
		w.app = &app
		left = w.leaveInheritance()
	})
	return w, left
}

func TestUpgradeFromTheOfficialPluginsStore(t *testing.T) {
	w, left := newUpgradedWorld(t)
	w.run("tokens that live are used as they are", func(w *world) {
		before := w.tokenRequests()
		w.check(simulated.Forget())
		w.meets(left.fresh)
		if after := w.tokenRequests(); after != before {
			w.Errorf("Zoom was asked for tokens: %+v, before %+v", after, before)
		}
		for _, request := range w.asked() {
			if request.Authorization != "Bearer "+left.freshTokens.Access {
				w.Errorf("%s %s has another token", request.Method, request.Path)
			}
		}
	})
	w.run("a token that has run out is renewed once", func(w *world) {
		before := w.tokenRequests().Refresh
		w.meets(left.expired)
		w.meets(left.expired)
		if after := w.tokenRequests().Refresh; after.Granted-before.Granted != 1 || after.Refused != before.Refused {
			w.Errorf("refreshes %+v, before %+v, want one more", after, before)
		}
	})
	w.run("two users of one zoom account", func(w *world) {
		for range 2 {
			for _, user := range []*model.User{left.first, left.second} {
				if host := w.hostOf(w.meets(user)); host != left.first.Email {
					w.Errorf("%s's meeting is held by %s", user.Username, host)
				}
			}
			// The second round renews the one grant that Zoom still knows.
			w.check(simulated.ExpireAccessTokens())
		}
	})
	w.run("preferences", func(w *world) {
		for _, user := range []*model.User{left.personal, left.older} {
			if facts := w.facts(w.meets(user)); facts["meeting_personal"] != true {
				w.Errorf("%s's meeting is not the personal one: %v", user.Username, facts)
			}
		}
		room := w.room(left.asked)
		w.types("/zoom start", as(left.asked), in(room))
		shown := w.chat.Ephemerals(left.asked.Id)
		w.presses(left.asked, shown[len(shown)-1], "unique")
		if cards := w.cards(room); len(cards) != 1 {
			w.Errorf("%d cards after the answer", len(cards))
		}
	})
	w.run("a restricted channel", func(w *world) {
		w.holds(w.types("/zoom start", in(left.restricted)).Text(), "may not be started in this channel")
		if cards := w.cards(left.restricted); len(cards) != 0 {
			w.Errorf("%d cards", len(cards))
		}
	})
	w.run("a followed meeting", func(w *world) { w.checkFollowed(left) })
	w.run("f70_a_running_card_is_drawn_and_leads_to_its_meeting", func(w *world) { w.checkDrawn() })
	w.run("a running card", func(w *world) {
		end := ended(left.runningAs, 47*time.Minute)
		w.event(end)
		w.event(end)
		card := w.card()
		if card.Id != left.running.Id {
			w.Errorf("another card stands there")
		}
		w.checkEnded(card, left.runningAs, end, "47 minutes")
	})
	w.nothingLiesInTheClear()
	w.noOfficialTokenIsLeft()
	w.restartsWithEverything(left)
}

// Before Zoom says anything about it, and for nobody but its channel's members.
func (w *world) checkDrawn() {
	w.Helper()
	running, stranger := w.card(), w.stranger("stranger")
	forged := w.chat.Post(w.town.Id, w.ann.Id, "", "I have started a meeting")
	w.chat.ChangePost(forged.Id, func(post *model.Post) {
		post.Type = running.Type
		post.SetProps(running.GetProps())
	})
	defer w.chat.Delete(forged.Id)
	if ours := w.ours(w.ann, running, forged); !slices.Equal(ours, []string{running.Id}) {
		w.Errorf("ours are %v, want %s alone", ours, running.Id)
	}
	join := func(post *model.Post, user *model.User) answer {
		return w.visits("GET", server.SiteURL+"/plugins/zoom/join/post/"+post.Id, user)
	}
	link := fmt.Sprint(w.facts(running)["meeting_link"])
	if got := join(running, w.ann); got.status != http.StatusSeeOther || got.header.Get("Location") != link {
		w.Errorf("status %d to %q, want %q", got.status, got.header.Get("Location"), link)
	}
	for _, got := range []answer{join(forged, w.ann), join(running, stranger)} {
		if got.status != http.StatusNotFound {
			w.Errorf("status %d to %q, want 404", got.status, got.header.Get("Location"))
		}
	}
}

func (w *world) checkFollowed(left *inheritance) {
	w.Helper()
	started := zoom.Event{Name: "meeting.started", ID: fmt.Sprint(left.followed.ID), UUID: newUUID(), Topic: "Weekly", Start: zoom.UTC(time.Now())}
	w.event(started)
	w.eventually("the followed meeting has its card", func() bool { return len(w.cards(left.following)) > 0 })
	w.event(started)
	end := ended(started, 5*time.Minute)
	w.event(end)
	cards := w.cards(left.following)
	if len(cards) != 1 {
		w.Fatalf("%d cards, want 1", len(cards))
	}
	w.checkEnded(cards[0], started, end, "5 minutes")
	// The link was looked up in the name of who had let the channel follow the meeting.
	w.holds(fmt.Sprint(w.facts(cards[0])["meeting_link"]), fmt.Sprintf("/j/%d?pwd=", left.followed.ID))
	w.holds(w.types("/zoom subscription list", in(left.following)).Text(), grouped(left.followed.ID))
	w.holds(w.types("/zoom subscription remove "+fmt.Sprint(left.followed.ID), in(left.following)).Text(), "no longer follows")
	started.UUID = newUUID()
	w.event(started)
	if text := w.types("/zoom subscription list", in(left.following)).Text(); strings.Contains(text, grouped(left.followed.ID)) {
		w.Errorf("it is listed still: %q", text)
	}
}

// Everybody who has started a meeting since has been moved over: what lay in the clear is gone.
func (w *world) noOfficialTokenIsLeft() {
	w.Helper()
	for _, key := range w.chat.Stored() {
		if strings.HasPrefix(key, "zoomtoken") || strings.HasPrefix(key, "zoomSuperUserToken") {
			w.Errorf("%s is still there", key)
		}
	}
}

// What was moved over is there after a restart, too.
func (w *world) restartsWithEverything(left *inheritance) {
	w.Helper()
	w.host.Deactivate()
	w.check(w.host.Activate())
	before := w.tokenRequests()
	for _, user := range []*model.User{left.fresh, left.expired, left.first, left.second, left.personal, left.older} {
		w.meets(user)
	}
	if after := w.tokenRequests(); after.Refresh.Refused != before.Refresh.Refused {
		w.Errorf("spent tokens were tried: %+v, before %+v", after, before)
	}
}

func TestUpgradeOfTheAccountsSignIn(t *testing.T) {
	for name, expiry := range map[string]time.Duration{"that lives": 50 * time.Minute, "that has run out": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			app := newApp(t, "account")
			w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
				w.app = &app
				tokens, err := simulated.Allow(app, w.owner())
				w.check(err)
				w.leaveJSON("zoomSuperUserToken_", map[string]any{
					"access_token": tokens.Access, "token_type": "bearer", "refresh_token": tokens.Refresh, "expiry": time.Now().Add(expiry),
				}, 0)
			})
			before := w.tokenRequests().Refresh
			startAll(w)
			renewed := 0
			if expiry < 0 {
				renewed = 1
			}
			if after := w.tokenRequests().Refresh; after.Granted-before.Granted != renewed || after.Refused != before.Refused {
				w.Errorf("refreshes %+v, before %+v, want %d more", after, before, renewed)
			}
			w.nothingLiesInTheClear()
			w.noOfficialTokenIsLeft()
		})
	}
}

// People who have never connected anything, on two nodes at once.
func startAll(w *world) {
	node := w.anotherNode()
	done := make(chan struct{})
	users := []*model.User{w.person("one"), w.person("two"), w.person("three"), w.person("four")}
	rooms := make([]*model.Channel, len(users))
	for i, user := range users {
		rooms[i] = w.room(user)
		go func() {
			defer func() { done <- struct{}{} }()
			if _, err := []*world{w, node}[i%2].host.Execute(typedBy(user, rooms[i], "/zoom start")); err != nil {
				w.Error(err)
			}
		}()
	}
	for range users {
		<-done
	}
	for i, room := range rooms {
		if cards := w.cards(room); len(cards) != 1 {
			w.Errorf("%d cards, and %s is told %q", len(cards), users[i].Username, w.toldIn(room, users[i]))
		}
	}
}

// What the official plugin cannot read, or reads as garbage, is a reason to connect and nothing worse.
func TestUpgradeFromAStoreThatCannotBeRead(t *testing.T) {
	type record func(w *world)
	past := time.Now().Add(-time.Hour)
	records := map[string]record{
		"d19_an_empty_access_token_with_nothing_to_renew_it": func(w *world) { w.leaveOfficialRecord(w.ann, w.ann.Email, "", "", past) },
		"d20_another_encryption_key_and_nothing_to_renew_it": func(w *world) {
			tokens, err := simulated.Allow(*w.app, w.ann.Email)
			w.check(err)
			w.leaveOfficialRecord(w.ann, w.ann.Email, w.officiallyEncryptedBy("fedcba9876543210fedcba9876543210", tokens.Access), "", time.Now().Add(time.Hour))
		},
		"no json":       func(w *world) { w.leave("zoomtoken_"+w.ann.Id, []byte("{"), 0) },
		"null":          func(w *world) { w.leave("zoomtoken_"+w.ann.Id, []byte("null"), 0) },
		"without token": func(w *world) { w.leaveJSON("zoomtoken_"+w.ann.Id, map[string]any{"ZoomID": w.zoomID(w.ann.Email)}, 0) },
		"a short text": func(w *world) {
			w.leaveOfficialRecord(w.ann, w.ann.Email, "AAAA", "", past)
		},
	}
	for name, leave := range records {
		t.Run(name, func(t *testing.T) {
			app := newApp(t, "user")
			w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
				w.app = &app
				leave(w)
			})
			w.connectsBy(w.mustConnect(w.ann), w.ann.Email)
			w.meets(w.ann)
		})
	}
	for name, access := range map[string]string{"d19_an_empty_access_token_is_renewed": "", "d20_an_access_token_under_another_key_is_renewed": "fedcba9876543210fedcba9876543210"} {
		t.Run(name, func(t *testing.T) {
			app := newApp(t, "user")
			w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
				w.app = &app
				tokens, err := simulated.Allow(app, w.ann.Email)
				w.check(err)
				if access != "" {
					access = w.officiallyEncryptedBy(access, tokens.Access)
				}
				w.leaveOfficialRecord(w.ann, w.ann.Email, access, tokens.Refresh, time.Now().Add(time.Hour))
			})
			w.meets(w.ann)
			w.nothingLiesInTheClear()
		})
	}
}

// An administrator presses Regenerate beside the encryption key: what was sealed under the old one reads as not connected.
func TestAChangedEncryptionKeyReadsAsNotConnected(t *testing.T) {
	t.Run("d20_our_own_store_too", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		w.connect(w.ann, w.ann.Email)
		w.meets(w.ann)
		w.check(w.host.Reconfigure(with(settingsOf(*w.app), "EncryptionKey", "another-key-of-32-bytes-another1")))
		link := w.mustConnect(w.ann)
		w.expectLog("warn", "cannot be opened")
		w.connectsBy(link, w.ann.Email)
		w.meets(w.ann)
	})
}

// An installation of version 1.6.2 that signed in by JWT and skipped every later version.
func TestUpgradeFromJWTOfVersion162(t *testing.T) {
	var post *model.Post
	meeting := zoom.Meeting{ID: 83345678901, Topic: "Running"}
	w := newWorldOf(t, zoomDir, map[string]any{
		// As the server's own file holds them: the keys in lower case, and what was never filled in as it was.
		"zoomurl": simulated.URL, "zoomapiurl": simulated.URL + "/v2", "enableoauth": false, "accountlevelapp": false, "oauthclientid": "",
		"oauthclientsecret": "", "encryptionkey": "", "apikey": zoom.APIKey, "apisecret": zoom.APISecret, "webhooksecret": urlSecret, "zoomwebhooksecret": secretToken,
	}, func(w *world) {
		post = w.leaveOfficialCard(w.town, meeting)
		w.leave(fmt.Sprintf("post_meeting_%d", meeting.ID), []byte(post.Id), 86400)
	})
	w.meets(w.ann)
	started := zoom.Event{Name: "meeting.started", ID: fmt.Sprint(meeting.ID), UUID: newUUID(), Topic: "Running", Start: zoom.UTC(time.Now().Add(-20 * time.Minute))}
	end := ended(started, 30*time.Minute)
	w.event(end)
	card := w.card()
	if card.Id != post.Id {
		t.Errorf("another card stands there")
	}
	w.checkEnded(card, started, end, "30 minutes")
}
