package mattermost

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

const costlyCalls = 60

// What one event of a kind costs: what the plugin asks of the server, and how long it computes.
type cost struct {
	what  string
	steps []server.Step
	// Of all times together.
	calls int
	cpu   time.Duration
}

// Runs an action many times and shares out what it cost. The steps are those of the last time.
func (w *world) costOf(what string, action func(n int)) cost {
	w.Helper()
	steps := w.host.Steps()
	before, calls := w.cpu(w.host), 0
	for n := range costlyCalls {
		steps.Watch(nil)
		action(n)
		calls += len(steps.Seen())
	}
	return cost{what, steps.Seen(), calls, (w.cpu(w.host) - before) / costlyCalls}
}

func (w *world) cpu(host *server.Host) time.Duration {
	w.Helper()
	spent, err := server.CPU(host.Pid())
	w.check(err)
	return spent
}

// What the plugin's host itself keeps in the store.
func (c cost) ofHost() []string {
	var keys []string
	for _, step := range c.steps {
		if strings.HasPrefix(step.Key, "mm_host_") {
			keys = append(keys, step.Key)
		}
	}
	return keys
}

func (c cost) names() string {
	var names []string
	for _, step := range c.steps {
		names = append(names, step.Name)
	}
	return strings.Join(names, " ")
}

// The calls of each event, and its share of a processor beside a Go plugin that answers 404 to the same request.
func TestWhatEventsCost(t *testing.T) {
	w := newWorld(t)
	var channels []*model.Channel
	for n := range costlyCalls {
		channels = append(channels, w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprint("channel", n), w.ann))
	}
	// The first ones make what is there once.
	w.types("/zoom start")
	first := w.started(w.card())
	w.event(first)
	w.event(ended(first, time.Minute))

	start := w.costOf("a start", func(n int) {
		if reply := w.types("/zoom start", in(channels[n])); reply.Text() != "" {
			w.Fatalf("start %d: the user is told %q", n, reply.Text())
		}
	})
	var events []zoom.Event
	for _, channel := range channels {
		events = append(events, w.started(w.cards(channel)[0]))
	}
	began := w.costOf("an event: started", func(n int) { w.event(events[n]) })
	end := w.costOf("an event: ended", func(n int) { w.event(ended(events[n], time.Minute)) })
	ignored := w.costOf("an event without a card", func(n int) {
		event := zoom.Event{ID: fmt.Sprint(90_000_000_000 + n), UUID: newUUID(), Start: zoom.UTC(time.Now())}
		w.event(ended(event, time.Hour))
	})
	refused := w.costOf("a refused event", func(n int) {
		w.deliver(events[n].Body(), func(webhook *zoom.Webhook) { webhook.SecretToken = "another" })
	})
	w.check(w.host.FlushLogs())
	w.chat.Logs().Take("warn", "")
	if status := w.status(w.cards(channels[costlyCalls-1])[0]); status != "ENDED" {
		t.Fatalf("the last card is %s", status)
	}

	nothing := w.costOfNothing(ended(events[0], time.Minute).Body())
	for _, c := range []cost{start, began, end, ignored, refused} {
		calls := fmt.Sprintf("%d calls, %d µs CPU", len(c.steps), c.cpu.Microseconds())
		limit := ""
		if c.what == end.what {
			perCall := c.cpu / time.Duration(max(len(c.steps), 1))
			limit = fmt.Sprintf("%d µs a call; 2 × Go: %s", perCall.Microseconds(), verdict(c.cpu <= 2*nothing, fmt.Sprintf("%d µs", 2*nothing.Microseconds())))
		}
		measured.note(c.what, calls, fmt.Sprintf("%d µs CPU", nothing.Microseconds()), limit)
		t.Logf("%s: %s", c.what, c.names())
	}

	// What the host keeps for itself is asked for where a post is made, and nowhere else.
	for _, c := range []cost{began, end, ignored, refused} {
		if keys := c.ofHost(); len(keys) > 0 {
			t.Errorf("%s: the host asks for its own %v", c.what, keys)
		}
	}
	if keys := start.ofHost(); len(keys) != 1 {
		t.Errorf("a start: the host asks for its own %v, want a note", keys)
	}
	for _, limited := range []struct {
		cost
		calls int
	}{{start, 12}, {end, 4}, {ignored, 1}, {refused, 1}} {
		// Now and then one notes that Zoom's events arrive, and some are first to log.
		if average := float64(limited.cost.calls) / costlyCalls; average > float64(limited.calls)+0.5 {
			t.Errorf("%s: %.1f calls, want %d: %s", limited.what, average, limited.calls, limited.names())
		}
	}
	// Nobody is looked up again to write a card anew.
	if slices.ContainsFunc(end.steps, func(step server.Step) bool { return strings.HasPrefix(step.Name, "GetUser") }) {
		t.Errorf("an end looks people up: %s", end.names())
	}
}

func (w *world) costOfNothing(body string) time.Duration {
	w.Helper()
	host, err := server.NewHost(pluginsDir, nothingDir)
	w.check(err)
	w.check(host.Activate())
	defer host.Deactivate()
	handler := host.Handler()
	ask := func() {
		request := httptest.NewRequest("POST", "/plugins/nothing/webhook?secret="+urlSecret, strings.NewReader(body))
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusNotFound {
			w.Fatalf("status %d", recorder.Code)
		}
	}
	ask()
	before := w.cpu(host)
	for range costlyCalls {
		ask()
	}
	return (w.cpu(host) - before) / costlyCalls
}
