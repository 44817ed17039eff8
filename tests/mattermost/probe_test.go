package mattermost

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// The bundle with another component in it: one that does what the text of its command says (tests/component/guest). It shows what
// the host makes of each import, whatever the Zoom component asks for.
func unpackProbe() (string, error) {
	compiled, err := probeComponent()
	if err != nil {
		return "", err
	}
	plugins := filepath.Join(filepath.Dir(pluginsDir), "probe")
	folder := filepath.Join(plugins, filepath.Base(zoomDir))
	if err := os.CopyFS(folder, os.DirFS(zoomDir)); err != nil {
		return "", err
	}
	code, err := os.ReadFile(compiled)
	if err != nil {
		return "", err
	}
	return folder, os.WriteFile(filepath.Join(folder, "server/dist/zoom.cwasm"), code, 0o644)
}

// ZOOM_PROBE names it, else cargo builds it.
func probeComponent() (string, error) {
	if named := os.Getenv("ZOOM_PROBE"); named != "" {
		return named, nil
	}
	build := exec.Command("cargo", "run", "--quiet", "--package", "component-tests", "--example", "probe")
	build.Dir = repository()
	build.Stderr = os.Stderr
	// Where cargo puts its own files; the tests have a place of their own for theirs.
	build.Env = append(os.Environ(), "TMPDIR="+filepath.Dir(pluginsDir))
	output, err := build.Output()
	if err != nil {
		return "", errors.Join(errors.New("build the probe"), err)
	}
	return strings.TrimSpace(string(output)), nil
}

func newProbe(t *testing.T, settings map[string]any) *world {
	t.Helper()
	return newWorldOf(t, probeDir, settings)
}

// What the probe says to its command.
func (w *world) probes(text string, change ...func(*server.Typed)) string {
	w.Helper()
	return w.types("/probe "+text, change...).Text()
}

// The id in an answer `Ok("…")`.
func (w *world) id(answer string) string {
	w.Helper()
	id, ok := strings.CutPrefix(answer, `Ok("`)
	if !ok {
		w.Fatalf("the probe says %s", answer)
	}
	return strings.TrimSuffix(id, `")`)
}

func (w *world) presses(user *model.User, post *model.Post, button string) string {
	w.Helper()
	reply, err := w.host.Press(user, post, button)
	w.check(err)
	for _, shown := range reply.Posts {
		if shown.RootId != post.RootId || shown.ChannelId != post.ChannelId {
			w.Errorf("the answer to a press stands below %q in %q, want %q in %q", shown.RootId, shown.ChannelId, post.RootId, post.ChannelId)
		}
	}
	return reply.Text()
}

func TestPrivateCardsWithButtonsStayWhereTheyWereAskedFor(t *testing.T) {
	w := newProbe(t, goodSettings())
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	for name, place := range map[string]func(*server.Typed){"channel": in(w.town), "thread": thread(root)} {
		w.run(name, func(w *world) {
			answer := w.types("/probe private", place)
			shown := answer.Posts[0]
			id := w.id(answer.Posts[1].Message)
			if shown.Id != id || shown.ChannelId != w.town.Id || shown.RootId != answer.Posts[1].RootId {
				w.Errorf("shown is %s below %q in %s; asked for was %s below %q", shown.Id, shown.RootId, shown.ChannelId, id, answer.Posts[1].RootId)
			}
			// The client goes by the prop: the type is the server's.
			if kind := shown.GetProp("type"); shown.Type != model.PostTypeEphemeral || kind != "custom_probe" {
				w.Errorf("shown is a post of type %q with the prop %v", shown.Type, kind)
			}
			if shown.CreateAt == 0 {
				w.Error("the reply does not say when it was made")
			}
			if got := w.presses(w.ann, shown, "press"); got != "press says hello from "+w.ann.Id+"\n\n[Open](https://example.com/)" {
				w.Errorf("a press is answered with %q", got)
			}
			w.probes("private-update "+id, place)
			var changed *model.Post
			for _, post := range w.chat.Ephemerals(w.ann.Id) {
				if post.Id == id {
					changed = post
				}
			}
			if changed == nil || changed.RootId != shown.RootId || changed.GetProp("type") != "custom_probe" {
				w.Fatalf("the changed reply is %v", changed)
			}
			w.holds(w.presses(w.ann, changed, "press"), "hello from "+w.ann.Id)
			w.probes("private-delete "+id, place)
			for _, post := range w.chat.Ephemerals(w.ann.Id) {
				if post.Id == id {
					w.Error("the reply is still shown")
				}
			}
		})
	}
	if posts := w.chat.Posts(w.town.Id); len(posts) != 1 {
		t.Errorf("%d posts in the channel, want the first one alone: what is private was posted", len(posts))
	}
}

// What the component offers may be in the server's language, and that is an administrator's to change.
func TestTheCommandFollowsTheServersLanguage(t *testing.T) {
	w := newProbe(t, goodSettings())
	for _, locale := range []string{"", "pt-BR", "en"} {
		if locale != "" {
			w.chat.ChangeConfig(func(config *model.Config) { *config.LocalizationSettings.DefaultServerLocale = locale })
			w.check(w.host.Reconfigure(goodSettings()))
		}
		wanted := fmt.Sprintf("Behaves as it is told, in %s.", cmp.Or(locale, model.DefaultLocale))
		if got := w.chat.Command("probe").AutoCompleteDesc; got != wanted {
			t.Errorf("the command is described as %q, want %q", got, wanted)
		}
	}
}

// A button of a private card is its user's, and says where it stands.
func TestAPrivateButtonIsNobodyElsesAndNowhereElse(t *testing.T) {
	w := newProbe(t, goodSettings())
	bob := w.person("bob")
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	w.probes("private", thread(root))
	shown := w.chat.Ephemerals(w.ann.Id)[0]
	moved := shown.Clone()
	moved.Id = model.NewId()
	for _, forged := range []struct {
		user *model.User
		post *model.Post
	}{{bob, shown}, {w.ann, moved}} {
		reply, err := w.host.Press(forged.user, forged.post, "press")
		w.check(err)
		w.holds(reply.Text(), "does not belong to this message")
	}
	// Once: what is refused again for the same reason is counted.
	w.expectLog("warn", "was not made by this plugin")
}

// A stored file is attached to its post, with the type and props that other plugins look for.
func TestAFileIsStoredAndAttachedToItsPost(t *testing.T) {
	asked := 0
	zoom := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/file?x=1", http.StatusFound)
			return
		}
		_, _ = fmt.Fprint(w, "WEBVTT\n")
	}))
	defer zoom.Close()
	w := newProbe(t, with(goodSettings(), "ZoomAPIURL", zoom.URL))
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	id := w.id(w.probes("transcript "+zoom.URL+"/moved", thread(root)))
	posts := w.chat.Posts(w.town.Id)
	post := posts[len(posts)-1]
	if post.Id != id || post.Type != "custom_zoom_transcript" || post.RootId != root.Id || len(post.FileIds) != 1 {
		t.Fatalf("the post is %+v", post)
	}
	info, data := w.chat.File(post.FileIds[0])
	if info.PostId != post.Id || info.Name != "transcript.txt" || info.ChannelId != w.town.Id || string(data) != "WEBVTT\n" {
		t.Errorf("the file is %+v, %q", info, data)
	}
	want := []any{map[string]any{"file_id": info.Id}}
	if got := post.GetProp("captions"); !reflect.DeepEqual(got, want) {
		t.Errorf("captions are %#v, want %#v", got, want)
	}
	if post.GetProp(model.PostPropsAttachments) != nil {
		t.Errorf("an empty box is drawn below the message: %v", post.GetProp(model.PostPropsAttachments))
	}
	if asked != 2 {
		t.Errorf("the other server was asked %d times, want 2", asked)
	}
}

// What the server's limit for files does not let in is told in a way that the plugin can act on.
func TestAFileThatTheServerDoesNotTakeIsTooLarge(t *testing.T) {
	zoom := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "0123456789") }))
	defer zoom.Close()
	w := newProbe(t, with(goodSettings(), "ZoomAPIURL", zoom.URL))
	w.chat.ChangeConfig(func(config *model.Config) { *config.FileSettings.MaxFileSize = 9 })
	if got := w.probes("transcript " + zoom.URL); got != "Error::TooLarge(10)" {
		t.Errorf("the plugin is told %s", got)
	}
}

// Posts that an earlier version of the plugin made are in no record of this one.
func TestAPostOfAnEarlierVersionCanBeChangedAndKeepsWhatIsOthers(t *testing.T) {
	w := newProbe(t, goodSettings())
	old := w.chat.Post(w.town.Id, w.ann.Id, "", "Join")
	w.chat.ChangePost(old.Id, func(post *model.Post) {
		post.Type = "custom_zoom"
		post.FileIds = model.StringArray{model.NewId()}
		post.SetProps(model.StringInterface{
			"from_plugin": "true", "pressed": "old", "override_username": "Zoom", "other_plugin": map[string]any{"deep": []any{"kept", 1.5}},
			"attachments": []any{map[string]any{"title": "old"}},
		})
	})
	if got := w.probes("update " + old.Id); got != "Ok(())" {
		t.Fatalf("the update: %s", got)
	}
	post := w.chat.Posts(w.town.Id)[0]
	if post.Message != "It was pressed." || post.Type != "custom_zoom" || len(post.FileIds) != 1 || post.UserId != w.ann.Id {
		t.Errorf("the post is %+v", post)
	}
	facts := w.facts(post)
	attachments := facts["attachments"]
	delete(facts, "attachments")
	// From now on it says that it is the plugin's.
	if facts["plugin_stamp"] == nil {
		t.Error("the post has no stamp")
	}
	delete(facts, "plugin_stamp")
	want := map[string]any{
		"from_plugin": "true", "pressed": true, "override_username": "Zoom", "other_plugin": map[string]any{"deep": []any{"kept", json.Number("1.5")}},
	}
	if !reflect.DeepEqual(facts, want) {
		t.Errorf("the props are %v, want %v", facts, want)
	}
	if text := fmt.Sprint(attachments); !strings.Contains(text, "A card") || strings.Contains(text, "old") {
		t.Errorf("the attachment is %v", attachments)
	}
	w.holds(w.presses(w.ann, post, "press"), "hello from nobody")
}

func TestRecentPostsAreThoseOfAllNewestFirst(t *testing.T) {
	w := newProbe(t, goodSettings())
	bob := w.person("bob")
	old := w.chat.Post(w.town.Id, bob.Id, "", "old")
	w.chat.ChangePost(old.Id, func(post *model.Post) { post.CreateAt = 1000 })
	mine := w.id(w.probes("button"))
	others := w.chat.Post(w.town.Id, bob.Id, "", "https://meet.example/abc")
	w.chat.ChangePost(others.Id, func(post *model.Post) {
		post.CreateAt += 5
		post.Type = "custom_other"
		post.AddProp("from_plugin", "true")
	})
	gone := w.chat.Post(w.town.Id, bob.Id, "", "gone")
	w.chat.ChangePost(gone.Id, func(post *model.Post) { post.CreateAt += 10 })
	w.chat.Delete(gone.Id)
	want := gone.Id + "  false\n" + others.Id + " custom_other false\n" + mine + " custom_probe true"
	if got := w.probes("recent 2000"); got != want {
		t.Errorf("recent posts are\n%s\nwant\n%s", got, want)
	}
}

// Ordinary members may change a channel's name by default. Its settings for meetings are for those who administer it.
func TestAChannelIsManagedByItsAdministratorsAlone(t *testing.T) {
	w := newProbe(t, goodSettings())
	boss, schemed := w.person("boss"), w.person("schemed")
	guest, root := w.person("guest", server.Guest), w.person("root", server.SystemAdmin)
	stranger := w.person("stranger")
	private := w.chat.AddChannel(model.ChannelTypePrivate, w.team, "private", w.ann, boss, schemed, guest)
	direct := w.chat.AddChannel(model.ChannelTypeDirect, nil, "direct", w.ann, boss)
	open := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "open", w.ann, boss, schemed, guest)
	for _, channel := range []*model.Channel{open, private} {
		w.chat.Promote(channel.Id, boss.Id)
		w.chat.Promote(channel.Id, schemed.Id, model.ChannelUserRoleId)
	}
	for _, c := range []struct {
		user *model.User
		want string
	}{{boss, "Ok(true)"}, {schemed, "Ok(true)"}, {root, "Ok(true)"}, {w.ann, "Ok(false)"}, {guest, "Ok(false)"}, {stranger, "Ok(false)"}} {
		for _, channel := range []*model.Channel{open, private} {
			if got := w.probes("may manage", as(c.user), in(channel)); got != c.want {
				t.Errorf("%s manages the %s channel: %s, want %s", c.user.Username, channel.Name, got, c.want)
			}
		}
	}
	for user, want := range map[*model.User]string{w.ann: "Ok(false)", boss: "Ok(false)", root: "Ok(true)"} {
		if got := w.probes("may manage", as(user), in(direct)); got != want {
			t.Errorf("%s manages a direct channel: %s, want %s", user.Username, got, want)
		}
	}
}

func TestAPreferenceOfAnEarlierVersionIsRead(t *testing.T) {
	w := newProbe(t, goodSettings())
	w.chat.Prefer(w.ann.Id, "plugin:zoom", "use-pmi", "ask")
	w.chat.Prefer(w.ann.Id, "display_settings", "use-pmi", "other")
	if got := w.probes("preference use-pmi"); got != `Ok(Some("ask"))` {
		t.Errorf("the preference is %s", got)
	}
	if got := w.probes("preference use-pmi", as(w.person("bob"))); got != "Ok(None)" {
		t.Errorf("of somebody who set nothing: %s", got)
	}
	w.chat.FailNext("GetPreferencesForUser", 1, http.StatusInternalServerError)
	w.holds(w.probes("preference use-pmi"), "Error::Unavailable")
}

// People come to these pages from Zoom, with or without a session of the chat server in that browser.
func TestPagesForPeoplePassUnchanged(t *testing.T) {
	w := newProbe(t, goodSettings())
	cookie := map[string]string{"Cookie": model.SessionCookieToken + "=" + w.chat.SignIn(w.ann)}
	for name, c := range map[string]struct {
		headers map[string]string
		user    string
	}{"without a session": {nil, "None"}, "with a session": {cookie, fmt.Sprintf("Some(%q)", w.ann.Id)}} {
		w.run(name, func(w *world) {
			got := w.calls(call{method: "GET", path: "/oauth2/page?code=a%2Bb%20c&state=x%3Dy", headers: c.headers})
			if got.status != 200 || got.body != "<!doctype html><p>"+c.user+" code=a%2Bb+c&state=x%3Dy</p>" {
				w.Errorf("status %d, %q", got.status, got.body)
			}
			for header, want := range map[string]string{
				"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
				"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			} {
				if values := got.header.Values(header); len(values) != 1 || values[0] != want {
					w.Errorf("%s is %q, want %q", header, values, want)
				}
			}
		})
	}
	w.front.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := w.calls(call{method: "GET", path: "/oauth2/moved"})
	if got.status != http.StatusFound || got.header.Get("Location") != "https://zoom.us/oauth/authorize?response_type=code&state=a%2Bb" || got.body != "" {
		t.Errorf("status %d to %q, %q", got.status, got.header.Get("Location"), got.body)
	}
}
