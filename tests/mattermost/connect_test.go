package mattermost

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// Somebody sends a link of their own, so that another's Zoom would be connected to their account.
func TestALinkIsGoodForItsUserAlone(t *testing.T) {
	w := newOAuthWorld(t, "user")
	bob := w.person("bob")
	link := w.mustConnect(bob)
	got := w.visits("GET", link, w.ann)
	if got.status != http.StatusForbidden {
		t.Errorf("with another's session: status %d", got.status)
	}
	w.holds(got.body, "not yours")
	// Without a session the page says whose account it is before anything happens.
	w.holds(w.visits("GET", link, nil).body, "@bob", "close this window")
	back := w.allows(w.setsOut(link), w.ann.Email)
	if got := w.visits("GET", back, w.ann); got.status != http.StatusForbidden {
		t.Errorf("back from Zoom with another's session: status %d", got.status)
	}
	w.mustConnect(bob)
	w.mustConnect(w.ann)
	w.noGrantIsLeft()
}

// Bob has ann take a step of his own sign-in, in whatever way addresses and forms can be brought into her browser.
func TestNobodyTakesAStepOfASignInForAnother(t *testing.T) {
	for _, kind := range []string{"user", "account"} {
		t.Run(kind, func(t *testing.T) {
			w := newOAuthWorld(t, kind)
			bob := w.person("bob", server.SystemAdmin)
			email := w.ann.Email
			if kind == "account" {
				email = w.owner()
			}
			invited := func() string { return w.link(w.types("/zoom connect", as(bob))) }
			asked := w.tokenRequests()
			w.run("f03_an_authorize_url_of_another", func(w *world) {
				bobs, anns := w.newBrowser(nil), w.newBrowser(nil)
				back := w.allows(bobs.setsOut(invited()), email)
				got := anns.visits("GET", back)
				if got.status != http.StatusForbidden {
					w.Errorf("ann's browser comes back with bob's state: status %d %s", got.status, got.body)
				}
				w.holds(got.body, "Nothing was connected")
				if got := bobs.visits("GET", back); got.status != http.StatusGone {
					w.Errorf("bob opens the address that ann was left with: status %d %s", got.status, got.body)
				}
			})
			w.run("f03_an_authorize_url_of_another_while_one_is_on_the_way", func(w *world) {
				bobs, anns := w.newBrowser(bob), w.newBrowser(nil)
				anns.looksAt(invited())
				sent := bobs.visits("GET", invited())
				back := w.allows(sent.header.Get("Location"), email)
				if got := anns.visits("GET", back); got.status != http.StatusForbidden {
					w.Errorf("ann's browser comes back with bob's state: status %d %s", got.status, got.body)
				}
			})
			w.run("f03_a_forged_press", func(w *world) {
				link := invited()
				anns, bobs := w.newBrowser(w.ann), w.newBrowser(nil)
				form := bobs.looksAt(link)
				for name, got := range map[string]answer{
					"from another site":        anns.sends("POST", link, form, false),
					"from a neighbouring host": anns.sends("POST", link, form, true),
					"without anything":         anns.sends("POST", link, nil, false),
				} {
					if got.status != http.StatusForbidden || got.header.Get("Location") != "" {
						w.Errorf("%s: status %d to %q", name, got.status, got.header.Get("Location"))
					}
				}
			})
			w.run("f03_a_visit_that_bob_leads_to_asks", func(w *world) {
				admins := w.newBrowser(bob)
				got := admins.visits("GET", server.SiteURL+"/plugins/zoom/oauth2/connect")
				if got.status != http.StatusOK {
					w.Errorf("a link without a name: status %d to %q", got.status, got.header.Get("Location"))
				}
				w.holds(got.body, "@bob", "Continue to Zoom")
			})
			if after := w.tokenRequests(); after != asked {
				t.Errorf("a code was spent: %+v, before %+v", after, asked)
			}
			w.noGrantIsLeft()
			w.connect(bob, email)
		})
	}
}

func TestALinkIsGoodForOneUse(t *testing.T) {
	w := newOAuthWorld(t, "user")
	link := w.mustConnect(w.ann)
	// Previews of links look at the page and use nothing up.
	for range 3 {
		w.visits("GET", link, nil)
	}
	back := w.allows(w.setsOut(link), w.ann.Email)
	if got := w.visits("POST", link, nil); got.status != http.StatusGone {
		t.Errorf("the link a second time: status %d", got.status)
	}
	if got := w.visits("GET", back, nil); got.status != http.StatusSeeOther {
		t.Errorf("back from Zoom: status %d %s", got.status, got.body)
	}
	asked := w.tokenRequests()
	if got := w.visits("GET", back, nil); got.status != http.StatusGone {
		t.Errorf("back from Zoom a second time: status %d", got.status)
	}
	if after := w.tokenRequests(); after != asked {
		t.Errorf("a spent code was tried: %+v, before %+v", after, asked)
	}
	w.meets(w.ann)
}

func TestALinkIsGoodForTenMinutes(t *testing.T) {
	w := newOAuthWorld(t, "user")
	w.run("d09_after_nine_minutes_it_still_leads_to_zoom", func(w *world) {
		link := w.mustConnect(w.ann)
		w.chat.Advance(9 * time.Minute)
		w.setsOut(link)
	})
	link := w.mustConnect(w.ann)
	w.chat.Advance(11 * time.Minute)
	for _, method := range []string{"GET", "POST"} {
		got := w.visits(method, link, nil)
		if got.status != http.StatusGone {
			t.Errorf("%s after eleven minutes: status %d", method, got.status)
		}
		w.holds(got.body, "no longer works", "/zoom connect")
	}
	back := w.allows(w.setsOut(w.mustConnect(w.ann)), w.ann.Email)
	w.chat.Advance(11 * time.Minute)
	if got := w.visits("GET", back, nil); got.status != http.StatusGone {
		t.Errorf("back from Zoom after eleven minutes: status %d", got.status)
	}
	w.mustConnect(w.ann)
}

func TestWhatNobodyHandedOutLeadsNowhere(t *testing.T) {
	w := newOAuthWorld(t, "user")
	page := server.SiteURL + "/plugins/zoom"
	good := w.allows(w.setsOut(w.mustConnect(w.ann)), w.ann.Email)
	returned, err := url.Parse(good)
	w.check(err)
	code, state := returned.Query().Get("code"), returned.Query().Get("state")
	bad := []string{
		page + "/oauth2/connect", page + "/oauth2/connect?link=", page + "/oauth2/connect?link=" + strings.Repeat("A", 43),
		page + "/oauth2/connect?link=" + state, page + "/oauth2/connect?link=" + strings.Repeat("x", 8000), page + "/oauth2/connect?link=%00%ff..%2f",
		page + "/oauth2/complete", page + "/oauth2/complete?code=" + code, page + "/oauth2/complete?code=" + code + "&state=",
		page + "/oauth2/complete?code=" + code + "&state=" + state[:len(state)-1], page + "/oauth2/complete?code=" + code + "&state=" + strings.ToUpper(state),
		page + "/oauth2/complete?code=" + code + "&state=" + w.ann.Id,
	}
	asked := w.tokenRequests()
	for _, address := range bad {
		if got := w.visits("GET", address, nil); got.status != http.StatusGone {
			t.Errorf("%.120s: status %d", address, got.status)
		}
	}
	if after := w.tokenRequests(); after != asked {
		t.Errorf("Zoom was asked for a token: %+v, before %+v", after, asked)
	}
	// A code that Zoom never handed out spends the state, and no more.
	if got := w.visits("GET", page+"/oauth2/complete?code=forged&state="+state, nil); got.status != http.StatusGone {
		t.Errorf("a forged code: status %d %s", got.status, got.body)
	}
	w.mustConnect(w.ann)
	w.noGrantIsLeft()
}

// The official plugin's own links, which stand in old messages, have no nonce: there the session says who it is, and the page asks,
// since anybody can lead a browser there.
func TestALinkWithoutNonceTakesTheSession(t *testing.T) {
	w := newOAuthWorld(t, "user")
	anns := w.newBrowser(w.ann)
	old := server.SiteURL + "/plugins/zoom/oauth2/connect"
	got := anns.visits("GET", old)
	action := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(got.body)
	if got.status != http.StatusOK || action == nil {
		t.Fatalf("status %d %s", got.status, got.body)
	}
	at, err := url.Parse(old)
	w.check(err)
	at, err = at.Parse(action[1])
	w.check(err)
	form := url.Values{"proof": {proof.FindStringSubmatch(got.body)[1]}}
	sent := anns.sends("POST", at.String(), form, true)
	back := w.allows(sent.header.Get("Location"), w.ann.Email)
	w.holds(anns.visits("GET", back).body, "Zoom is connected")
	w.meets(w.ann)
}

// Who may not post there any more when the visit to Zoom ends is connected, and gets no meeting.
func TestTheVisitToZoomIsNoWayAroundAChannelsRules(t *testing.T) {
	w := newOAuthWorld(t, "user")
	link := w.link(w.types("/zoom start"))
	w.chat.Leave(w.town.Id, w.ann.Id)
	got := w.connectsBy(link, w.ann.Email)
	w.holds(got.body, "Zoom is connected", "not a member")
	if cards := w.cards(w.town); len(cards) != 0 {
		t.Errorf("%d cards", len(cards))
	}
	w.meets(w.ann)
}

// What is needed to know who at Zoom makes a user's meetings.
func (w *world) hostOf(post *model.Post) string {
	w.Helper()
	meeting, err := simulated.Meeting(w.number(post))
	w.check(err)
	return meeting.HostEmail
}

func TestTwoUsersWhoShareAZoomAccount(t *testing.T) {
	w := newOAuthWorld(t, "user")
	bob := w.person("bob")
	w.connect(w.ann, w.ann.Email)
	w.connect(bob, w.ann.Email)
	for _, user := range []*model.User{w.ann, bob} {
		if host := w.hostOf(w.meets(user)); host != w.ann.Email {
			t.Errorf("%s's meeting is held by %s", user.Username, host)
		}
	}
	w.check(simulated.ExpireAccessTokens())
	before := w.tokenRequests()
	w.meets(w.ann)
	w.meets(bob)
	after := w.tokenRequests()
	if after.Refresh.Granted-before.Refresh.Granted != 1 || after.Refresh.Refused != before.Refresh.Refused {
		t.Errorf("refreshes %+v, before %+v, want one more", after.Refresh, before.Refresh)
	}
	w.types("/zoom disconnect")
	w.mustConnect(w.ann)
	w.meets(bob)
	w.types("/zoom disconnect", as(bob))
	w.mustConnect(bob)
	w.noGrantIsLeft()
}

func TestConnectingElsewhereLeavesTheRightGrants(t *testing.T) {
	w := newOAuthWorld(t, "user")
	bob := w.person("bob")
	other := w.person("other")
	w.connect(w.ann, w.ann.Email)
	w.connect(bob, w.ann.Email)
	w.connect(w.ann, other.Email)
	if host := w.hostOf(w.meets(w.ann)); host != other.Email {
		t.Errorf("ann's meeting is held by %s", host)
	}
	if host := w.hostOf(w.meets(bob)); host != w.ann.Email {
		t.Errorf("bob's meeting is held by %s", host)
	}
	// The last one who used ann's first account leaves it, too.
	w.connect(bob, other.Email)
	for _, grant := range w.grants() {
		if grant.UserID != w.zoomID(other.Email) {
			t.Errorf("Zoom still has grant %d of an account that nobody uses", grant.ID)
		}
	}
	w.meets(w.ann)
	w.meets(bob)
}

func (w *world) zoomID(email string) string {
	w.Helper()
	users, err := simulated.Users()
	w.check(err)
	for _, user := range users {
		if user.Email == email {
			return user.ID
		}
	}
	w.Fatalf("Zoom knows no %s", email)
	return ""
}
