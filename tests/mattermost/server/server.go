// Package server is a Mattermost server as far as a plugin sees one: the plugin API over state in memory, with
// Mattermost's own semantics, and the real supervisor of server/public that starts the plugin's executable.
//
// Its semantics are those of the server's application layer, not of a mock: a test arranges people and channels, acts as a
// client would, and reads what the server has afterwards. An API method that is not implemented panics with its name, which
// ends the test run.
package server

import (
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/plugin/plugintest"
)

// SiteURL is the server's public address. Nothing listens there: tests reach the plugin through [Server.Handler].
const SiteURL = "https://chat.example.com"

// Server is the state of one chat server. Its methods may be called from any goroutine.
type Server struct {
	mu sync.Mutex

	manifest *model.Manifest
	settings map[string]any
	config   *model.Config
	// How far the server's clock is ahead of the machine's.
	ahead time.Duration

	users    map[string]*model.User
	sessions map[string]string
	teams    map[string]*model.Team
	channels map[string]*model.Channel
	members  map[memberKey]*model.ChannelMember
	// Channels whose members may read but not post.
	readOnly map[string]bool
	roles    map[string]*model.Role

	kv map[string]kvEntry

	posts      map[string]*model.Post
	postOrder  []string
	ephemerals []Ephemeral
	files      map[string]*file

	commands map[string]*model.Command
	dialogs  []model.OpenDialogRequest
	triggers map[string]trigger
	events   []Event
	statuses map[string]*model.CustomStatus
	// By user, in the order in which they were set.
	preferences map[string]model.Preferences

	logs  Logs
	traps map[string]*trap
}

// Event is a WebSocket event that the plugin published.
type Event struct {
	Name      string
	Payload   map[string]any
	Broadcast *model.WebsocketBroadcast
}

// New makes an empty server for the plugin of this manifest.
func New(manifest *model.Manifest) *Server {
	config := &model.Config{}
	config.SetDefaults()
	*config.ServiceSettings.SiteURL = SiteURL
	return &Server{
		manifest: manifest,
		settings: map[string]any{},
		config:   config,
		users:    map[string]*model.User{},
		sessions: map[string]string{},
		teams:    map[string]*model.Team{},
		channels: map[string]*model.Channel{},
		members:  map[memberKey]*model.ChannelMember{},
		readOnly: map[string]bool{},
		roles:    model.MakeDefaultRoles(),
		kv:       map[string]kvEntry{},
		posts:    map[string]*model.Post{},
		files:    map[string]*file{},
		commands: map[string]*model.Command{},
		triggers: map[string]trigger{},
		statuses: map[string]*model.CustomStatus{},

		preferences: map[string]model.Preferences{},
		traps:       map[string]*trap{},
	}
}

// API is what a plugin calls whose steps nobody watches.
func (s *Server) API() plugin.API {
	return &api{server: s, steps: &Steps{}}
}

// Logs is what was logged, by the plugin through the API and by the supervisor about it.
func (s *Server) Logs() *Logs {
	return &s.logs
}

// Advance sets the server's clock ahead. The plugin's own clock is not touched.
func (s *Server) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += by
}

// Events are the WebSocket events published so far.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Event(nil), s.events...)
}

// The server's time in milliseconds since the Unix epoch. Called with the lock held.
func (s *Server) millis() int64 {
	return time.Now().Add(s.ahead).UnixMilli()
}

// api implements [plugin.API]. What it lacks falls through to a mock without expectations, which panics with the method's name.
type api struct {
	plugintest.API
	server *Server
	// Those of the process that calls.
	steps *Steps
}
