package mattermost

import (
	"maps"
	"testing"

	"zoom-chat/tests/mattermost/zoom"
)

func TestSettingsWithProblemsAreNamedAndMended(t *testing.T) {
	cases := []struct {
		name    string
		changes map[string]any
		key     string
	}{
		{"nothing set", map[string]any{"APIKey": nil, "APISecret": nil, "WebhookSecret": nil}, "APIKey"},
		{"no secret", map[string]any{"APISecret": ""}, "APISecret"},
		{"blanks for a secret", map[string]any{"APISecret": "   "}, "APISecret"},
		{"short secret", map[string]any{"APISecret": "short"}, "APISecret"},
		{"no webhook secret", map[string]any{"WebhookSecret": ""}, "WebhookSecret"},
		{"number for a key", map[string]any{"APIKey": 12345}, "APIKey"},
		{"list for a switch", map[string]any{"RestrictMeetingCreation": []string{"yes"}}, "RestrictMeetingCreation"},
		{"text for a URL", map[string]any{"ZoomURL": "zoom"}, "ZoomURL"},
		{"no key to keep people's tokens under", oauth(map[string]any{"EncryptionKey": ""}), "EncryptionKey"},
		{"a key of no length that fits", oauth(map[string]any{"EncryptionKey": "short"}), "EncryptionKey"},
		{"half of an OAuth app", oauth(map[string]any{"OAuthClientSecret": ""}), "OAuthClientSecret"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			settings := goodSettings()
			maps.Copy(settings, c.changes)
			w := newWorldWith(t, settings)
			if !w.host.Running() {
				t.Fatal("the plugin is not active")
			}
			w.expectLog("error", c.key)
			reply := w.types("/zoom start")
			w.holds(reply.Text(), "not set up yet", "System Console")
			for _, path := range []string{"/webhook?secret=" + urlSecret, "/api/v1/meetings"} {
				if got := w.calls(call{path: path, body: "{}", token: w.chat.SignIn(w.ann)}); got.status != 501 {
					t.Errorf("%s: status %d %s, want 501", path, got.status, got.body)
				}
			}
			w.zoomWasNotAsked()

			pid := w.host.Pid()
			w.check(w.host.Reconfigure(goodSettings()))
			if reply := w.types("/zoom start"); reply.Text() != "" {
				t.Errorf("after the settings were mended the user is told %q", reply.Text())
			}
			w.card()
			if w.host.Pid() != pid {
				t.Error("the plugin was restarted")
			}
		})
	}
}

// Sign-in by each person's own OAuth in the place of JWT, with changes.
func oauth(changes map[string]any) map[string]any {
	settings := map[string]any{
		"APIKey": "", "APISecret": "", "OAuthClientID": "client", "OAuthClientSecret": "secret-of-the-client",
		"EncryptionKey": "encryptionkeyencryptionkeyencryp",
	}
	maps.Copy(settings, changes)
	return settings
}

// A pasted secret often brings a blank along, and settings of the official plugin stay where it was.
func TestSettingsAreTakenWithBlanksAndUnknownKeys(t *testing.T) {
	settings := goodSettings()
	maps.Copy(settings, map[string]any{
		"APIKey": " " + zoom.APIKey + "\n", "APISecret": zoom.APISecret + " ", "WebhookSecret": urlSecret + "\t", "ZoomWebhookSecret": secretToken + "\n",
		"ZoomURL": " " + simulated.URL + "/ ", "ZoomAPIURL": simulated.URL + "/v2/", "EnableLegacyAuth": true, "Whatever": map[string]any{"a": 1},
	})
	w := newWorldWith(t, settings)
	w.types("/zoom start")
	w.event(w.started(w.card()))
}

func TestChangedCredentialsAreUsedAtOnce(t *testing.T) {
	w := newWorldWith(t, with(goodSettings(), "APISecret", "another-api-secret-of-36-characters!"))
	w.holds(w.types("/zoom start").Text(), "the plugin’s credentials")
	w.expectLog("error", "the plugin's credentials")
	w.check(w.host.Reconfigure(goodSettings()))
	w.types("/zoom start")
	w.card()

	w.run("another Zoom is asked as soon as it is set", func(w *world) {
		w.check(w.host.Reconfigure(with(goodSettings(), "ZoomAPIURL", "http://127.0.0.1:1/v2")))
		w.holds(w.types("/zoom start --new").Text(), "cannot be reached")
		w.check(w.host.Reconfigure(goodSettings()))
		w.types("/zoom start --new")
		if cards := w.cards(w.town); len(cards) != 2 {
			w.Errorf("%d cards, want 2", len(cards))
		}
	})
}
