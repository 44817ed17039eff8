package server

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/shared/mlog"
)

// Host is the real supervisor with one plugin, in front of a [Server].
type Host struct {
	Server   *Server
	Manifest *model.Manifest
	// Path of the plugin's executable.
	Executable string

	env    *plugin.Environment
	logger *mlog.Logger
	steps  *Steps
}

// NewHost reads the plugin's manifest and prepares its supervisor. `plugins` is the folder of unpacked plugins, `folder` the one
// of this plugin. Nothing is started yet.
func NewHost(plugins, folder string) (*Host, error) {
	manifest, _, err := model.FindManifest(folder)
	if err != nil {
		return nil, err
	}
	executable := manifest.GetExecutableForRuntime(runtime.GOOS, runtime.GOARCH)
	if executable == "" {
		return nil, fmt.Errorf("plugin %s has no executable for %s-%s", manifest.Id, runtime.GOOS, runtime.GOARCH)
	}
	host := &Host{Server: New(manifest), Manifest: manifest, Executable: filepath.Join(folder, executable)}
	host.steps = &Steps{host: host}
	return host, host.supervise(plugins)
}

// Steps are those of this node's plugin.
func (h *Host) Steps() *Steps {
	return h.steps
}

// Another is a second node of the same server: it shares everything but the supervisor, the plugin's process and its files.
func (h *Host) Another(plugins, folder string) (*Host, error) {
	node, err := NewHost(plugins, folder)
	if err != nil {
		return nil, err
	}
	node.Server = h.Server
	return node, node.supervise(plugins)
}

func (h *Host) supervise(plugins string) error {
	server := h.Server
	logger, err := mlog.NewLogger()
	if err != nil {
		return err
	}
	if err := mlog.AddWriterTarget(logger, &jsonLines{to: server.Logs()}, true, mlog.StdAll...); err != nil {
		return err
	}
	webapp, err := os.MkdirTemp(filepath.Dir(plugins), "webapp")
	if err != nil {
		return err
	}
	h.logger = logger
	newAPI := func(*model.Manifest) plugin.API { return &api{server: server, steps: h.steps} }
	h.env, err = plugin.NewEnvironment(newAPI, nil, plugins, webapp, logger, nil)
	return err
}

// Activate starts the plugin.
func (h *Host) Activate() error {
	_, activated, err := h.env.Activate(h.Manifest.Id)
	if err == nil && !activated {
		return errors.New("the plugin was active already")
	}
	return err
}

// Deactivate stops the plugin. False if it was not active.
func (h *Host) Deactivate() bool {
	return h.env.Deactivate(h.Manifest.Id)
}

// Running says whether the supervisor takes the plugin for running.
func (h *Host) Running() bool {
	return h.env.GetPluginState(h.Manifest.Id) == model.PluginStateRunning
}

// Hooks are those of the running plugin.
func (h *Host) Hooks() (plugin.Hooks, error) {
	return h.env.HooksForPlugin(h.Manifest.Id)
}

// Reconfigure replaces the settings and tells the plugin, as saving them in the System Console does.
func (h *Host) Reconfigure(settings map[string]any) error {
	h.Server.SetSettings(settings)
	hooks, err := h.Hooks()
	if err != nil {
		return err
	}
	return hooks.OnConfigurationChange()
}

// CheckHealth is the supervisor's own check, which it makes twice a minute: a plugin that does not answer is started again.
func (h *Host) CheckHealth() {
	h.env.TogglePluginHealthCheckJob(true)
	h.env.GetPluginHealthCheckJob().CheckPlugin(h.Manifest.Id)
	h.env.TogglePluginHealthCheckJob(false)
}

// FlushLogs sees to it that all that was logged stands in [Server.Logs].
func (h *Host) FlushLogs() error {
	return h.logger.Flush()
}

// Pid is the process id of the plugin that this process started; 0 if there is none.
func (h *Host) Pid() int {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != h.Executable {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if err == nil && parent(pid) == os.Getpid() {
			return pid
		}
	}
	return 0
}

// Alive says whether this process still runs the plugin's executable.
func (h *Host) Alive(pid int) bool {
	target, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return err == nil && target == h.Executable
}

// Memory is the resident memory of a process in bytes.
func Memory(pid int) (int64, error) {
	return memory(pid, "VmRSS:")
}

// CPU is the time that a process has spent on processors.
func CPU(pid int) (time.Duration, error) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	var sum time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		var nanoseconds int64
		if _, err := fmt.Sscan(string(text), &nanoseconds); err != nil {
			return 0, err
		}
		sum += time.Duration(nanoseconds)
	}
	return sum, nil
}

// PeakMemory is the most that it ever was.
func PeakMemory(pid int) (int64, error) {
	return memory(pid, "VmHWM:")
}

func memory(pid int, which string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == which {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			return kib * 1024, err
		}
	}
	return 0, fmt.Errorf("process %d shows no %s", pid, which)
}

func parent(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name, in parentheses, may hold blanks.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 {
		return 0
	}
	id, _ := strconv.Atoi(fields[1])
	return id
}
