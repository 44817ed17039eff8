package mattermost

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	startsAtOnce = 64
	// What one user may have under way on one node: calls at work and calls that wait.
	oneUsersShare = 40
	// How long a process that has died in the middle of renewing a token keeps the others from it: the plugin's lease, and a second
	// for clocks that are read at both ends.
	leaseLife = 121 * time.Second
)

// A user whose token has just run out, as far as the plugin can know.
func (w *world) connectWithStaleToken(user *model.User) {
	w.Helper()
	w.check(simulated.SetOAuth(map[string]any{"access_token_life_s": 30}))
	w.connect(user, user.Email)
	w.check(simulated.SetOAuth(map[string]any{}))
}

// Starts meetings in so many rooms at once, on these nodes in turn: each is answered, Zoom is asked for one token, and nobody has to
// connect again.
func startAtOnce(user *model.User, nodes ...*world) {
	w := nodes[0]
	w.Helper()
	before := w.tokenRequests()
	rooms := make([]*model.Channel, min(startsAtOnce, oneUsersShare*len(nodes)))
	for i := range rooms {
		rooms[i] = w.room(user)
	}
	var wait sync.WaitGroup
	for i, room := range rooms {
		wait.Go(func() {
			if _, err := nodes[i%len(nodes)].host.Execute(typedBy(user, room, "/zoom start")); err != nil {
				w.Error(err)
			}
		})
	}
	wait.Wait()
	after := w.tokenRequests()
	if after.Refresh.Granted-before.Refresh.Granted != 1 || after.Refresh.Refused != before.Refresh.Refused {
		w.Errorf("refreshes %+v, before %+v, want one more", after.Refresh, before.Refresh)
	}
	met := 0
	for _, room := range rooms {
		met += len(w.cards(room))
		if told := w.toldIn(room, user); len(w.cards(room)) == 0 && !isClear(told) {
			w.Errorf("no card, and the user is told %q", told)
		}
	}
	// The token is there within some hundred milliseconds: nobody has to try again for its sake.
	if met != len(rooms) {
		w.Errorf("%d meetings of %d starts", met, len(rooms))
	}
}

// What a user alone was told in a channel.
func (w *world) toldIn(channel *model.Channel, user *model.User) string {
	w.Helper()
	var told []string
	for _, post := range w.chat.Ephemerals(user.Id) {
		if post.ChannelId == channel.Id {
			told = append(told, post.Message)
		}
	}
	return strings.Join(told, "\n")
}

// An answer that says what to do, and not to connect what is connected.
func isClear(told string) bool {
	return strings.Contains(told, "again in a minute") && !link.MatchString(told)
}

func TestManyStartsAtOnceRenewATokenOnce(t *testing.T) {
	t.Run("as far as the plugin knows it has run out", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		w.connectWithStaleToken(w.ann)
		startAtOnce(w.ann, w)
		w.nothingLiesInTheClear()
	})
	t.Run("zoom alone knows that it has run out", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		w.connect(w.ann, w.ann.Email)
		w.check(simulated.ExpireAccessTokens())
		startAtOnce(w.ann, w)
	})
	t.Run("on two nodes", func(t *testing.T) {
		w := newOAuthWorld(t, "user")
		w.connectWithStaleToken(w.ann)
		startAtOnce(w.ann, w, w.anotherNode())
	})
	t.Run("as the official plugin has left it, on two nodes", func(t *testing.T) {
		app := newApp(t, "user")
		w := newWorldOf(t, zoomDir, settingsOf(app), func(w *world) {
			w.app = &app
			w.leaveOfficialToken(w.ann, time.Now().Add(-time.Hour))
		})
		startAtOnce(w.ann, w, w.anotherNode())
		w.noOfficialTokenIsLeft()
	})
}

// One user for each death of a process: where it died, and what came of it.
type death struct {
	user   *model.User
	at     server.Step
	moment server.Moment
	// Whether Zoom had spent the refresh token, and the new one was in the dead process's memory alone.
	lost bool
}

func aboutATokenAndItsUse(step server.Step) bool {
	for _, words := range []string{"grant_", "connection_", "zoomtoken"} {
		if strings.Contains(step.Key, words) {
			return true
		}
	}
	return strings.Contains(step.Name, " /")
}

// The process is killed before and after every step from the official plugin's stored token to the renewed one and its first use. What
// comes next is a meeting; only where Zoom's answer died with the process it is a link to connect.
func TestAProcessThatDiesWhileItRenewsATokenLosesNoGrant(t *testing.T) {
	var w *world
	address := gate(t, func() []*world { return []*world{w} })
	app := newApp(t, "user")
	settings := with(with(settingsOf(app), "ZoomURL", address), "ZoomAPIURL", address+"/v2")
	w = newWorldOf(t, zoomDir, settings, func(w *world) { w.app = &app })
	before := w.tokenRequests()
	deaths, whole := w.dieAtEveryStep()
	if len(whole) < 8 || len(deaths) != 2*len(whole) {
		t.Fatalf("%d deaths at the steps %v", len(deaths), whole)
	}
	lastDeath := time.Now()
	node := w.anotherNode()
	// While the dead hold their leases the others wait, or are told to; none of them loses anything.
	waiting := w.startEach(deaths, w, node)
	time.Sleep(time.Until(lastDeath.Add(leaseLife)))
	met := w.startEach(waiting, node, w)
	lost := 0
	for _, d := range met {
		if !d.lost {
			t.Errorf("killed %s %s %s: no meeting", d.moment, d.at.Name, d.at.Key)
		}
	}
	for _, d := range deaths {
		if d.lost {
			lost++
			w.connectsBy(w.mustConnect(d.user), d.user.Email)
			w.meets(d.user)
		}
	}
	after := w.tokenRequests()
	if lost == 0 || after.Refresh.Refused-before.Refresh.Refused != lost {
		t.Errorf("%d users have lost their grants, and spent tokens were tried %d times", lost, after.Refresh.Refused-before.Refresh.Refused)
	}
	w.nothingLiesInTheClear()
}

// Kills the process at every step of a start whose token has to be renewed, each time that of another user, and gives the steps of
// a start that nobody disturbs.
func (w *world) dieAtEveryStep() ([]death, []server.Step) {
	w.Helper()
	var deaths []death
	var user *model.User
	start := func() {
		user = w.person(fmt.Sprintf("user%d", len(deaths)))
		w.leaveOfficialToken(user, time.Now().Add(-time.Hour))
		if _, err := w.host.Execute(typedBy(user, w.room(user), "/zoom start")); err != nil {
			w.Log("the command of a dead plugin:", err)
		}
	}
	whole := w.killAtEveryStep(aboutATokenAndItsUse, start, func(at server.Step, moment server.Moment) {
		deaths = append(deaths, death{user: user, at: at, moment: moment})
	})
	asked, stored := -1, -1
	for i, step := range whole {
		switch {
		case step.Name == "POST /oauth/token":
			asked = i
		case asked >= 0 && stored < 0 && step.Name == "KVSetWithOptions" && strings.HasPrefix(step.Key, "grant_"):
			stored = i
		}
	}
	if asked < 0 || stored < 0 {
		w.Fatalf("no token was renewed in the steps %v", whole)
	}
	for i := range deaths {
		// Two to a step: before it and after it.
		deaths[i].lost = i > 2*asked && i <= 2*stored
	}
	return deaths, whole
}

// Starts a meeting for each at once, on these nodes in turn, and gives those who got none. Nobody whose token is there is sent to
// Zoom again.
func (w *world) startEach(deaths []death, nodes ...*world) []death {
	w.Helper()
	without := make([]bool, len(deaths))
	var wait sync.WaitGroup
	for i, d := range deaths {
		room := w.room(d.user)
		wait.Go(func() {
			if _, err := nodes[i%len(nodes)].host.Execute(typedBy(d.user, room, "/zoom start")); err != nil {
				w.Error(err)
			}
			without[i] = len(w.cards(room)) == 0
			if told := w.toldIn(room, d.user); without[i] && !isClear(told) && !(d.lost && link.MatchString(told)) {
				w.Errorf("killed %s %s %s: the user is told %q", d.moment, d.at.Name, d.at.Key, told)
			}
		})
	}
	wait.Wait()
	var left []death
	for i, d := range deaths {
		if without[i] {
			left = append(left, d)
		}
	}
	return left
}
