package mattermost

import (
	"net/http"
	"testing"
)

// One token serves everybody, on every node, until it nears its end or Zoom takes it no more.
func TestServerToServerAsksForOneTokenForAll(t *testing.T) {
	w := newOAuthWorld(t, "server_to_server")
	before := w.tokenRequests()
	asked := func() int { return w.tokenRequests().Account.Granted - before.Account.Granted }
	bob, node := w.person("bob"), w.anotherNode()
	w.meets(w.ann)
	w.meets(bob)
	node.meets(w.ann)
	if n := asked(); n != 1 {
		t.Errorf("Zoom was asked for %d tokens, want 1", n)
	}
	w.check(simulated.ExpireAccessTokens())
	w.meets(bob)
	node.meets(bob)
	if n := asked(); n != 2 {
		t.Errorf("after Zoom had refused the token it was asked for %d in all, want 2", n)
	}
	w.holds(w.types("/zoom connect").Text(), "Nobody has to connect")
	w.nothingLiesInTheClear()
}

// A token that would run out during the work is not begun with.
func TestServerToServerRenewsItsTokenBeforeItEnds(t *testing.T) {
	w := newOAuthWorld(t, "server_to_server")
	setOAuth(t, map[string]any{"access_token_life_s": 30})
	before := w.tokenRequests()
	w.meets(w.ann)
	setOAuth(t, map[string]any{})
	w.meets(w.ann)
	w.meets(w.ann)
	after := w.tokenRequests()
	if n := after.Account.Granted - before.Account.Granted; n != 2 || after.Account.Refused != before.Account.Refused {
		t.Errorf("Zoom was asked for %d tokens, want 2: %+v", n, after)
	}
	for _, request := range w.asked() {
		if request.Status == http.StatusUnauthorized {
			t.Errorf("a token was used after its end: %s %s", request.Method, request.Path)
		}
	}
}
