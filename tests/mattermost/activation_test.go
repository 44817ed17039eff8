package mattermost

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestTheBundleIsWhatTheServerTakes(t *testing.T) {
	manifest, path, err := model.FindManifest(zoomDir)
	if err != nil {
		t.Fatal(err)
	}
	if err := manifest.IsValid(); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	if manifest.Id != "zoom" {
		t.Errorf("the plugin's id is %q: it would not replace the official plugin", manifest.Id)
	}
	if meets, err := manifest.MeetMinServerVersion("10.7.0"); err != nil || !meets {
		t.Errorf("min_server_version is %q, want 10.7.0 or lower (%v)", manifest.MinServerVersion, err)
	}
	info, err := os.Stat(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > bundleMax {
		t.Errorf("the bundle has %d bytes, want at most %d", info.Size(), bundleMax)
	}
	executable := filepath.Join(zoomDir, manifest.GetExecutableForRuntime("linux", "amd64"))
	if info, err := os.Stat(executable); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the executable's mode is not 0755: %v %v", info, err)
	}
	for _, suffix := range []string{".wasm", ".cwasm"} {
		if found, _ := filepath.Glob(filepath.Join(filepath.Dir(executable), "*"+suffix)); len(found) != 1 {
			t.Errorf("beside the executable stand %d files *%s, want 1", len(found), suffix)
		}
	}
	if _, err := os.Stat(filepath.Join(zoomDir, manifest.IconPath)); err != nil {
		t.Errorf("the manifest's icon: %v", err)
	}
}

// The web client's part: the file that the manifest names, alone in the folder that the server publishes, and what the client
// asks for when it needs it.
func TestTheBundleHasItsPartForTheWebClient(t *testing.T) {
	w := newWorld(t)
	manifest := w.host.Manifest
	if manifest.Webapp == nil {
		t.Fatal("the manifest names no webapp: the bundle was built without Node, or with --no-webapp")
	}
	entry := filepath.Join(zoomDir, manifest.Webapp.BundlePath)
	code, err := os.ReadFile(entry)
	w.check(err)
	if len(code) == 0 || len(code) > webappMax {
		t.Errorf("%s has %d bytes, want at most %d", manifest.Webapp.BundlePath, len(code), webappMax)
	}
	if published, err := os.ReadDir(filepath.Dir(entry)); err != nil || len(published) != 1 {
		t.Errorf("%d files would be published beside the web client's, %v", len(published)-1, err)
	}
	catalogues, err := filepath.Glob(filepath.Join(repository(), "i18n", "*.json"))
	w.check(err)
	if len(catalogues) < 2 {
		t.Fatalf("the sources have %d catalogues", len(catalogues))
	}
	for _, catalogue := range catalogues {
		name := filepath.Base(catalogue)
		got := w.calls(call{method: http.MethodGet, path: "/public/i18n/" + name})
		var served map[string]string
		if err := json.Unmarshal([]byte(got.body), &served); got.status != http.StatusOK || err != nil {
			t.Errorf("%s: status %d, %v", name, got.status, err)
			continue
		}
		if wanted := textsOfTheWebClient(w, catalogue); !maps.Equal(served, wanted) {
			t.Errorf("%s: %d texts are served, want the web client's %d", name, len(served), len(wanted))
		}
	}
}

func textsOfTheWebClient(w *world, catalogue string) map[string]string {
	w.Helper()
	source, err := os.ReadFile(catalogue)
	w.check(err)
	var texts map[string]string
	w.check(json.Unmarshal(source, &texts))
	maps.DeleteFunc(texts, func(id, _ string) bool { return !strings.HasPrefix(id, "zoom.web.") })
	return texts
}

// A bundle that was built without Node: the server would not start a plugin whose manifest names a missing file.
func TestWithoutTheWebClientsPartTheManifestPromisesNone(t *testing.T) {
	folder := t.TempDir()
	output, err := printedManifest("1.2.3", "--no-webapp")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "plugin.json"), output, 0o644); err != nil {
		t.Fatal(err)
	}
	bare, _, err := model.FindManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := bare.IsValid(); err != nil {
		t.Error(err)
	}
	full, _, err := model.FindManifest(repository())
	if err != nil {
		t.Fatal(err)
	}
	if bare.Version != "101.2.3" || bare.Webapp != nil || strings.Contains(string(output), "Connect Zoom to this server") {
		t.Errorf("version %q, webapp %v, in %s", bare.Version, bare.Webapp, output)
	}
	if had, has := len(full.SettingsSchema.Settings), len(bare.SettingsSchema.Settings); has != had-1 {
		t.Errorf("%d of %d settings are left, want all but one", has, had)
	}
	for _, setting := range bare.SettingsSchema.Settings {
		if setting.Type == "custom" {
			t.Errorf("nothing would draw the setting %s", setting.Key)
		}
	}
}

// Ours are those of the official plugin, old and new, and three for Server-to-Server OAuth.
func TestTheSettingsAreThoseOfTheOfficialPlugin(t *testing.T) {
	manifest, _, err := model.FindManifest(zoomDir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*model.PluginSetting{}
	for _, setting := range manifest.SettingsSchema.Settings {
		found[setting.Key] = setting
	}
	kinds := map[string]string{
		"S2SAccountID": "text", "S2SClientID": "text", "S2SClientSecret": "text",
		"ZoomURL": "text", "ZoomAPIURL": "text", "AccountLevelApp": "bool", "OAuthClientID": "text", "OAuthClientSecret": "text",
		"EncryptionKey": "generated", "APIKey": "text", "APISecret": "text", "WebhookSecret": "generated", "ZoomWebhookSecret": "text",
		"RestrictMeetingCreation": "bool", "EnablePostingRecordingPassword": "bool",
		// Ours too: it holds no value, the web client draws it.
		"Setup": "custom",
	}
	for key, kind := range kinds {
		setting, ok := found[key]
		if !ok {
			t.Errorf("the manifest has no setting %s", key)
			continue
		}
		if setting.Type != kind {
			t.Errorf("%s is of type %q, want %q", key, setting.Type, kind)
		}
		if secret := strings.Contains(key, "Secret") || key == "EncryptionKey"; setting.Secret != secret {
			t.Errorf("%s is secret: %v, want %v", key, setting.Secret, secret)
		}
		if setting.HelpText == "" {
			t.Errorf("%s has no help text", key)
		}
	}
	if len(found) != len(kinds) {
		t.Errorf("the manifest has %d settings, want %d", len(found), len(kinds))
	}
	for _, address := range []string{"webhook?secret=WEBHOOKSECRET", "oauth2/complete", "deauthorization?secret=WEBHOOKSECRET"} {
		if footer := manifest.SettingsSchema.Footer; !strings.Contains(footer, "https://SITEURL/plugins/zoom/"+address) {
			t.Errorf("the settings page does not end with %s: %q", address, footer)
		}
	}
}

func TestTheCommandIsRegisteredWithItsTree(t *testing.T) {
	w := newWorld(t)
	command := w.chat.Command("zoom")
	if command == nil {
		t.Fatal("no command zoom is registered")
	}
	if !command.AutoComplete || command.AutoCompleteDesc == "" || command.AutocompleteData == nil {
		t.Fatalf("the command has no completion: %+v", command)
	}
	wanted := map[string]bool{"start": true, "share": true, "settings": true, "channel-settings": false, "subscription": false, "doctor": false, "help": false}
	for _, sub := range command.AutocompleteData.SubCommands {
		takesText, ok := wanted[sub.Trigger]
		if !ok {
			t.Errorf("the completion offers %q", sub.Trigger)
		}
		delete(wanted, sub.Trigger)
		if sub.HelpText == "" || takesText != (len(sub.Arguments) > 0) {
			t.Errorf("completion of %q: help %q, arguments %v", sub.Trigger, sub.HelpText, sub.Arguments)
		}
	}
	if len(wanted) > 0 {
		t.Errorf("the completion lacks %v", wanted)
	}
}

// Completion is one for all people of a server: it is in the server's own language, and follows it.
func TestTheCompletionIsInTheServersLanguage(t *testing.T) {
	w := newWorld(t)
	described := map[string]bool{}
	for _, locale := range []string{"en", "de", "pt-BR"} {
		w.chat.ChangeConfig(func(config *model.Config) { *config.LocalizationSettings.DefaultServerLocale = locale })
		w.check(w.host.Reconfigure(goodSettings()))
		source, err := os.ReadFile(filepath.Join(repository(), "i18n", locale+".json"))
		w.check(err)
		var texts map[string]string
		w.check(json.Unmarshal(source, &texts))
		wanted := texts["zoom.command.description"]
		if got := w.chat.Command("zoom").AutoCompleteDesc; got == "" || got != wanted {
			t.Errorf("in %s the command is described as %q, want %q", locale, got, wanted)
		}
		described[wanted] = true
	}
	if len(described) != 3 {
		t.Errorf("the languages do not differ: %v", described)
	}
}

func TestStoppingLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	pid := w.host.Pid()
	if pid == 0 {
		t.Fatal("the plugin has no process: there is nothing to look for")
	}
	w.stop()
	for _, line := range w.chat.Logs().Lines("warn", "error") {
		t.Errorf("a line in the log: %v", line)
	}
	if w.host.Running() {
		t.Error("the supervisor takes the plugin for running")
	}
}

// The environment variable by which this test binary becomes a process that hosts the plugin and nothing else.
const hostOnlyVariable = "ZOOM_TEST_HOST"

func TestThePluginEndsWhenItsServerDies(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(binary)
	child.Env = append(os.Environ(), hostOnlyVariable+"="+zoomDir)
	child.Stderr = os.Stderr
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscan(stdout, &pid); err != nil {
		t.Fatalf("the server did not start the plugin: %v", err)
	}
	host, err := server.NewHost(pluginsDir, zoomDir)
	if err != nil {
		t.Fatal(err)
	}
	if !host.Alive(pid) {
		t.Fatalf("process %d is not the plugin", pid)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	w := &world{T: t, host: host}
	defer func() {
		if host.Alive(pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}()
	w.eventually("the plugin has ended", func() bool { return !host.Alive(pid) })
	if left := sockets(t); len(left) > 0 {
		t.Errorf("the plugin left sockets behind: %v", left)
	}
}

// The System Console shows why a plugin did not start, and nothing of it stays.
func TestAFailedStartSaysWhyAndLeavesNothing(t *testing.T) {
	for _, method := range []string{"EnsureBotUser", "RegisterCommand", "LoadPluginConfiguration"} {
		t.Run(method, func(t *testing.T) {
			host, err := server.NewHost(pluginsDir, zoomDir)
			if err != nil {
				t.Fatal(err)
			}
			host.Server.SetSettings(goodSettings())
			host.Server.FailNext(method, 1, http.StatusInternalServerError)
			if err := host.Activate(); err == nil || len(err.Error()) < 20 {
				t.Errorf("the start fails with %q, want a sentence", err)
			}
			if pid := host.Pid(); pid != 0 {
				t.Errorf("process %d is still there", pid)
			}
			if left := sockets(t); len(left) > 0 {
				t.Errorf("sockets are left: %v", left)
			}
			if err := host.Activate(); err != nil {
				t.Errorf("the second start: %v", err)
			}
			host.Deactivate()
		})
	}
}

func hostOnly() bool {
	return os.Getenv(hostOnlyVariable) != ""
}

// Starts the plugin, prints its process id, and waits to be killed.
func hostUntilKilled() int {
	folder := os.Getenv(hostOnlyVariable)
	host, err := server.NewHost(filepath.Dir(folder), folder)
	if err == nil {
		err = host.Activate()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(host.Pid())
	select {}
}
