package mattermost

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	redirectURI   = server.SiteURL + "/plugins/zoom/oauth2/complete"
	encryptionKey = "0123456789abcdef0123456789abcdef"
)

// A new app at Zoom of one of the kinds that people allow, or of Server-to-Server OAuth.
func newApp(t *testing.T, kind string) zoom.App {
	t.Helper()
	app := zoom.App{
		Kind: kind, ClientID: "client-" + model.NewId(), ClientSecret: "secret-" + model.NewId(), RedirectURIs: []string{redirectURI}, SecretToken: secretToken,
	}
	if err := simulated.PutApp(app); err != nil {
		t.Fatal(err)
	}
	setOAuth(t, map[string]any{})
	return app
}

// Sets switches of Zoom's OAuth until the test's end.
func setOAuth(t *testing.T, switches map[string]any) {
	t.Helper()
	if err := simulated.SetOAuth(switches); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := simulated.SetOAuth(map[string]any{}); err != nil {
			t.Error(err)
		}
	})
}

// Settings with this app and no trace of another way to sign in.
func settingsOf(app zoom.App) map[string]any {
	settings := map[string]any{
		"ZoomURL": simulated.URL, "ZoomAPIURL": simulated.URL + "/v2", "WebhookSecret": urlSecret, "ZoomWebhookSecret": secretToken,
	}
	switch app.Kind {
	case "server_to_server":
		settings["S2SAccountID"], settings["S2SClientID"], settings["S2SClientSecret"] = zoom.AccountID, app.ClientID, app.ClientSecret
	default:
		settings["OAuthClientID"], settings["OAuthClientSecret"], settings["EncryptionKey"] = app.ClientID, app.ClientSecret, encryptionKey
		settings["AccountLevelApp"] = app.Kind == "account"
	}
	return settings
}

// A world whose plugin signs in with a new app of this kind.
func newOAuthWorld(t *testing.T, kind string) *world {
	t.Helper()
	app := newApp(t, kind)
	return newWorldOf(t, zoomDir, settingsOf(app), func(w *world) { w.app = &app })
}

// Every token that Zoom has handed out to the world's app and still knows, and the secrets of the app.
func (w *world) tokens() []string {
	w.Helper()
	if w.app == nil {
		return nil
	}
	grants, err := simulated.Grants(w.app.ClientID)
	w.check(err)
	found := []string{w.app.ClientSecret, encryptionKey}
	for _, grant := range grants {
		if grant.RefreshToken != "" {
			found = append(found, grant.RefreshToken)
		}
		for _, access := range grant.AccessTokens {
			found = append(found, access.Token)
		}
	}
	return found
}

// No value of the store shows a token, whole or in its parts.
func (w *world) nothingLiesInTheClear() {
	w.Helper()
	tokens := w.tokens()
	if len(tokens) < 3 {
		w.Fatal("Zoom knows no token to look for")
	}
	for _, key := range w.chat.Stored() {
		value, err := w.chat.API().KVGet(key)
		if err != nil {
			w.Fatal(err)
		}
		for _, token := range tokens {
			if part := []byte(token[:min(len(token), 20)]); bytes.Contains(value, part) || strings.Contains(key, token) {
				w.Errorf("%s holds a secret in clear text", key)
			}
		}
	}
}

// What Zoom has been asked for tokens since `before`.
func (w *world) tokenRequests() zoom.TokenRequests {
	w.Helper()
	requests, err := simulated.TokenRequests()
	w.check(err)
	return requests
}

var link = regexp.MustCompile(`\[Connect [^\]]*\]\((` + regexp.QuoteMeta(server.SiteURL) + `[^)]*)\)`)

// The connect link in a reply.
func (w *world) link(reply server.Reply) string {
	w.Helper()
	found := link.FindStringSubmatch(reply.Text())
	if found == nil {
		w.Fatalf("no link to connect with in %q", reply.Text())
	}
	return found[1]
}

// Connects a user of the chat server with a Zoom account.
func (w *world) connect(user *model.User, email string) {
	w.Helper()
	got := w.connectsBy(w.link(w.types("/zoom connect", as(user))), email)
	if got.status != http.StatusOK || !strings.Contains(got.body, "Zoom is connected") {
		w.Fatalf("%s could not connect: status %d %s", user.Username, got.status, got.body)
	}
}

// Starts a meeting in a channel of its own and gives its card; insists that there is one.
func (w *world) meets(user *model.User) *model.Post {
	w.Helper()
	channel := w.room(user)
	reply := w.types("/zoom start", as(user), in(channel))
	cards := w.cards(channel)
	if len(cards) != 1 {
		w.Fatalf("%d cards, and %s is told %q", len(cards), user.Username, reply.Text())
	}
	return cards[0]
}

// Insists that the user has to connect, and gives the link.
func (w *world) mustConnect(user *model.User) string {
	w.Helper()
	return w.link(w.types("/zoom start", as(user), in(w.room(user))))
}

// A new channel in which nobody has started anything.
func (w *world) room(members ...*model.User) *model.Channel {
	w.Helper()
	return w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room-%s", model.NewId()), members...)
}
