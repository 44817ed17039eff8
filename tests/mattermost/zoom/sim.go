// Package zoom drives the simulated Zoom of tests/zoom-sim as a process, checks the tokens that it was shown, and makes webhooks
// by hand, independently of the simulation's own sender.
package zoom

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Credentials of the simulated app.
const (
	APIKey    = "test-api-key-22-letters"
	APISecret = "test-api-secret-of-thirty-six-chars!"
)

// Sim is a running simulation.
type Sim struct {
	// Where it listens, without a trailing slash. Its API is below /v2.
	URL string

	process *exec.Cmd
}

// Start runs the binary on a port that the system chooses.
func Start(binary string) (*Sim, error) {
	process := exec.Command(binary, "--listen", "127.0.0.1:0", "--api-key", APIKey, "--api-secret", APISecret)
	process.Stderr = os.Stderr
	// It must not outlive a test run that is killed.
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start the simulated Zoom: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the simulated Zoom printed no address: %w", err)
	}
	return &Sim{URL: strings.TrimSpace(line), process: process}, nil
}

// Stop ends the process.
func (s *Sim) Stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// Request is a call of Zoom's API as it came in.
type Request struct {
	AtMs   int64  `json:"at_ms"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Which of the simulation's addresses was asked.
	Host          string `json:"host"`
	Authorization string `json:"authorization"`
	Body          string `json:"body"`
	Status        int    `json:"status"`
	Hint          string `json:"hint"`
}

// User is an account at Zoom.
type User struct {
	ID                 string `json:"id"`
	Email              string `json:"email"`
	PMI                int64  `json:"pmi"`
	PersonalMeetingURL string `json:"personal_meeting_url"`
}

// Instance is one session of a meeting.
type Instance struct {
	UUID      string `json:"uuid"`
	StartedMs int64  `json:"started_ms"`
	EndedMs   int64  `json:"ended_ms"`
}

// Delivery is a webhook that the simulation sends.
type Delivery struct {
	ID       int    `json:"id"`
	Event    string `json:"event"`
	State    string `json:"state"`
	Attempts []struct {
		Status int    `json:"status"`
		Answer string `json:"answer"`
		Error  string `json:"error"`
	} `json:"attempts"`
}

// AddUser makes an account.
func (s *Sim) AddUser(email string) (User, error) {
	var user User
	return user, s.call("POST", "/users", map[string]any{"email": email}, &user)
}

// Requests are the calls of Zoom's API since they were last forgotten, oldest first.
func (s *Sim) Requests() ([]Request, error) {
	var requests []Request
	return requests, s.call("GET", "/requests", nil, &requests)
}

// Forget forgets calls and faults.
func (s *Sim) Forget() error {
	if err := s.call("DELETE", "/faults", nil, nil); err != nil {
		return err
	}
	return s.call("DELETE", "/requests", nil, nil)
}

// AllowWrites sets how many meetings a host may make in a day.
func (s *Sim) AllowWrites(perDay int) error {
	return s.call("PUT", "/rate_limits", map[string]any{"writes_per_day": perDay}, nil)
}

// FailNext gives a wrong answer to the next call whose path contains `path`. For `answer` see the simulation's README.
func (s *Sim) FailNext(path string, answer map[string]any) error {
	return s.call("POST", "/faults", map[string]any{"path": path, "times": 1, "answer": answer}, nil)
}

// Fault adds a fault as the simulation's README describes it.
func (s *Sim) Fault(fault map[string]any) error {
	return s.call("POST", "/faults", fault, nil)
}

// Delay makes the next answer to a call whose path contains `path` come so late.
func (s *Sim) Delay(path string, ms int) error {
	return s.call("POST", "/faults", map[string]any{"path": path, "times": 1, "delay": map[string]any{"real_ms": ms}}, nil)
}

// SetWebhook saves where events go; with `validate` only if the receiver passes Zoom's URL validation.
func (s *Sim) SetWebhook(target, secretToken string, validate bool) error {
	config := map[string]any{"url": target, "secret_token": secretToken}
	return s.call("PUT", "/webhook?validate="+fmt.Sprint(validate), config, nil)
}

// Meeting is a meeting as Zoom shows it.
type Meeting struct {
	ID        int64  `json:"id"`
	HostEmail string `json:"host_email"`
	Topic     string `json:"topic"`
	JoinURL   string `json:"join_url"`
}

// AddMeeting makes a meeting of this type (3 repeats without fixed times), with a passcode, for a host by id or address.
func (s *Sim) AddMeeting(host, topic string, kind int) (Meeting, error) {
	var meeting Meeting
	return meeting, s.call("POST", "/users/"+url.PathEscape(host)+"/meetings", map[string]any{"topic": topic, "type": kind, "default_password": true}, &meeting)
}

// Meeting looks a meeting up.
func (s *Sim) Meeting(id int64) (Meeting, error) {
	var meeting Meeting
	return meeting, s.call("GET", fmt.Sprintf("/meetings/%d", id), nil, &meeting)
}

// Host starts a meeting as its host does.
func (s *Sim) Host(id int64) (Instance, error) {
	var instance Instance
	return instance, s.call("POST", fmt.Sprintf("/meetings/%d/start", id), nil, &instance)
}

// End ends a meeting as its host does.
func (s *Sim) End(id int64) (Instance, error) {
	var instance Instance
	return instance, s.call("POST", fmt.Sprintf("/meetings/%d/end", id), nil, &instance)
}

// Deliveries waits until all webhooks that are due have been answered, and gives those of an event.
func (s *Sim) Deliveries(event string) ([]Delivery, error) {
	if err := s.call("POST", "/settle", nil, nil); err != nil {
		return nil, err
	}
	var all, wanted []Delivery
	if err := s.call("GET", "/deliveries", nil, &all); err != nil {
		return nil, err
	}
	for _, delivery := range all {
		if delivery.Event == event {
			wanted = append(wanted, delivery)
		}
	}
	return wanted, nil
}

var client = &http.Client{Timeout: 30 * time.Second}

func (s *Sim) call(method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, s.URL+"/sim"+path, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s /sim%s: status %d: %s", method, path, response.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}
