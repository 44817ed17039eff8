package mattermost

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	// `generated` settings have 32 characters.
	urlSecret   = "urlsecreturlsecreturlsecreturlsec"
	secretToken = "secret-token-of-22-chr"
)

// A chat server with the plugin running, one team, one channel, and one member who has an account at Zoom.
type world struct {
	*testing.T
	host    *server.Host
	folder  string
	chat    *server.Server
	front   *httptest.Server
	team    *model.Team
	town    *model.Channel
	ann     *model.User
	stopped bool
	// The OAuth app of these worlds that have one.
	app *zoom.App
	// By the user who is signed in there; under "" one without a session.
	browsers map[string]*browser
}

// Settings as an administrator leaves them who has followed the set-up page.
func goodSettings() map[string]any {
	return map[string]any{
		"ZoomURL": simulated.URL, "ZoomAPIURL": simulated.URL + "/v2",
		"APIKey": zoom.APIKey, "APISecret": zoom.APISecret, "WebhookSecret": urlSecret, "ZoomWebhookSecret": secretToken,
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, goodSettings())
}

func newWorldWith(t *testing.T, settings map[string]any) *world {
	t.Helper()
	return newWorldOf(t, zoomDir, settings)
}

// A world with the plugin that is unpacked in this folder. `before` prepares it while the plugin is not started yet.
func newWorldOf(t *testing.T, folder string, settings map[string]any, before ...func(*world)) *world {
	t.Helper()
	host, err := server.NewHost(filepath.Dir(folder), folder)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, host: host, folder: folder, chat: host.Server, browsers: map[string]*browser{}}
	w.check(simulated.Forget())
	w.team = w.chat.AddTeam("team")
	w.ann = w.person("ann")
	w.town = w.chat.AddChannel(model.ChannelTypeOpen, w.team, "town-square", w.ann)
	w.chat.SetSettings(settings)
	for _, prepare := range before {
		prepare(w)
	}
	if err := host.Activate(); err != nil {
		_ = host.FlushLogs()
		t.Fatalf("the plugin does not start: %v\n%v", err, w.chat.Logs().Lines())
	}
	w.front = httptest.NewServer(host.Handler())
	t.Cleanup(w.stop)
	return w
}

// Stops the plugin and looks at what it leaves. Called at a test's end, and by tests that want to know earlier.
func (w *world) stop() {
	w.Helper()
	if w.stopped {
		return
	}
	w.stopped = true
	w.front.Close()
	pid := w.host.Pid()
	w.host.Deactivate()
	w.check(w.host.FlushLogs())
	if w.host.Alive(pid) {
		w.Errorf("process %d of the plugin is still there after it was stopped", pid)
	}
	if left := sockets(w.T); len(left) > 0 {
		w.Errorf("the plugin left sockets behind: %v", left)
	}
	for _, line := range w.chat.Logs().Lines("error", "fatal", "panic") {
		w.Errorf("unexpected line in the log: %v", line)
	}
	w.checkLogsKeepSecrets()
}

func sockets(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(socketDir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type()&fs.ModeSocket != 0 {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What nobody may find in a log.
func (w *world) secrets() []string {
	w.Helper()
	return append([]string{zoom.APISecret, urlSecret, secretToken}, w.tokens()...)
}

// Secrets stand in no line; addresses in none above debug.
func (w *world) checkLogsKeepSecrets() {
	w.Helper()
	for _, line := range w.chat.Logs().Lines() {
		text := line.String()
		for _, secret := range w.secrets() {
			if strings.Contains(text, secret) {
				w.Errorf("a secret stands in the log: %s", text)
			}
		}
		if line.Level != "debug" && strings.Contains(text, "@example.com") {
			w.Errorf("personal data stands in the log above debug: %s", text)
		}
	}
}

// An error, warning or other line that the test expects: it must be there, and then counts no more.
func (w *world) expectLog(level, words string) {
	w.Helper()
	w.check(w.host.FlushLogs())
	if len(w.chat.Logs().Take(level, words)) == 0 {
		w.Errorf("no line of level %s in the log holds %q:\n%v", level, words, w.chat.Logs().Lines())
	}
}

// A user of the chat server who has an account at Zoom under the same address.
func (w *world) person(name string, change ...func(*model.User)) *model.User {
	w.Helper()
	user := w.stranger(name, change...)
	_, err := simulated.AddUser(user.Email)
	w.check(err)
	return user
}

// A user of the chat server whom Zoom does not know.
func (w *world) stranger(name string, change ...func(*model.User)) *model.User {
	w.Helper()
	return w.chat.AddUser(name, fmt.Sprintf("%s-%s@example.com", name, model.NewId()), change...)
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Types a line into the town channel as ann, or wherever `typed` says.
func (w *world) types(text string, change ...func(*server.Typed)) server.Reply {
	w.Helper()
	typed := server.Typed{User: w.ann, Channel: w.town, Text: text}
	for _, c := range change {
		c(&typed)
	}
	reply, err := w.host.Type(typed)
	w.check(err)
	return reply
}

func as(user *model.User) func(*server.Typed) {
	return func(typed *server.Typed) { typed.User = user }
}

func in(channel *model.Channel) func(*server.Typed) {
	return func(typed *server.Typed) { typed.Channel = channel }
}

func thread(root *model.Post) func(*server.Typed) {
	return func(typed *server.Typed) { typed.Root = root.Id }
}

// The cards of a channel, oldest first.
func (w *world) cards(channel *model.Channel) []*model.Post {
	w.Helper()
	posts := w.chat.Posts(channel.Id)
	return slices.DeleteFunc(posts, func(post *model.Post) bool { return post.Type != "custom_zoom" })
}

// The one card of the town channel.
func (w *world) card() *model.Post {
	w.Helper()
	cards := w.cards(w.town)
	if len(cards) != 1 {
		w.Fatalf("%d cards in the channel, want 1", len(cards))
	}
	return cards[0]
}

// A post's props as clients get them.
func (w *world) facts(post *model.Post) map[string]any {
	w.Helper()
	encoded, err := json.Marshal(post.GetProps())
	w.check(err)
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var facts map[string]any
	w.check(decoder.Decode(&facts))
	return facts
}

// The number of the meeting that a card shows.
func (w *world) number(post *model.Post) int64 {
	w.Helper()
	number, ok := w.facts(post)["meeting_id"].(json.Number)
	if !ok {
		w.Fatalf("meeting_id is %v, not a number", post.GetProp("meeting_id"))
	}
	id, err := number.Int64()
	w.check(err)
	return id
}

func (w *world) status(post *model.Post) string {
	w.Helper()
	return fmt.Sprint(w.facts(post)["meeting_status"])
}

// What Zoom was asked since the test began.
func (w *world) asked() []zoom.Request {
	w.Helper()
	requests, err := simulated.Requests()
	w.check(err)
	return requests
}

func (w *world) zoomWasNotAsked() {
	w.Helper()
	for _, request := range w.asked() {
		w.Errorf("Zoom was asked: %s %s", request.Method, request.Path)
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (w *world) url(path string) string {
	return w.front.URL + "/plugins/" + w.host.Manifest.Id + path
}

func (w *world) webhookURL() string {
	return w.url("/webhook?secret=" + urlSecret)
}

func (w *world) do(request *http.Request) answer {
	w.Helper()
	response, err := w.front.Client().Do(request)
	w.check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	w.check(err)
	return answer{response.StatusCode, response.Header, string(body)}
}

// Delivers a webhook, signed as Zoom does unless `change` says otherwise.
func (w *world) deliver(body string, change ...func(*zoom.Webhook)) answer {
	w.Helper()
	webhook := zoom.Webhook{URL: w.webhookURL(), Body: body, SecretToken: secretToken}
	for _, c := range change {
		c(&webhook)
	}
	request, err := webhook.Request()
	w.check(err)
	return w.do(request)
}

// Delivers an event and insists that it is taken.
func (w *world) event(event zoom.Event) {
	w.Helper()
	if got := w.deliver(event.Body()); got.status != http.StatusOK {
		w.Fatalf("%s: status %d %s, want 200", event.Name, got.status, got.body)
	}
}

// An instance of a card's meeting that began now.
func (w *world) started(card *model.Post) zoom.Event {
	w.Helper()
	return zoom.Event{Name: "meeting.started", ID: fmt.Sprint(w.number(card)), UUID: newUUID(), Topic: "t", Start: zoom.UTC(time.Now())}
}

// The end of that instance, so long after its start.
func ended(started zoom.Event, after time.Duration) zoom.Event {
	begin, err := time.Parse(time.RFC3339, started.Start.(string))
	if err != nil {
		panic(err)
	}
	started.Name = "meeting.ended"
	started.End = zoom.UTC(begin.Add(after))
	return started
}

// As Zoom's: 24 characters of base64, some of which begin with a slash.
func newUUID() string {
	return "/" + model.NewId()[:21] + "=="
}

func with(settings map[string]any, key string, value any) map[string]any {
	changed := maps.Clone(settings)
	changed[key] = value
	return changed
}

// Polls until it holds. For what happens in another process in its own time.
func (w *world) eventually(what string, holds func() bool) {
	w.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			w.Fatalf("after 30 seconds: not so: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (w *world) holds(text string, wanted ...string) {
	w.Helper()
	for _, words := range wanted {
		if !strings.Contains(text, words) {
			w.Errorf("%q does not hold %q", text, words)
		}
	}
}

func typedBy(user *model.User, channel *model.Channel, text string) server.Typed {
	return server.Typed{User: user, Channel: channel, Text: text}
}

// Runs a part of the test under a name of its own.
func (w *world) run(name string, part func(w *world)) {
	w.Helper()
	w.T.Run(name, func(t *testing.T) {
		sub := *w
		sub.T = t
		part(&sub)
	})
}
