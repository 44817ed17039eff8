package mattermost

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
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
	command, webhook              []time.Duration
	before, after                 int64
	// The same plugin in a quiet time.
	quiet *attack
}

// The attacks of this run.
var attacks []*attack

const (
	// Requests at once, and rounds of the bystander in a quiet time or while nothing but waiting goes on.
	concurrency = 64
	rounds      = 300
	// Loopback has many addresses: requests from here come from somebody else than the bystander.
	elsewhere = "127.0.0.2"
	// Served, or told that too much is under way: what takes long for each request is refused on a slow machine.
	servedOrRefused = -1
)

// Somebody who has nothing to do with an attack: types a command, and Zoom delivers a signed webhook for them.
type bystander struct {
	*model.User
	command, says string
	status        int
}

// Each attack, in a world of its own, beside a bystander. It is asserted that nothing is lost or doubled and that the bystander is
// served; how fast is printed, since times are the machine's too. What the machine adds by itself shows the plugin that does nothing
// under the same load.
func TestAttacksAreFeltByNobodyElse(t *testing.T) {
	var quiet *attack
	run := func(name string, start func(t *testing.T) (*world, bystander), play func(w *world, a *attack, b bystander)) {
		t.Run(name, func(t *testing.T) {
			w, b := start(t)
			a := &attack{name: name, quiet: quiet}
			w.serves(a, b, rounds/10)
			a.command, a.webhook = nil, nil
			a.before = resident(t, w.host)
			play(w, a, b)
			a.after = resident(t, w.host)
			if a.lost != 0 || a.doubled != 0 || a.answered != a.sent {
				t.Errorf("%d sent, %d answered, %d lost, %d doubled", a.sent, a.answered, a.lost, a.doubled)
			}
			if a.quiet == nil {
				quiet, a.quiet = a, a
			}
			attacks = append(attacks, a)
		})
	}
	zoomOf := func(settings func() map[string]any) func(t *testing.T) (*world, bystander) {
		return func(t *testing.T) (*world, bystander) {
			w := newWorldWith(t, settings())
			return w, bystander{w.person("bob"), "/zoom help", "/zoom start", http.StatusOK}
		}
	}
	ours := zoomOf(goodSettings)
	nothing := func(t *testing.T) (*world, bystander) {
		w := newWorldOf(t, nothingDir, nil)
		return w, bystander{w.person("bob"), "/nothing", "", http.StatusNotFound}
	}
	inPeace := func(w *world, a *attack, b bystander) { w.serves(a, b, rounds) }
	run("quiet", ours, inPeace)
	run("f01_2000_reads_of_posts_that_no_plugin_expects", ours, (*world).hostilePostsAreRead)
	run("f04_1100_bodies_that_do_not_come", ours, func(w *world, a *attack, b bystander) {
		answers := w.slowBodies(1100, "/webhook")
		w.areSentAway(answers, 1100-256)
		// Those that wait have their answer when they are given up, at the latest.
		a.sent, a.answered = 1100-256, 1100-256
		w.serves(a, b, rounds)
	})
	var g *zoomGate
	slowZoom := func() map[string]any {
		g = newGate(t, "POST /v2/users/")
		return g.settings()
	}
	run("f05_150_starts_of_one_user", zoomOf(slowZoom), func(w *world, a *attack, b bystander) {
		channels := make([]*model.Channel, 150)
		for i := range channels {
			channels[i] = w.chat.AddChannel(model.ChannelTypeOpen, w.team, fmt.Sprintf("room%d", i), w.ann)
		}
		ends := w.startsAtOnce(channels, func(int) *model.User { return w.ann })
		w.eventually("starts wait at Zoom", func() bool { return g.arrived.Load() > 0 })
		w.serves(a, b, rounds)
		g.open()
		replies := ends()
		a.sent, a.answered = len(channels), len(replies)
		w.everyStartHasItsCardOrItsSentence(channels, replies)
	})
	run("f07_5000_requests_that_are_refused", ours, func(w *world, a *attack, b bystander) {
		w.servesWhile(a, b, func() { w.refusals(a, http.StatusMethodNotAllowed) })
	})
	run("f04_10000_webhooks_a_tenth_hostile", ours, func(w *world, a *attack, b bystander) {
		w.tenThousandWebhooks(a, b, elsewhere)
	})
	run("f04_10000_webhooks_from_where_the_bystanders_come", ours, func(w *world, a *attack, b bystander) {
		w.tenThousandWebhooks(a, b, "127.0.0.1")
	})
	quiet = nil
	run("do_nothing_quiet", nothing, inPeace)
	run("do_nothing_5000_requests", nothing, func(w *world, a *attack, b bystander) {
		w.servesWhile(a, b, func() { w.refusals(a, http.StatusNotFound) })
	})
	run("do_nothing_10000_webhooks", nothing, func(w *world, a *attack, b bystander) {
		started := zoom.Event{Name: "meeting.started", ID: "91234567890", UUID: newUUID(), Topic: "t", Start: zoom.UTC(time.Now())}
		events := [][2]string{{started.Body(), ended(started, 7*time.Minute).Body()}}
		w.servesWhile(a, b, func() {
			w.sendAll(a, 10_000, elsewhere, func(i int) (*http.Request, int) {
				request, _ := w.delivery(events, i)
				return request, http.StatusNotFound
			})
		})
	})
}

// The bystander's calls, one after another, so many times.
func (w *world) serves(a *attack, b bystander, times int) {
	w.Helper()
	for range times {
		w.isServed(a, b)
	}
}

func (w *world) isServed(a *attack, b bystander) {
	w.Helper()
	begin := time.Now()
	reply := w.types(b.command, as(b.User))
	a.command = append(a.command, time.Since(begin))
	w.holds(reply.Text(), b.says)
	body := zoom.Event{Name: "meeting.ended", ID: 99999999999, UUID: newUUID()}.Body()
	begin = time.Now()
	got := w.deliver(body)
	a.webhook = append(a.webhook, time.Since(begin))
	if got.status != b.status {
		w.Errorf("the bystander's webhook: status %d %s", got.status, got.body)
	}
}

// Serves the bystander for as long as the part takes.
func (w *world) servesWhile(a *attack, b bystander, part func()) {
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
			w.isServed(a, b)
		}
	}
}

// Requests that are refused at once.
func (w *world) refusals(a *attack, status int) {
	w.sendAll(a, 5000, elsewhere, func(int) (*http.Request, int) {
		request, err := http.NewRequest("GET", w.url("/webhook"), nil)
		w.check(err)
		return request, status
	})
}

// Eight people ask, eight times each at once, whether posts are cards that no plugin expects: each of them is read.
func (w *world) hostilePostsAreRead(a *attack, b bystander) {
	w.Helper()
	const people = 8
	pid := w.host.Pid()
	var posts, tokens []string
	room := make([]*model.User, people)
	for i := range room {
		room[i] = w.person(fmt.Sprintf("mallory%d", i))
		tokens = append(tokens, w.chat.SignIn(room[i]))
	}
	channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "room", room...)
	for _, hostile := range hostilePosts {
		post := w.chat.Post(channel.Id, room[0].Id, "", "hello")
		w.chat.ChangePost(post.Id, func(post *model.Post) { post.Type = "custom_zoom" })
		w.chat.ChangePost(post.Id, hostile.change)
		posts = append(posts, post.Id)
	}
	w.servesWhile(a, b, func() {
		w.sendAll(a, 2000, elsewhere, func(i int) (*http.Request, int) {
			request, err := http.NewRequest("GET", w.url("/api/v1/cards?ids="+posts[i/people%len(posts)]), nil)
			w.check(err)
			request.Header.Set(model.HeaderAuth, "Bearer "+tokens[i%people])
			return request, servedOrRefused
		})
	})
	if now := w.host.Pid(); now != pid {
		w.Errorf("the process was %d and is %d", pid, now)
	}
}

// Sends so many requests from an address, many at once, and looks whether each is answered as it must be.
func (w *world) sendAll(a *attack, number int, from string, request func(int) (*http.Request, int)) {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: concurrency}}
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
				isRight := response.StatusCode == want
				if want == servedOrRefused {
					isRight = response.StatusCode == http.StatusOK || response.StatusCode == http.StatusServiceUnavailable
				}
				if err != nil || !isRight {
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
func (w *world) tenThousandWebhooks(a *attack, b bystander, from string) {
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
	w.servesWhile(a, b, func() {
		w.sendAll(a, number, from, func(i int) (*http.Request, int) { return w.delivery(events, order[i]) })
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

// The n-th delivery of these events, and how it is answered: each event many times over, a tenth of them changed to do harm.
func (w *world) delivery(events [][2]string, n int) (*http.Request, int) {
	meetings := len(events)
	body := events[n%meetings][n/meetings%2]
	hook := zoom.Webhook{URL: w.webhookURL(), Body: body, SecretToken: secretToken, At: time.Now().Add(-time.Duration(n/meetings) * time.Second)}
	want := http.StatusOK
	if n/meetings%10 == 3 {
		want = harm(&hook, n)
	}
	request, err := hook.Request()
	w.check(err)
	return request, want
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
	fmt.Fprintf(table, "figures on attacks:\tsent\tanswered\tlost\tdoubled\tcommand p50, p99\twebhook p50, p99\tp99 to the quiet one\tRSS before, after\n")
	for _, a := range attacks {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%s, %s\t%s, %s\t× %.1f, × %.1f\t%s, %s\n", a.name, a.sent, a.answered, a.lost, a.doubled,
			us(quantile(a.command, 50)), us(quantile(a.command, 99)), us(quantile(a.webhook, 50)), us(quantile(a.webhook, 99)),
			ratio(a.command, a.quiet.command), ratio(a.webhook, a.quiet.webhook), mb(a.before), mb(a.after))
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
