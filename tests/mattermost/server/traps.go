package server

import (
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// A trap waits for calls of one API method.
type trap struct {
	left int
	do   func() *model.AppError
}

// FailNext makes the next calls of an API method answer with an error of this HTTP status, as a server does whose database
// cannot be reached.
func (s *Server) FailNext(method string, calls, status int) {
	s.trap(method, calls, func() *model.AppError {
		return model.NewAppError(method, "store.sql.unavailable", nil, "injected by the test", status)
	})
}

// BreakNext runs something when the plugin next calls this API method; the call itself then does nothing and fails, as if its
// request had not reached the server.
func (s *Server) BreakNext(method string, do func()) {
	s.trap(method, 1, func() *model.AppError {
		do()
		return model.NewAppError(method, "broken", nil, "injected by the test", http.StatusInternalServerError)
	})
}

func (s *Server) trap(method string, calls int, do func() *model.AppError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traps[method] = &trap{left: calls, do: do}
}

// Begins an API call, of a key if it has one: counts it as a step of its process, springs a trap, then takes the lock. With an
// error nothing is locked.
func (a *api) enter(method string, key ...string) (*Server, func(), *model.AppError) {
	s := a.server
	end, dead := a.steps.begin(Step{Name: method, Key: strings.Join(key, " ")})
	if dead {
		return nil, nil, model.NewAppError(method, "killed", nil, "the process was killed at this step", http.StatusInternalServerError)
	}
	s.mu.Lock()
	unlock := func() {
		s.mu.Unlock()
		end()
	}
	trap := s.traps[method]
	if trap == nil || trap.left == 0 {
		return s, unlock, nil
	}
	trap.left--
	s.mu.Unlock()
	if err := trap.do(); err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	return s, unlock, nil
}

func notFound(where string) *model.AppError {
	return model.NewAppError(where, "app.not_found", nil, "", http.StatusNotFound)
}

func badRequest(where, id string) *model.AppError {
	return model.NewAppError(where, id, nil, "", http.StatusBadRequest)
}
