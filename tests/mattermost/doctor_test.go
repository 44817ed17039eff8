package mattermost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"
)

// What the doctor's door for the web says of one check.
type finding struct {
	Check, State, Found, Remedy string
}

func TestTheDoctorExaminesEveryWayToSignIn(t *testing.T) {
	cases := []struct {
		kind  string
		lines []string
	}{
		{"", []string{"✓ **Way to sign in**: JWT", "✓ **You at Zoom**: Zoom knows you by your e-mail address"}},
		{"server_to_server", []string{"Server-to-Server OAuth", "✓ **Zoom’s sign-in**", "⚠ **Scopes**: The app lacks `cloud_recording:read:recording", "✓ **You at Zoom**"}},
		{"user", []string{"OAuth by each user", "✓ **Encryption key**", "✓ **Zoom’s sign-in**", "✓ **Connection**", "⚠ **Scopes**: The app lacks `cloud_recording:read:recording", "✓ **You at Zoom**"}},
		{"account", []string{"OAuth for the whole account", "✓ **Zoom’s sign-in**", "✓ **Connection**", "⚠ **Scopes**: The app lacks `cloud_recording:read:recording", "✓ **You at Zoom**"}},
	}
	for _, c := range cases {
		t.Run("by_"+c.kind, func(t *testing.T) {
			var w *world
			if c.kind == "" {
				w = newWorld(t)
			} else {
				w = newOAuthWorld(t, c.kind)
			}
			root := w.person("root", server.SystemAdmin)
			switch c.kind {
			case "user":
				w.holds(w.types("/zoom doctor", as(root)).Text(), "⚠ **Connection**", "/zoom connect")
				w.connect(root, root.Email)
			case "account":
				w.holds(w.types("/zoom doctor", as(root)).Text(), "✗ **Connection**", "/zoom connect")
				w.connect(root, w.owner())
			}
			report := w.types("/zoom doctor", as(root)).Text()
			w.holds(report, append(c.lines, "✓ **Settings**", "✓ **Site URL**", "✓ **Zoom’s API**", "✓ **Webhook signature**", "✓ **Clock**")...)
			if strings.Contains(report, "✗") {
				t.Errorf("the doctor finds a fault: %s", report)
			}
			for _, secret := range w.secrets() {
				if strings.Contains(report, secret) {
					t.Errorf("the doctor shows a secret: %s", report)
				}
			}
			got := w.calls(call{method: "GET", path: "/api/v1/doctor", token: w.chat.SignIn(root)})
			var findings []finding
			if err := json.Unmarshal([]byte(got.body), &findings); err != nil || got.status != http.StatusOK || len(findings) < 6 {
				t.Errorf("the doctor's door answers %d %s (%v)", got.status, got.body, err)
			}
			for _, found := range findings {
				if found.State == "bad" || found.Check == "" || found.Found == "" || (found.State == "warning") != (found.Remedy != "") {
					t.Errorf("a finding: %+v", found)
				}
			}
		})
	}
}

func TestTheDoctorIsForAdministratorsAndWorksWithoutSettings(t *testing.T) {
	w := newWorldWith(t, map[string]any{"APIKey": "key", "ZoomURL": "zoom"})
	w.expectLog("error", "APISecret")
	root := w.person("root", server.SystemAdmin)
	w.holds(w.types("/zoom doctor").Text(), "Only an administrator")
	for user, status := range map[string]int{w.chat.SignIn(w.ann): http.StatusForbidden, "": http.StatusUnauthorized, w.chat.SignIn(root): http.StatusOK} {
		if got := w.calls(call{method: "GET", path: "/api/v1/doctor", token: user}); got.status != status {
			t.Errorf("status %d %s, want %d", got.status, got.body, status)
		}
	}
	w.expectLog("warn", "a request was refused")
	report := w.types("/zoom doctor", as(root)).Text()
	w.holds(report, "✗ **Settings**: APISecret is empty", "✗ **Settings**: WebhookSecret is empty", "✗ **Settings**: ZoomURL must be a URL", "✓ **Site URL**")
	w.zoomWasNotAsked()
}

// The server sends the page of the plugin's settings asterisks in place of the saved secret.
func TestTheSecretOfTheAddressesIsForAdministrators(t *testing.T) {
	w := newWorld(t)
	root := w.person("root", server.SystemAdmin)
	for user, status := range map[string]int{w.chat.SignIn(w.ann): http.StatusForbidden, "": http.StatusUnauthorized, w.chat.SignIn(root): http.StatusOK} {
		got := w.calls(call{method: "GET", path: "/api/v1/setup", token: user})
		if shown := strings.Contains(got.body, fmt.Sprintf("%q", urlSecret)); got.status != status || shown != (status == http.StatusOK) {
			t.Errorf("status %d %s, want %d", got.status, got.body, status)
		}
	}
	w.expectLog("warn", "a request was refused")
}
