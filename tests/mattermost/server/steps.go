package server

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Step is something that a plugin does outside its own process: a call of the API, or an HTTP request.
type Step struct {
	// The API's method, or the method and path of a request.
	Name string
	// The key, where the call is about one of the key-value store.
	Key string
}

// Moment says when a process is killed at a step.
type Moment string

const (
	// Before it: nothing of the step happens.
	Before Moment = "before"
	// After it: the step has happened, and the plugin never learns that it has.
	After Moment = "after"
)

// Steps watches what the plugin of one node does, and kills its process at a step of the test's choice, as a machine's failure or
// its memory guard would. Calls that only log are no steps.
type Steps struct {
	host *Host

	mu     sync.Mutex
	wanted func(Step) bool
	seen   []Step
	// The number of the step to die at, from 1; 0 for none.
	at     int
	moment Moment
	killed error
	done   bool
}

// Watch begins to count anew, those steps alone that are wanted; all without `wanted`. Nothing is killed.
func (s *Steps) Watch(wanted func(Step) bool) {
	s.KillAt(wanted, 0, Before)
}

// KillAt is [Steps.Watch], and kills the process at the n-th of these steps, from 1.
func (s *Steps) KillAt(wanted func(Step) bool, n int, moment Moment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted, s.seen, s.at, s.moment, s.killed, s.done = wanted, nil, n, moment, nil, false
}

// Seen are the steps counted so far. The last one is that at which the process was killed, if it was.
func (s *Steps) Seen() []Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// Killed says whether the process was killed at its step, and what went wrong with that.
func (s *Steps) Killed() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done, s.killed
}

// Counts a step. `dead`: the process was killed before it, and nothing of it may happen. Else `end` is called when it has happened.
func (s *Steps) begin(step Step) (end func(), dead bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	nothing := func() {}
	if s.host == nil || (s.wanted != nil && !s.wanted(step)) {
		return nothing, false
	}
	if s.done {
		// What a process that is no more had sent on its way.
		return nothing, true
	}
	s.seen = append(s.seen, step)
	if len(s.seen) != s.at {
		return nothing, false
	}
	if s.moment == Before {
		s.kill()
		return nothing, true
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.kill()
	}, false
}

// Ends the process and waits until it is gone. Called with the lock held.
func (s *Steps) kill() {
	s.done = true
	pid := s.host.Pid()
	if pid == 0 {
		s.killed = errors.New("there is no process to kill")
		return
	}
	if s.killed = syscall.Kill(pid, syscall.SIGKILL); s.killed != nil {
		return
	}
	for deadline := time.Now().Add(10 * time.Second); s.host.Alive(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.killed = fmt.Errorf("process %d does not die", pid)
			return
		}
	}
}

// Gate passes HTTP requests on and counts each as a step of the node whose plugin sent it. Requests of others pass uncounted.
func Gate(next http.Handler, hosts func() []*Host) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		steps := &Steps{}
		for _, host := range hosts() {
			if pid := host.Pid(); pid != 0 && sent(pid, r) {
				steps = host.steps
			}
		}
		end, dead := steps.begin(Step{Name: r.Method + " " + r.URL.Path})
		if dead {
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		end()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// Whether the request came over a connection that this process holds.
func sent(pid int, r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	inode := inodeOf(pid, r.RemoteAddr, local.String())
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	return inode != "" && slices.ContainsFunc(links, func(link string) bool {
		target, err := os.Readlink(link)
		return err == nil && target == "socket:["+inode+"]"
	})
}

// The inode of the client's end of a connection over loopback, from the kernel's list of connections; empty if it is not there.
func inodeOf(pid int, client, server string) string {
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", pid))
	if err != nil {
		return ""
	}
	from, to := hexPort(client), hexPort(server)
	for line := range strings.Lines(string(list)) {
		fields := strings.Fields(line)
		if len(fields) > 9 && strings.HasSuffix(fields[1], from) && strings.HasSuffix(fields[2], to) {
			return fields[9]
		}
	}
	return ""
}

func hexPort(address string) string {
	_, port, _ := net.SplitHostPort(address)
	var number int
	_, _ = fmt.Sscan(port, &number)
	return fmt.Sprintf(":%04X", number)
}
