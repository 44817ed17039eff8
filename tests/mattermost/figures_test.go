package mattermost

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	activations = 15
	warmUpCalls = 200
	calls       = 2000
	// What the plugin promises; times are printed with their verdict and not asserted, since they are the machine's too.
	activationMax = 60 * time.Millisecond
	memoryMax     = 20_000_000
	bundleMax     = 6_000_000
	webappMax     = 20_480
)

// The figures of one plugin in one run.
type figures struct {
	activation, http, command time.Duration
	idle, loaded              int64
}

type measurements struct {
	zoom, nothing *figures
	// What other tests have measured: each a row.
	others [][]string
}

var measured measurements

// Adds a row to the table.
func (m *measurements) note(columns ...string) {
	m.others = append(m.others, append(columns, "", "", "")[:4])
}

// The baseline is measured in the same run, since figures of one machine say nothing on another.
func TestFiguresBesideAPluginThatDoesNothing(t *testing.T) {
	measured.nothing = measure(t, nothingDir, nil, "/nothing", http.StatusNotFound)
	measured.zoom = measure(t, zoomDir, goodSettings(), "/zoom help", http.StatusNotFound)
	if measured.zoom.idle > memoryMax {
		t.Errorf("%d bytes resident after activation, want at most %d", measured.zoom.idle, memoryMax)
	}
}

func measure(t *testing.T, folder string, settings map[string]any, command string, wantStatus int) *figures {
	t.Helper()
	host, err := server.NewHost(pluginsDir, folder)
	if err != nil {
		t.Fatal(err)
	}
	host.Server.SetSettings(settings)
	user := host.Server.AddUser("ann", "ann@example.com")
	channel := host.Server.AddChannel(model.ChannelTypeOpen, nil, "town", user)
	var result figures

	result.activation = median(t, activations, func() time.Duration {
		host.Deactivate()
		begin := time.Now()
		if err := host.Activate(); err != nil {
			t.Fatal(err)
		}
		return time.Since(begin)
	})
	defer host.Deactivate()
	result.idle = resident(t, host)

	handler := host.Handler()
	get := func() time.Duration {
		request, recorder := httptest.NewRequest("GET", "/plugins/"+host.Manifest.Id+"/nowhere", nil), httptest.NewRecorder()
		begin := time.Now()
		handler.ServeHTTP(recorder, request)
		took := time.Since(begin)
		if recorder.Code != wantStatus {
			t.Fatalf("status %d, want %d", recorder.Code, wantStatus)
		}
		return took
	}
	typed := server.Typed{User: user, Channel: channel, Text: command}
	execute := func() time.Duration {
		begin := time.Now()
		if _, err := host.Execute(typed); err != nil {
			t.Fatal(err)
		}
		return time.Since(begin)
	}
	for range warmUpCalls {
		get()
		execute()
	}
	result.http = median(t, calls, get)
	result.command = median(t, calls, execute)
	result.loaded = resident(t, host)
	return &result
}

func median(t *testing.T, times int, measure func() time.Duration) time.Duration {
	t.Helper()
	taken := make([]time.Duration, times)
	for i := range taken {
		taken[i] = measure()
	}
	slices.Sort(taken)
	return taken[times/2]
}

func resident(t *testing.T, host *server.Host) int64 {
	t.Helper()
	bytes, err := server.Memory(host.Pid())
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func (m *measurements) print(to io.Writer) {
	if (m.zoom == nil || m.nothing == nil) && len(m.others) == 0 {
		return
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(what, zoom, nothing, limit string) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", what, zoom, nothing, limit)
	}
	row("figures on server/public "+serverPublic()+":", "zoom", "do-nothing Go plugin", "limit")
	if m.zoom != nil && m.nothing != nil {
		m.printPlugins(row)
	}
	for _, other := range m.others {
		row(other[0], other[1], other[2], other[3])
	}
	table.Flush()
	fmt.Fprintf(to, "\n%s\n", text.String())
}

func (m *measurements) printPlugins(row func(what, zoom, nothing, limit string)) {
	row(fmt.Sprintf("activation, p50 of %d", activations), ms(m.zoom.activation), ms(m.nothing.activation), verdict(m.zoom.activation <= activationMax, "60 ms"))
	row("RSS after activation", mb(m.zoom.idle), mb(m.nothing.idle), verdict(m.zoom.idle <= memoryMax, "20 MB"))
	row("RSS after load", mb(m.zoom.loaded), mb(m.nothing.loaded), "")
	row("ServeHTTP (404), p50", us(m.zoom.http), us(m.nothing.http), "")
	row("ExecuteCommand, p50", us(m.zoom.command), us(m.nothing.command), "")
	if info, err := os.Stat(bundle); err == nil {
		row("bundle", mb(info.Size()), "", verdict(info.Size() <= bundleMax, "6 MB"))
	}
}

func verdict(kept bool, limit string) string {
	if kept {
		return limit + ": kept"
	}
	return limit + ": EXCEEDED"
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
func us(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }
func mb(bytes int64) string     { return fmt.Sprintf("%.2f MB", float64(bytes)/1e6) }

// The version of server/public that these tests are built with.
func serverPublic() string {
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/mattermost/mattermost/server/public").Output()
	if err != nil {
		return "(unknown)"
	}
	return strings.TrimSpace(string(version))
}
