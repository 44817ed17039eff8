// Package mattermost shows that the built bundle does in Mattermost's own supervisor what the plugin promises: the bundle is
// unpacked as the server does it, started by plugin.NewEnvironment, and driven through commands, HTTP and Zoom's webhooks.
//
// ZOOM_BUNDLE names the bundle (else the newest dist/zoom-*.tar.gz), ZOOM_SIM the simulated Zoom's binary and ZOOM_PROBE the
// compiled probe (else cargo builds them).
package mattermost

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"testing"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/shared/mlog"
)

// What all tests share.
var (
	// The bundle under test.
	bundle string
	// Folder of unpacked plugins, and in it those of the bundle and of the plugin that does nothing; and the probe, see probe_test.go.
	pluginsDir, zoomDir, nothingDir, probeDir string
	// Where this process and its plugins keep their sockets.
	socketDir string
	simulated *zoom.Sim
)

func TestMain(m *testing.M) {
	if hostOnly() {
		os.Exit(hostUntilKilled())
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests cannot run:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	base, err := os.MkdirTemp("", "zoom-mm")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(base)
	if err := prepare(base); err != nil {
		return 1, err
	}
	if simulated, err = startZoom(); err != nil {
		return 1, err
	}
	defer simulated.Stop()
	// Before any test: built within one it once counted as that test's time, minutes on a busy machine.
	if probeDir, err = unpackProbe(); err != nil {
		return 1, err
	}
	code := m.Run()
	measured.print(os.Stdout)
	printAttacks(os.Stdout)
	return code, nil
}

func prepare(base string) error {
	pluginsDir, socketDir = filepath.Join(base, "plugins"), filepath.Join(base, "tmp")
	for _, dir := range []string{pluginsDir, socketDir} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	var err error
	if bundle, err = findBundle(); err != nil {
		return err
	}
	if zoomDir, err = server.Unpack(bundle, pluginsDir); err != nil {
		return err
	}
	if nothingDir, err = buildBaseline(pluginsDir); err != nil {
		return err
	}
	// The supervisor's remarks about all plugins go to the server's log, which each test keeps for itself.
	quiet, err := mlog.NewLogger()
	if err != nil {
		return err
	}
	mlog.InitGlobalLogger(quiet)
	// From here on the supervisor and the plugins put their sockets there, where a test can count them.
	return os.Setenv("TMPDIR", socketDir)
}

func repository() string {
	folder, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return folder
}

func findBundle() (string, error) {
	if named := os.Getenv("ZOOM_BUNDLE"); named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", fmt.Errorf("ZOOM_BUNDLE: %w", err)
		}
		return named, nil
	}
	found, err := filepath.Glob(filepath.Join(repository(), "dist", "zoom-*.tar.gz"))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("there is no dist/zoom-*.tar.gz: run `./just bundle` first, or name a bundle in ZOOM_BUNDLE")
	}
	sort.Slice(found, func(i, j int) bool { return modified(found[i]) > modified(found[j]) })
	return found[0], nil
}

func modified(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// Builds the plugin that does nothing and lays it out as an unpacked bundle.
func buildBaseline(plugins string) (string, error) {
	folder := filepath.Join(plugins, "nothing")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(folder, "plugin"), "./baseline")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the plugin that does nothing: %w\n%s", err, output)
	}
	manifest := `{"id": "nothing", "name": "Nothing", "version": "0.0.1", "server": {"executable": "plugin"}}`
	return folder, os.WriteFile(filepath.Join(folder, "plugin.json"), []byte(manifest), 0o644)
}

func startZoom() (*zoom.Sim, error) {
	if binary := os.Getenv("ZOOM_SIM"); binary != "" {
		return zoom.Start(binary)
	}
	build := exec.Command("cargo", "build", "--quiet", "-p", "zoom-sim", "--bin", "zoom-sim", "--message-format", "json-render-diagnostics")
	build.Dir = repository()
	build.Stderr = os.Stderr
	output, err := build.Output()
	if err != nil {
		return nil, fmt.Errorf("build the simulated Zoom: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var message struct{ Executable string }
		if err := json.Unmarshal(lines.Bytes(), &message); err == nil && message.Executable != "" {
			return zoom.Start(message.Executable)
		}
	}
	return nil, errors.New("cargo built no zoom-sim executable")
}
