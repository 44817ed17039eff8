package mattermost

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// What an attack did, and what somebody felt of it who has nothing to do with it.
type attack struct {
	name                          string
	sent, answered, lost, doubled int
	help, webhook                 []time.Duration
	before, after                 int64
}

// The attacks of this run, the quiet time first.
var attacks []attack

const (
	// Requests at once, and rounds of the bystander in a quiet time or while nothing but waiting goes on.
	concurrency = 64
	rounds      = 300
)

// Each attack, in a world of its own, with a bystander who asks for help and for whom Zoom delivers signed webhooks. It is asserted
// that nothing is lost or doubled and that the bystander is served; how fast is printed, since times are the machine's too.
func TestAttacksAreFeltByNobodyElse(t *testing.T) {
	run := func(name string, settings func() map[string]any, play func(w *world, a *attack, meanwhile func(part func()))) {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, settings())
			a := attack{name: name}
			bob := w.person("bob")
			w.bystander(&a, bob, rounds/10)
			a.help, a.webhook = nil, nil
			a.before = resident(t, w.host)
			play(w, &a, func(part func()) { w.whileBystanderIsServed(&a, bob, part) })
			a.after = resident(t, w.host)
			if a.lost != 0 || a.doubled != 0 || a.answered != a.sent {
				t.Errorf("%d sent, %d answered, %d lost, %d doubled", a.sent, a.answered, a.lost, a.doubled)
			}
			attacks = append(attacks, a)
		})
	}
	run("quiet", goodSettings, func(w *world, a *attack, meanwhile func(func())) {
		w.bystander(a, w.person("bob"), rounds)
	})
	run("f04_1100_bodies_that_do_not_come", goodSettings, func(w *world, a *attack, meanwhile func(func())) {
		answers := w.slowBodies(1100, "/webhook")
		w.areSentAway(answers, 1100-256)
		// Those that wait have their answer when they are given up, at the latest.
		a.sent, a.answered = 1100-256, 1100-256
		w.bystander(a, w.person("bob"), rounds)
	})
	var g *zoomGate
	slowZoom := func() map[string]any {
		g = newGate(t, "POST /v2/users/")
		return g.settings()
	}
	run("f05_150_starts_of_one_user", slowZoom, func(w *world, a *attack, meanwhile func(func())) {
		channels := make([]*model.Channel, 150)
		for i := range channels {
			channels[i] = w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room%d", i), w.ann)
		}
		ends := w.startsAtOnce(channels, func(int) *model.User { return w.ann })
		w.eventually("starts wait at Zoom", func() bool { return g.arrived.Load() > 0 })
		w.bystander(a, w.person("bob"), rounds)
		g.open()
		replies := ends()
		a.sent, a.answered = len(channels), len(replies)
		w.everyStartHasItsCardOrItsSentence(channels, replies)
	})
	run("f07_5000_requests_that_are_refused", goodSettings, func(w *world, a *attack, meanwhile func(func())) {
		meanwhile(func() {
			w.sendAll(a, 5000, func(int) (*http.Request, int) {
				request, err := http.NewRequest("GET", w.url("/webhook"), nil)
				w.check(err)
				return request, http.StatusMethodNotAllowed
			})
		})
	})
	run("f04_10000_webhooks_a_tenth_hostile", goodSettings, func(w *world, a *attack, meanwhile func(func())) {
		w.tenThousandWebhooks(a, meanwhile)
	})
}

// The bystander's calls, one after another, so many times.
func (w *world) bystander(a *attack, bob *model.User, times int) {
	w.Helper()
	for range times {
		w.isServed(a, bob)
	}
}

func (w *world) isServed(a *attack, bob *model.User) {
	w.Helper()
	begin := time.Now()
	reply := w.types("/zoom help", as(bob))
	a.help = append(a.help, time.Since(begin))
	w.holds(reply.Text(), "/zoom start")
	body := zoom.Event{Name: "meeting.ended", ID: 99999999999, UUID: newUUID()}.Body()
	begin = time.Now()
	got := w.deliver(body)
	a.webhook = append(a.webhook, time.Since(begin))
	if got.status != http.StatusOK {
		w.Errorf("the bystander's webhook: status %d %s", got.status, got.body)
	}
}

// Serves the bystander for as long as the part takes.
func (w *world) whileBystanderIsServed(a *attack, bob *model.User, part func()) {
	w.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		part()
	}()
	for {
		select {
		case <-done:
			return
		default:
			w.isServed(a, bob)
		}
	}
}

// Sends so many requests, many at once, and looks whether each is answered as it must be.
func (w *world) sendAll(a *attack, number int, request func(int) (*http.Request, int)) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}}
	defer client.CloseIdleConnections()
	var next, answered atomic.Int64
	var wait sync.WaitGroup
	for range concurrency {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < number; i = int(next.Add(1)) - 1 {
				request, want := request(i)
				response, err := client.Do(request)
				if err != nil {
					w.Errorf("request %d: %v", i, err)
					continue
				}
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || response.StatusCode != want {
					w.Errorf("request %d: status %d %s %v, want %d", i, response.StatusCode, body, err, want)
					continue
				}
				answered.Add(1)
			}
		})
	}
	wait.Wait()
	a.sent, a.answered = number, int(answered.Load())
}

// A hundred meetings that begin and end, each event delivered many times over, among requests that mean harm.
func (w *world) tenThousandWebhooks(a *attack, meanwhile func(func())) {
	w.Helper()
	const number, meetings = 10_000, 100
	channels := make([]*model.Channel, meetings)
	events := make([][2]string, meetings)
	for i := range channels {
		channels[i] = w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room%d", i), w.ann)
		w.types("/zoom start", in(channels[i]))
		started := w.started(w.cards(channels[i])[0])
		events[i] = [2]string{started.Body(), ended(started, 7*time.Minute).Body()}
	}
	order := rand.New(rand.NewPCG(1, 2)).Perm(number)
	meanwhile(func() {
		w.sendAll(a, number, func(i int) (*http.Request, int) {
			n := order[i]
			hook := zoom.Webhook{URL: w.webhookURL(), Body: events[n%meetings][n/meetings%2], SecretToken: secretToken, At: time.Now().Add(-time.Duration(n/meetings) * time.Second)}
			want := http.StatusOK
			if n/meetings%10 == 3 {
				want = harm(&hook, n)
			}
			request, err := hook.Request()
			w.check(err)
			return request, want
		})
	})
	for i, channel := range channels {
		cards := w.cards(channel)
		switch {
		case len(cards) == 0 || w.status(cards[0]) != "ENDED" || !strings.Contains(cards[0].Message, "7 minutes"):
			a.lost++
			w.Errorf("meeting %d has not ended: %v", i, cards)
		case len(w.chat.Posts(channel.Id)) != 1:
			a.doubled++
		}
	}
}

// Makes a request of it that means harm, and says how that is answered.
func harm(hook *zoom.Webhook, kind int) int {
	switch kind % 6 {
	case 0:
		hook.URL = strings.ReplaceAll(hook.URL, urlSecret, "wrong")
		return http.StatusUnauthorized
	case 1:
		hook.SecretToken = "another-secret-token-x"
		return http.StatusUnauthorized
	case 2:
		hook.Body = `{"event":`
		return http.StatusBadRequest
	case 3:
		hook.URL = strings.Replace(hook.URL, "/webhook", "/webhooks", 1)
		return http.StatusNotFound
	case 4:
		hook.SecretToken = ""
		return http.StatusUnauthorized
	default:
		hook.Body = strings.Repeat("[", 1<<16)
		return http.StatusBadRequest
	}
}

func printAttacks(to io.Writer) {
	if len(attacks) == 0 {
		return
	}
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "figures on attacks:\tsent\tanswered\tlost\tdoubled\t/zoom help p50, p99\twebhook p50, p99\tp99 to the quiet one\tRSS before, after\n")
	quiet := attacks[0]
	for _, a := range attacks {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%s, %s\t%s, %s\t× %.1f, × %.1f\t%s, %s\n", a.name, a.sent, a.answered, a.lost, a.doubled,
			us(quantile(a.help, 50)), us(quantile(a.help, 99)), us(quantile(a.webhook, 50)), us(quantile(a.webhook, 99)),
			ratio(a.help, quiet.help), ratio(a.webhook, quiet.webhook), mb(a.before), mb(a.after))
	}
	table.Flush()
	fmt.Fprintf(to, "\n%s\n", text.String())
}

func quantile(taken []time.Duration, percent int) time.Duration {
	if len(taken) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(taken))
	return sorted[(len(sorted)-1)*percent/100]
}

func ratio(taken, quiet []time.Duration) float64 {
	return float64(quantile(taken, 99)) / float64(max(quantile(quiet, 99), 1))
}
