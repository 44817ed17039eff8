package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

func newServer() *server.Server {
	return server.New(&model.Manifest{Id: "zoom", SettingsSchema: &model.PluginSettingsSchema{
		Settings: []*model.PluginSetting{{Key: "ZoomURL"}, {Key: "EnableOAuth", Default: false}},
	}})
}

func TestKeysAreComparedBeforeAnAtomicWrite(t *testing.T) {
	s := newServer()
	set := func(value, old string, atomic bool) bool {
		t.Helper()
		options := model.PluginKVSetOptions{Atomic: atomic}
		if old != "" {
			options.OldValue = []byte(old)
		}
		var bytes []byte
		if value != "" {
			bytes = []byte(value)
		}
		done, err := s.API().KVSetWithOptions("key", bytes, options)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	steps := []struct {
		what       string
		value, old string
		atomic     bool
		want       bool
		after      string
	}{
		{"first write needs an absent key", "a", "", true, true, "a"},
		{"second first write is refused", "b", "", true, false, "a"},
		{"wrong old value is refused", "b", "x", true, false, "a"},
		{"right old value is replaced", "b", "a", true, true, "b"},
		{"delete with a wrong old value is refused", "", "a", true, false, "b"},
		{"delete without an old value never happens", "", "", true, false, "b"},
		{"delete with the right old value", "", "b", true, true, ""},
		{"a write without a condition", "c", "", false, true, "c"},
		{"a delete without a condition", "", "", false, true, ""},
	}
	for _, step := range steps {
		if got := set(step.value, step.old, step.atomic); got != step.want {
			t.Errorf("%s: %v, want %v", step.what, got, step.want)
		}
		if value, _ := s.API().KVGet("key"); string(value) != step.after {
			t.Errorf("%s: holds %q, want %q", step.what, value, step.after)
		}
	}
	if _, err := s.API().KVSetWithOptions("key", []byte("a"), model.PluginKVSetOptions{OldValue: []byte("b")}); err == nil || err.StatusCode != http.StatusBadRequest {
		t.Errorf("an old value without Atomic: %v, want status 400", err)
	}
}

func TestKeysExpireAndMayNotBeTooLong(t *testing.T) {
	s := newServer()
	if _, err := s.API().KVSetWithOptions("short", []byte("v"), model.PluginKVSetOptions{ExpireInSeconds: 60}); err != nil {
		t.Fatal(err)
	}
	s.Advance(59 * time.Second)
	if value, _ := s.API().KVGet("short"); string(value) != "v" {
		t.Errorf("gone after 59 of 60 seconds")
	}
	s.Advance(time.Second)
	if value, _ := s.API().KVGet("short"); value != nil {
		t.Errorf("still there after 60 seconds: %q", value)
	}
	if done, _ := s.API().KVSetWithOptions("short", []byte("w"), model.PluginKVSetOptions{Atomic: true}); !done {
		t.Errorf("an expired key still counts as present")
	}
	for _, length := range []int{0, 150, 151} {
		err := s.API().KVSet(strings.Repeat("k", length), []byte("v"))
		if refused := err != nil; refused != (length == 0 || length > 150) {
			t.Errorf("a key of %d characters: %v", length, err)
		}
	}
}

func TestPostsFollowTheServersRules(t *testing.T) {
	s := newServer()
	ann := s.AddUser("ann", "ann@example.com")
	channel := s.AddChannel(model.ChannelTypeOpen, nil, "town", ann)
	other := s.AddChannel(model.ChannelTypeOpen, nil, "other", ann)
	api := s.API()

	draft := &model.Post{UserId: ann.Id, ChannelId: channel.Id, Message: "one", PendingPostId: "p", FileIds: model.StringArray{"f"}, Props: model.StringInterface{"k": "v"}}
	post, err := api.CreatePost(draft)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := api.CreatePost(draft); err != nil || again.Id == post.Id {
		t.Errorf("f13: a pending id keeps a plugin from making a second post: %v %v", again, err)
	}
	dated := draft.Clone()
	dated.CreateAt = 1_795_780_838_123
	if made, err := api.CreatePost(dated); err != nil || made.CreateAt != dated.CreateAt || made.UpdateAt != dated.CreateAt {
		t.Errorf("a plugin says when a post was made: %v %v", made, err)
	}

	updated, err := api.UpdatePost(&model.Post{Id: post.Id, Message: "two", UserId: "x", ChannelId: other.Id, Props: model.StringInterface{"n": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if updated.Message != "two" || len(updated.FileIds) != 0 || len(updated.Props) != 1 || updated.UserId != ann.Id || updated.ChannelId != channel.Id {
		t.Errorf("an update overwrites message, props and files and nothing else: %+v", updated)
	}

	refusals := []struct {
		what   string
		change func(*model.Post)
		status int
	}{
		{"absent channel", func(p *model.Post) { p.ChannelId = model.NewId() }, http.StatusNotFound},
		{"absent user", func(p *model.Post) { p.UserId = model.NewId() }, http.StatusNotFound},
		{"thread of another channel", func(p *model.Post) { p.ChannelId, p.RootId = other.Id, post.Id }, http.StatusBadRequest},
		{"absent thread", func(p *model.Post) { p.RootId = model.NewId() }, http.StatusBadRequest},
		{"too long", func(p *model.Post) { p.Message = strings.Repeat("x", model.PostMessageMaxRunesV2+1) }, http.StatusBadRequest},
		{"type that is not custom", func(p *model.Post) { p.Type = "zoom" }, http.StatusBadRequest},
	}
	for _, refusal := range refusals {
		bad := &model.Post{UserId: ann.Id, ChannelId: channel.Id, Message: "m"}
		refusal.change(bad)
		if _, err := api.CreatePost(bad); err == nil || err.StatusCode != refusal.status {
			t.Errorf("%s: %v, want status %d", refusal.what, err, refusal.status)
		}
	}

	s.Delete(post.Id)
	if _, err := api.GetPost(post.Id); err == nil || err.StatusCode != http.StatusNotFound {
		t.Errorf("a deleted post is read: %v", err)
	}
	if _, err := api.UpdatePost(updated); err == nil {
		t.Errorf("a deleted post is updated")
	}
	s.Archive(channel.Id)
	if _, err := api.CreatePost(&model.Post{UserId: ann.Id, ChannelId: channel.Id}); err == nil || err.StatusCode != http.StatusBadRequest {
		t.Errorf("a post in an archived channel: %v, want status 400", err)
	}
}

func TestPermissionsComeFromRoles(t *testing.T) {
	s := newServer()
	ann, guest := s.AddUser("ann", "ann@example.com"), s.AddUser("guest", "guest@example.com", server.Guest)
	admin, stranger := s.AddUser("root", "root@example.com", server.SystemAdmin), s.AddUser("eve", "eve@example.com")
	open := s.AddChannel(model.ChannelTypeOpen, s.AddTeam("team"), "open", ann, guest)
	news := s.AddChannel(model.ChannelTypeOpen, nil, "news", ann, guest)
	s.ReadOnly(news.Id)
	cases := []struct {
		user    *model.User
		channel *model.Channel
		want    bool
	}{
		{ann, open, true}, {guest, open, true}, {stranger, open, false}, {admin, open, true},
		{ann, news, false}, {guest, news, false}, {admin, news, true},
	}
	for _, c := range cases {
		if got := s.API().HasPermissionToChannel(c.user.Id, c.channel.Id, model.PermissionCreatePost); got != c.want {
			t.Errorf("%s may post in %s: %v, want %v", c.user.Username, c.channel.Name, got, c.want)
		}
	}
	if s.API().HasPermissionTo(ann.Id, model.PermissionManageSystem) || !s.API().HasPermissionTo(admin.Id, model.PermissionManageSystem) {
		t.Error("manage_system is the system administrator's alone")
	}
}

func TestSettingsArriveLowerCasedWithDefaults(t *testing.T) {
	s := newServer()
	s.SetSettings(map[string]any{"APIKey": "key", "Unknown": 1})
	var got map[string]any
	if err := s.API().LoadPluginConfiguration(&got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"apikey": "key", "unknown": 1.0, "zoomurl": nil, "enableoauth": false}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s is %v, want %v", key, got[key], value)
		}
	}
}

func TestAFileIsAttachedOnceAndInItsChannel(t *testing.T) {
	s := newServer()
	ann := s.AddUser("ann", "ann@example.com")
	town, other := s.AddChannel(model.ChannelTypeOpen, nil, "town", ann), s.AddChannel(model.ChannelTypeOpen, nil, "other", ann)
	info, err := s.API().UploadFile([]byte("text"), town.Id, "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		what    string
		channel *model.Channel
		want    int
	}{{"another channel", other, 0}, {"its channel", town, 1}, {"a second post", town, 0}}
	for _, step := range steps {
		post, err := s.API().CreatePost(&model.Post{UserId: ann.Id, ChannelId: step.channel.Id, Message: "m", FileIds: model.StringArray{info.Id, model.NewId()}})
		if err != nil || len(post.FileIds) != step.want {
			t.Errorf("%s: %d files, want %d (%v)", step.what, len(post.FileIds), step.want, err)
		}
		if found, _ := s.File(info.Id); step.want == 1 && found.PostId != post.Id {
			t.Errorf("%s: the file belongs to %q", step.what, found.PostId)
		}
	}
}

func TestAMissingPreferenceLooksLikeAStoreThatIsAway(t *testing.T) {
	s := newServer()
	ann := s.AddUser("ann", "ann@example.com")
	s.Prefer(ann.Id, "c", "n", "first")
	s.Prefer(ann.Id, "c", "n", "second")
	if all, err := s.API().GetPreferencesForUser(ann.Id); err != nil || len(all) != 1 || all[0].Value != "second" {
		t.Errorf("all: %v %v", all, err)
	}
	if one, err := s.API().GetPreferenceForUser(ann.Id, "c", "n"); err != nil || one.Value != "second" {
		t.Errorf("one: %v %v", one, err)
	}
	if _, err := s.API().GetPreferenceForUser(ann.Id, "c", "missing"); err == nil || err.StatusCode != http.StatusBadRequest {
		t.Errorf("a missing one: %v, want status 400", err)
	}
	if all, err := s.API().GetPreferencesForUser(model.NewId()); err != nil || len(all) != 0 {
		t.Errorf("of nobody: %v %v", all, err)
	}
}

func TestADialogNeedsATriggerOfTheServer(t *testing.T) {
	s := newServer()
	request := model.OpenDialogRequest{TriggerId: model.NewId(), URL: "/plugins/zoom/dialog", Dialog: model.Dialog{Title: "t"}}
	if err := s.API().OpenInteractiveDialog(request); err == nil || err.StatusCode != http.StatusBadRequest || len(s.Dialogs()) != 0 {
		t.Errorf("a trigger that the server never gave: %v, %d dialogs", err, len(s.Dialogs()))
	}
}
