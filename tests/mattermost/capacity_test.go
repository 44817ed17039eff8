package mattermost

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// Zoom behind a gate: calls of its API wait there until the gate is opened.
type zoomGate struct {
	URL     string
	arrived atomic.Int64
	opened  chan struct{}
	open    func()
}

// Calls whose method and path hold these words wait.
func newGate(t *testing.T, words string) *zoomGate {
	t.Helper()
	target, err := url.Parse(simulated.URL)
	if err != nil {
		t.Fatal(err)
	}
	g := &zoomGate{opened: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.opened) })
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Method+" "+r.URL.Path, words) {
			g.arrived.Add(1)
			<-g.opened
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { g.open(); front.Close() })
	g.URL = front.URL
	return g
}

// Settings that lead to Zoom's API through the gate.
func (g *zoomGate) settings() map[string]any {
	return with(goodSettings(), "ZoomAPIURL", g.URL+"/v2")
}

// Somebody who has nothing to do with what else happens: asks for help, and is Zoom's for a signed webhook.
func (w *world) bystandersAreServed(bob *model.User) {
	w.Helper()
	w.holds(w.types("/zoom help", as(bob)).Text(), "/zoom start")
	body := zoom.Event{Name: "meeting.ended", ID: 99999999999, UUID: newUUID()}.Body()
	if got := w.deliver(body); got.status != http.StatusOK {
		w.Errorf("a signed webhook: status %d %s, want 200", got.status, got.body)
	}
}

// Clients that announce a body, send one byte of it and keep back the rest. What they are answered comes through the channel.
func (w *world) slowBodies(number int, path string, headers ...string) <-chan *http.Response {
	w.Helper()
	answers := make(chan *http.Response, number)
	for range number {
		conn, err := net.Dial("tcp", w.front.Listener.Addr().String())
		w.check(err)
		w.T.Cleanup(func() { _ = conn.Close() })
		lines := append([]string{"POST /plugins/zoom" + path + " HTTP/1.1", "Host: chat.example.com", "Content-Type: application/json", "Content-Length: 100000"}, headers...)
		_, err = fmt.Fprint(conn, strings.Join(lines, "\r\n")+"\r\n\r\n{")
		w.check(err)
		go func() {
			if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
				answers <- response
			}
		}()
	}
	return answers
}

// So many of them are told at once that there is no room, and when to come again.
func (w *world) areSentAway(answers <-chan *http.Response, number int) {
	w.Helper()
	late := time.After(time.Minute)
	for i := range number {
		var response *http.Response
		select {
		case response = <-answers:
		case <-late:
			w.Fatalf("%d of %d bodies for which there is no room are told so, the others wait", i, number)
		}
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
			w.Fatalf("a body for which there was no room: status %d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
		}
	}
}

// The others go on waiting.
func (w *world) nobodyElseIsAnswered(answers <-chan *http.Response) {
	w.Helper()
	select {
	case response := <-answers:
		w.Fatalf("a body was given up meanwhile: status %d", response.StatusCode)
	default:
	}
}

func TestSlowBodiesHoldUpNobody(t *testing.T) {
	// More than the calls that the plugin once took at a time.
	const hanging, kept = 1100, 256
	for name, path := range map[string]string{
		"f04_bodies_of_strangers_that_do_not_come": "/webhook",
		"f04_the_same_with_a_secret_that_is_wrong": "/webhook?secret=wrong",
		"f04_the_same_at_an_address_for_everybody": "/oauth2/connect",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bob := w.person("bob")
			answers := w.slowBodies(hanging, path)
			w.areSentAway(answers, hanging-kept)
			w.bystandersAreServed(bob)
			w.nobodyElseIsAnswered(answers)
		})
	}
	t.Run("f04_one_users_bodies_take_that_users_room_alone", func(t *testing.T) {
		const hanging, kept = 100, 16
		w := newWorld(t)
		bob := w.person("bob")
		bobs := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "bobs", bob)
		answers := w.slowBodies(hanging, "/api/v1/meetings", model.HeaderAuth+": Bearer "+w.chat.SignIn(w.ann))
		w.areSentAway(answers, hanging-kept)
		if got := w.calls(call{body: `{"channel_id":"` + bobs.Id + `"}`, token: w.chat.SignIn(bob)}); got.status != http.StatusOK {
			t.Errorf("somebody else's request: status %d %s", got.status, got.body)
		}
		w.bystandersAreServed(bob)
		w.nobodyElseIsAnswered(answers)
	})
}

func TestWhoStartsManyMeetingsHoldsUpNobodyElse(t *testing.T) {
	t.Run("f05_150_starts_of_one_user_at_once", func(t *testing.T) {
		g := newGate(t, "POST /v2/users/")
		w := newWorldWith(t, g.settings())
		bob := w.person("bob")
		const starts = 150
		channels := make([]*model.Channel, starts)
		for i := range channels {
			channels[i] = w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room%d", i), w.ann)
		}
		ends := w.startsAtOnce(channels, func(int) *model.User { return w.ann })
		w.eventually("starts wait at Zoom", func() bool { return g.arrived.Load() > 0 })
		w.bystandersAreServed(bob)
		g.open()
		w.everyStartHasItsCardOrItsSentence(channels, ends())
	})
	t.Run("f05_starts_of_100_users_wait_for_zoom", func(t *testing.T) {
		g := newGate(t, "POST /v2/users/")
		w := newWorldWith(t, g.settings())
		bob := w.person("bob")
		const starts = 100
		people, channels := make([]*model.User, starts), make([]*model.Channel, starts)
		for i := range channels {
			people[i] = w.person(fmt.Sprintf("person%d", i))
			channels[i] = w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room%d", i), people[i])
		}
		ends := w.startsAtOnce(channels, func(i int) *model.User { return people[i] })
		w.eventually("all of them wait at Zoom", func() bool { return g.arrived.Load() == starts })
		w.bystandersAreServed(bob)
		g.open()
		for i, reply := range ends() {
			if reply.Text() != "" {
				t.Errorf("person %d is told %q", i, reply.Text())
			}
		}
		w.everyStartHasItsCardOrItsSentence(channels, ends())
	})
	t.Run("f05_100_calls_that_pause", func(t *testing.T) {
		const pause = 5 * time.Second
		w := newProbe(t, goodSettings())
		people := make([]*model.User, 100)
		for i := range people {
			people[i] = w.person(fmt.Sprintf("person%d", i))
		}
		var wait sync.WaitGroup
		defer wait.Wait()
		var done atomic.Int64
		for _, person := range people {
			wait.Go(func() {
				defer done.Add(1)
				if reply, err := w.host.Type(typedBy(person, w.town, fmt.Sprintf("/probe pause %d", pause.Milliseconds()))); err != nil || reply.Text() != "paused" {
					w.Errorf("a call that pauses: %q %v", reply.Text(), err)
				}
			})
		}
		// Until the first of them is done all of them have long been pausing.
		var taken []time.Duration
		for done.Load() == 0 {
			begin := time.Now()
			if got := w.probes("ok"); got != "ok" {
				t.Fatalf("a call beside those that pause: %q", got)
			}
			taken = append(taken, time.Since(begin))
		}
		if longest := quantile(taken, 100); longest > pause/2 {
			t.Errorf("of %d calls beside those that pause one took %v: it waited for them", len(taken), longest)
		}
		measured.note("a command beside 100 that pause, p50, p99", us(quantile(taken, 50))+", "+us(quantile(taken, 99)))
	})
}

// Starts a meeting in each of the channels. What it gives back waits for all replies.
func (w *world) startsAtOnce(channels []*model.Channel, who func(int) *model.User) func() []server.Reply {
	w.Helper()
	replies := make([]server.Reply, len(channels))
	var wait sync.WaitGroup
	for i, channel := range channels {
		wait.Go(func() {
			reply, err := w.host.Execute(typedBy(who(i), channel, "/zoom start"))
			if err != nil {
				w.Errorf("start %d: %v", i, err)
				return
			}
			for _, post := range w.chat.Ephemerals(who(i).Id) {
				if post.ChannelId == channel.Id {
					replies[i].Posts = append(replies[i].Posts, post)
				}
			}
			if reply.Text != "" {
				replies[i].Posts = append(replies[i].Posts, &model.Post{Message: reply.Text})
			}
		})
	}
	return sync.OnceValue(func() []server.Reply {
		wait.Wait()
		return replies
	})
}

// Nothing is lost and nothing doubled: a start has one card and no sentence, or a sentence and nothing at Zoom.
func (w *world) everyStartHasItsCardOrItsSentence(channels []*model.Channel, replies []server.Reply) {
	w.Helper()
	cards := 0
	for i, channel := range channels {
		posted := len(w.cards(channel))
		cards += posted
		switch text := replies[i].Text(); {
		case posted == 1 && text == "":
		case posted == 0 && strings.Contains(text, "try again"):
		default:
			w.Errorf("start %d: %d cards, %q", i, posted, text)
		}
	}
	made := 0
	for _, request := range w.asked() {
		if request.Method == "POST" && strings.Contains(request.Path, "/meetings") && request.Status < 300 {
			made++
		}
	}
	if cards == 0 || made != cards {
		w.Errorf("%d meetings were made at Zoom for %d cards", made, cards)
	}
}
