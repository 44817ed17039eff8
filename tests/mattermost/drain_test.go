package mattermost

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// A world in which ann's start waits at Zoom behind the gate, while the plugin is being switched off.
type ending struct {
	*world
	gate  *zoomGate
	bob   *model.User
	hooks plugin.Hooks
	reply func() string
	// Whether the plugin was switched off, once it is.
	off chan bool
}

func endWhileAStartIsAtZoom(t *testing.T) *ending {
	t.Helper()
	g := newGate(t, "POST /v2/users/")
	w := newWorldWith(t, g.settings())
	hooks, err := w.host.Hooks()
	w.check(err)
	e := &ending{world: w, gate: g, bob: w.person("bob"), hooks: hooks, off: make(chan bool, 1)}
	replies := w.startsAtOnce([]*model.Channel{w.town}, func(int) *model.User { return w.ann })
	e.reply = func() string { return replies()[0].Text() }
	w.eventually("the start is at Zoom", func() bool { return g.arrived.Load() == 1 })
	go func() { e.off <- w.host.Deactivate() }()
	w.eventually("a command that comes in now is refused", func() bool { return strings.Contains(e.helpOfBob(), "switched off") })
	return e
}

// What bob is told who types a command that the server still passes on.
func (e *ending) helpOfBob() string {
	e.Helper()
	seen := len(e.chat.Ephemerals(e.bob.Id))
	response, err := e.host.ExecuteOn(e.hooks, typedBy(e.bob, e.town, "/zoom help"))
	e.check(err)
	text := response.Text
	for _, post := range e.chat.Ephemerals(e.bob.Id)[seen:] {
		text += post.Message
	}
	return text
}

func TestSwitchingOffFinishesWhatIsUnderWay(t *testing.T) {
	t.Run("f42_a_start_at_zoom_ends_with_its_card", func(t *testing.T) {
		e := endWhileAStartIsAtZoom(t)
		request, recorder := httptest.NewRequest("GET", "/api/v1/cards?ids=x", nil), httptest.NewRecorder()
		e.hooks.ServeHTTP(&plugin.Context{}, recorder, request)
		if recorder.Code != http.StatusServiceUnavailable || recorder.Header().Get("Retry-After") == "" {
			t.Errorf("a request that comes in now: status %d, Retry-After %q", recorder.Code, recorder.Header().Get("Retry-After"))
		}
		select {
		case <-e.off:
			t.Fatal("the plugin ended while a start was at Zoom")
		default:
		}
		e.gate.open()
		if !<-e.off {
			t.Error("the plugin was not switched off")
		}
		if said := e.reply(); said != "" {
			t.Errorf("who started is told %q", said)
		}
		card := e.card()
		e.processIsGone()

		// What comes after it finds its card.
		e.check(e.host.Activate())
		e.stopped = false
		started := e.started(card)
		e.event(started)
		e.event(ended(started, time.Minute))
		if got := e.status(e.card()); got != "ENDED" {
			t.Errorf("the card shows %s", got)
		}
	})
	t.Run("f42_what_takes_too_long_is_told_so_before_the_server_ends_the_process", func(t *testing.T) {
		e := endWhileAStartIsAtZoom(t)
		if !<-e.off {
			t.Error("the plugin was not switched off")
		}
		e.holds(e.reply(), "switched off", "before this was done")
		e.processIsGone()
	})
	t.Run("f42_bodies_on_their_way_do_not_hold_up_the_end", func(t *testing.T) {
		w := newWorld(t)
		answers := w.slowBodies(300, "/webhook")
		w.areSentAway(answers, 300-256)
		w.host.Deactivate()
		w.areSentAway(answers, 256)
	})
}

func (e *ending) processIsGone() {
	e.Helper()
	if pid := e.host.Pid(); pid != 0 {
		e.Errorf("process %d is still there", pid)
	}
}
