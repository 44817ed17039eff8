package mattermost

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// Tells Zoom where to report that somebody removed the app, with or without the secret in the address.
func (w *world) reportTo(query string) {
	w.Helper()
	app := *w.app
	app.DeauthorizationURL = w.url("/deauthorization" + query)
	w.check(simulated.PutApp(app))
}

// Somebody removes the app at Zoom; the report is taken.
func (w *world) removes(user string) {
	w.Helper()
	w.check(simulated.Deauthorize(w.app.ClientID, user))
	reports, err := simulated.Deliveries("app_deauthorized")
	w.check(err)
	if len(reports) == 0 {
		w.Fatal("Zoom reported nothing")
	}
	last := reports[len(reports)-1]
	if attempt := last.Attempts[0]; len(last.Attempts) != 1 || attempt.Status != http.StatusOK {
		w.Errorf("the report was answered with %+v", last.Attempts)
	}
}

// How often the bot has told a user that the app was removed at Zoom.
func (w *world) toldOfTheRemoval(user *model.User) int {
	w.Helper()
	author := w.chat.Ephemerals(user.Id)[0].UserId
	channel, err := w.chat.API().GetDirectChannel(author, user.Id)
	if err != nil {
		w.Fatal(err)
	}
	told := 0
	for _, post := range w.chat.Posts(channel.Id) {
		if strings.Contains(post.Message, "removed this app") {
			told++
		}
	}
	return told
}

// A report by hand: as Zoom's, about this user of Zoom, signed if there is a secret token.
func (w *world) reports(userID, query, token string, at time.Time, change ...func(payload map[string]any)) answer {
	w.Helper()
	payload := map[string]any{
		"account_id": zoom.AccountID, "user_id": userID, "signature": strings.Repeat("0", 64), "client_id": w.app.ClientID,
		"deauthorization_time": at.UTC().Format("2006-01-02T15:04:05.000Z"), "event_ts": at.UnixMilli(),
	}
	for _, c := range change {
		c(payload)
	}
	body, err := json.Marshal(map[string]any{"event": "app_deauthorized", "payload": payload})
	w.check(err)
	request, err := zoom.Webhook{URL: w.url("/deauthorization" + query), Body: string(body), SecretToken: token}.Request()
	w.check(err)
	return w.do(request)
}

func TestWhoRemovesTheAppAtZoomIsForgotten(t *testing.T) {
	w := newOAuthWorld(t, "user")
	bob, other := w.person("bob"), w.person("other")
	w.connect(w.ann, w.ann.Email)
	w.connect(other, other.Email)
	w.reportTo("?secret=" + urlSecret)
	w.run("d22_both_users_of_one_zoom_account", func(w *world) {
		w.connect(bob, w.ann.Email)
		w.removes(w.ann.Email)
		for _, user := range []*model.User{w.ann, bob} {
			w.mustConnect(user)
			if told := w.toldOfTheRemoval(user); told != 1 {
				w.Errorf("%s is told %d times", user.Username, told)
			}
		}
	})
	// Nobody else has lost anything.
	w.meets(other)
	if told := w.toldOfTheRemoval(other); told != 0 {
		t.Errorf("another user is told %d times", told)
	}
	w.connect(w.ann, w.ann.Email)
	w.meets(w.ann)
	w.mustConnect(bob)
}

// One user has left the shared account before: the report about it still reaches the other.
func TestWhoLeftASharedAccountBeforeIsNotInTheWay(t *testing.T) {
	t.Run("d22_one_disconnects_then_zoom_reports", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		bob := w.person("bob")
		w.connect(w.ann, w.ann.Email)
		w.connect(bob, w.ann.Email)
		w.types("/zoom disconnect")
		w.reportTo("?secret=" + urlSecret)
		w.removes(w.ann.Email)
		w.mustConnect(bob)
	})
}

// Zoom's report reaches what the official plugin has stored about a user who was not here since.
func TestWhoRemovesTheAppBeforeAnythingWasMovedOver(t *testing.T) {
	app := newApp(t, "user")
	w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
		w.app = &app
		w.leaveOfficialToken(w.ann, time.Now().Add(time.Hour))
	})
	w.types("/zoom help")
	w.reportTo("?secret=" + urlSecret)
	w.removes(w.ann.Email)
	w.noOfficialTokenIsLeft()
	if told := w.toldOfTheRemoval(w.ann); told != 1 {
		t.Errorf("ann is told %d times", told)
	}
	w.mustConnect(w.ann)
}

func TestTheAccountsAppIsRemovedAtZoom(t *testing.T) {
	t.Run("d21_the_accounts_sign_in_is_deleted", func(t *testing.T) {
		w := newOAuthWorld(t, "account")
		admin := w.person("admin", server.SystemAdmin)
		w.connect(admin, w.owner())
		w.meets(w.ann)
		// By Zoom's signature alone.
		w.reportTo("")
		w.removes("")
		w.holds(w.types("/zoom start", in(w.room(w.ann))).Text(), "ask an administrator")
		w.connect(admin, w.owner())
		w.meets(w.ann)
	})
}

func TestReportsThatAreNotZoomsRemoveNothing(t *testing.T) {
	w := newOAuthWorld(t, "user")
	w.connect(w.ann, w.ann.Email)
	id, now, secret := w.zoomID(w.ann.Email), time.Now(), "?secret="+urlSecret
	refused := map[string]answer{
		"no proof":                  w.reports(id, "", "", now),
		"the secret alone":          w.reports(id, secret, "", now),
		"a wrong secret":            w.reports(id, "?secret=x", "", now),
		"a wrong signature":         w.reports(id, secret, "another-token", now),
		"a wrong signature, no url": w.reports(id, "", "another-token", now),
	}
	for name, got := range refused {
		if got.status != http.StatusUnauthorized {
			t.Errorf("%s: status %d %s", name, got.status, got.body)
		}
	}
	taken := map[string]answer{
		"another app":  w.reports(id, secret, secretToken, now, func(payload map[string]any) { payload["client_id"] = "another" }),
		"a stranger":   w.reports("NoSuchUser000000000000", secret, secretToken, now),
		"no user":      w.reports("", secret, secretToken, now),
		"an older one": w.reports(id, secret, secretToken, now.Add(-time.Hour)),
	}
	for name, got := range taken {
		if got.status != http.StatusOK {
			t.Errorf("%s: status %d %s", name, got.status, got.body)
		}
	}
	w.run("f06_another_account", func(w *world) {
		got := w.reports(id, secret, secretToken, now, func(payload map[string]any) { payload["account_id"] = "another" })
		if got.status != http.StatusOK {
			w.Errorf("status %d %s", got.status, got.body)
		}
		w.meets(w.ann)
	})
	w.run("f06_a_signed_event_of_another_kind", func(w *world) {
		started := zoom.Webhook{URL: w.url("/deauthorization"), SecretToken: secretToken, Body: `{"event":"meeting.started","payload":` +
			`{"account_id":"` + zoom.AccountID + `","client_id":"` + w.app.ClientID + `","user_id":"` + id + `"}}`}
		request, err := started.Request()
		w.check(err)
		if got := w.do(request); got.status != http.StatusBadRequest {
			w.Errorf("status %d %s", got.status, got.body)
		}
		w.meets(w.ann)
	})
	if got := w.reports(id, secret, secretToken, now); got.status != http.StatusOK {
		t.Errorf("Zoom's own: status %d %s", got.status, got.body)
	}
	w.mustConnect(w.ann)
	// The same report again is about a grant that was made after it.
	w.connect(w.ann, w.ann.Email)
	if got := w.reports(id, secret, secretToken, now); got.status != http.StatusOK {
		t.Errorf("again: status %d %s", got.status, got.body)
	}
	w.meets(w.ann)
}

func TestReportsByTheUrlsSecretAreTakenWhereNothingIsSigned(t *testing.T) {
	w := newOAuthWorld(t, "user")
	settings := settingsOf(*w.app)
	settings["ZoomWebhookSecret"] = ""
	w.check(w.host.Reconfigure(settings))
	w.connect(w.ann, w.ann.Email)
	id, now := w.zoomID(w.ann.Email), time.Now().Add(time.Minute)
	if got := w.reports(id, "", "", now); got.status != http.StatusUnauthorized {
		t.Errorf("without the secret: status %d %s", got.status, got.body)
	}
	w.meets(w.ann)
	if got := w.reports(id, "?secret="+urlSecret, "", now); got.status != http.StatusOK {
		t.Errorf("by the secret: status %d %s", got.status, got.body)
	}
	w.mustConnect(w.ann)
	w.expectLog("warn", "a request was refused")
}
