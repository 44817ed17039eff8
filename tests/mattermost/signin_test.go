package mattermost

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// From a command in a thread by way of Zoom to the meeting in the thread; there is no session of the chat server in the browser.
func TestAUserConnectsAndGetsTheMeetingThatWasWanted(t *testing.T) {
	w := newOAuthWorld(t, "user")
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	reply := w.types("/zoom start Sprint review", thread(root))
	if len(reply.Posts) != 1 || reply.Posts[0].RootId != root.Id {
		t.Errorf("the link is not in the thread: %v", reply.Posts)
	}
	if cards := w.cards(w.town); len(cards) != 0 {
		t.Fatalf("%d cards before the account is connected", len(cards))
	}
	got := w.connectsBy(w.link(reply), w.ann.Email)
	card := w.card()
	w.run("d27_topic_and_thread_survive_the_visit_to_zoom", func(w *world) {
		if card.RootId != root.Id || card.UserId != w.ann.Id || w.facts(card)["meeting_topic"] != "Sprint review" {
			w.Errorf("the card is by %s below %q and about %v", card.UserId, card.RootId, w.facts(card)["meeting_topic"])
		}
	})
	if link := fmt.Sprint(w.facts(card)["meeting_link"]); got.status != http.StatusSeeOther || got.header.Get("Location") != link {
		t.Errorf("the browser gets status %d to %q, want the meeting %q", got.status, got.header.Get("Location"), link)
	}
	before := w.tokenRequests()
	w.meets(w.ann)
	w.anotherNode().meets(w.ann)
	if after := w.tokenRequests(); after != before {
		t.Errorf("a fresh token was not used again: %+v, before %+v", after, before)
	}
	w.nothingLiesInTheClear()
}

func TestConnectingAloneStartsNothing(t *testing.T) {
	t.Run("d10_what_was_not_wanted_is_not_done", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		w.types("/zoom settings")
		w.connect(w.ann, w.ann.Email)
		if cards := w.cards(w.town); len(cards) != 0 {
			t.Errorf("%d cards", len(cards))
		}
		shown := w.chat.Ephemerals(w.ann.Id)
		w.holds(shown[len(shown)-1].Message, "now connected", "ann")
		w.meets(w.ann)
	})
}

func TestDisconnectingEndsTheGrantAtZoom(t *testing.T) {
	w := newOAuthWorld(t, "user")
	w.connect(w.ann, w.ann.Email)
	w.holds(w.types("/zoom disconnect").Text(), "is disconnected")
	w.noGrantIsLeft()
	w.holds(w.types("/zoom disconnect").Text(), "No Zoom account is connected")
	w.connectsBy(w.mustConnect(w.ann), w.ann.Email)
	w.meets(w.ann)
}

// Zoom cannot be told that a user has left: here everything is deleted all the same, and the user is told what is left to do.
func TestDisconnectingWhileZoomDoesNotAnswer(t *testing.T) {
	w := newOAuthWorld(t, "user")
	w.connect(w.ann, w.ann.Email)
	for range 2 {
		w.check(simulated.FailNext("/oauth/revoke", map[string]any{"kind": "bad_gateway"}))
	}
	w.holds(w.types("/zoom disconnect").Text(), "deleted here", "Zoom could not be told")
	w.mustConnect(w.ann)
}

func TestWhoRefusesAtZoomIsNotConnected(t *testing.T) {
	w := newOAuthWorld(t, "user")
	got := w.connectsBy(w.mustConnect(w.ann), "")
	if got.status != http.StatusOK {
		t.Errorf("status %d", got.status)
	}
	w.holds(got.body, "Zoom is not connected", "/zoom connect")
	w.mustConnect(w.ann)
	w.noGrantIsLeft()
}

// Zoom does not know the token any more, in either of its two ways to say so.
func TestAGrantThatZoomHasEndedIsConnectedAnew(t *testing.T) {
	for _, shape := range []string{"invalid_grant", "invalid_request"} {
		t.Run("d08_"+shape, func(t *testing.T) {
			w := newOAuthWorld(t, "user")
			w.connect(w.ann, w.ann.Email)
			setOAuth(t, map[string]any{"dead_refresh_token": shape})
			w.endGrants()
			link := w.mustConnect(w.ann)
			w.link(w.types("/zoom connect"))
			w.connectsBy(link, w.ann.Email)
			w.meets(w.ann)
		})
	}
}

// Trouble at Zoom is no reason to connect again: the grant is there still when the trouble is over.
func TestTroubleWhileATokenIsRenewedKeepsTheGrant(t *testing.T) {
	w := newOAuthWorld(t, "user")
	setOAuth(t, map[string]any{"access_token_life_s": 30})
	w.connect(w.ann, w.ann.Email)
	for name, answer := range map[string]map[string]any{
		"a page of a proxy": {"kind": "bad_gateway"},
		"too many calls":    {"kind": "rate_limited", "retry_after": "seconds", "seconds": 30},
		"no answer":         {"kind": "disconnect"},
		"server error":      {"kind": "error", "status": 500, "code": 500, "message": "Internal Server Error"},
	} {
		w.run(name, func(w *world) {
			w.check(simulated.FailNext("/oauth/token", answer))
			reply := w.types("/zoom start", in(w.room(w.ann)))
			if text := reply.Text(); text == "" || strings.Contains(text, "onnect your Zoom account") {
				w.Errorf("the user is told %q", text)
			}
			w.meets(w.ann)
		})
	}
}

// The one case in which a grant is lost: Zoom has spent the refresh token, and the answer never came.
func TestAnAnswerThatWasLostOnItsWayEndsInAClearLink(t *testing.T) {
	w := newOAuthWorld(t, "user")
	setOAuth(t, map[string]any{"access_token_life_s": 30})
	w.connect(w.ann, w.ann.Email)
	w.check(simulated.Fault(map[string]any{"path": "/oauth/token", "times": 1, "after_effect": true, "answer": map[string]any{"kind": "disconnect"}}))
	w.holds(w.types("/zoom start").Text(), "again in a minute")
	w.connectsBy(w.mustConnect(w.ann), w.ann.Email)
	w.meets(w.ann)
}

func TestTheAccountIsConnectedByAnAdministratorAlone(t *testing.T) {
	w := newOAuthWorld(t, "account")
	admin := w.person("admin", server.SystemAdmin)
	w.holds(w.types("/zoom start").Text(), "is not connected", "ask an administrator")
	w.holds(w.types("/zoom connect").Text(), "Only an administrator")
	w.run("d07_nobody_else_replaces_the_accounts_sign_in", func(w *world) {
		if got := w.visits("GET", server.SiteURL+"/plugins/zoom/oauth2/connect", w.ann); got.status != http.StatusForbidden {
			w.Errorf("without a link: status %d", got.status)
		}
		link := w.link(w.types("/zoom connect", as(admin)))
		if got := w.visits("GET", link, w.ann); got.status != http.StatusForbidden {
			w.Errorf("by the administrator's link: status %d", got.status)
		}
		// Who was an administrator when the link was made and is none any more.
		w.chat.ChangeUser(admin.Id, func(user *model.User) { user.Roles = "system_user" })
		if got := w.visits("GET", link, nil); got.status != http.StatusForbidden {
			w.Errorf("after the administrator's fall: status %d", got.status)
		}
		w.chat.ChangeUser(admin.Id, func(user *model.User) { server.SystemAdmin(user) })
		w.noGrantIsLeft()
	})
	w.connect(admin, w.owner())
	w.meets(w.ann)
	w.meets(admin)
	w.run("d06_a_token_that_ran_out_is_renewed_and_kept", func(w *world) {
		before := w.tokenRequests()
		w.check(simulated.ExpireAccessTokens())
		w.meets(w.ann)
		w.anotherNode().meets(admin)
		if n := w.tokenRequests().Refresh.Granted - before.Refresh.Granted; n != 1 {
			w.Errorf("%d refreshes, want 1", n)
		}
	})
	w.nothingLiesInTheClear()
	w.holds(w.types("/zoom disconnect").Text(), "Only an administrator")
	w.meets(w.ann)
	w.holds(w.types("/zoom disconnect", as(admin)).Text(), "is disconnected")
	w.noGrantIsLeft()
	w.holds(w.types("/zoom start", in(w.room(w.ann))).Text(), "ask an administrator")
	w.link(w.types("/zoom start", as(admin), in(w.room(admin))))
}

// The address of the Zoom account's owner, who may allow apps of the account.
func (w *world) owner() string {
	w.Helper()
	users, err := simulated.Users()
	w.check(err)
	return users[0].Email
}

// The app's grants that can be renewed. Zoom replaces one whose user connects anew; its access token then lives out its hour.
func (w *world) grants() []zoom.Grant {
	w.Helper()
	grants, err := simulated.Grants(w.app.ClientID)
	w.check(err)
	return slices.DeleteFunc(grants, func(grant zoom.Grant) bool { return grant.RefreshToken == "" })
}

func (w *world) noGrantIsLeft() {
	w.Helper()
	for _, grant := range w.grants() {
		w.Errorf("Zoom still has grant %d of %s", grant.ID, grant.UserID)
	}
}

// Ends all of the app's grants at Zoom, which tells nobody.
func (w *world) endGrants() {
	w.Helper()
	for _, grant := range w.grants() {
		w.check(simulated.EndGrant(grant.ID))
	}
}
