package server

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// Command is the registered command of this trigger; nil if there is none.
func (s *Server) Command(trigger string) *model.Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands[trigger]
}

// Typed is a line that somebody types into a channel or a thread.
type Typed struct {
	User    *model.User
	Channel *model.Channel
	// The thread's first post; empty in the channel itself.
	Root string
	Text string
}

// Reply is what a command gave back at once.
type Reply struct {
	// Texts that the user alone saw, by SendEphemeralPost or as the command's own response, each with its thread.
	Posts []*model.Post
	// Where the client goes.
	Goto string
}

// Text is everything that the user alone saw.
func (r Reply) Text() string {
	var texts []string
	for _, post := range r.Posts {
		texts = append(texts, post.Message)
	}
	return strings.Join(texts, "\n")
}

// Type runs a command as the server does and gathers what the user sees of it.
//
// With several calls of one user at a time a reply holds the ephemeral posts of the others too.
func (h *Host) Type(typed Typed) (Reply, error) {
	seen := len(h.Server.Ephemerals(typed.User.Id))
	response, err := h.Execute(typed)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Posts: h.Server.Ephemerals(typed.User.Id)[seen:], Goto: response.GotoLocation}
	if response.Text != "" {
		reply.Posts = append(reply.Posts, &model.Post{UserId: typed.User.Id, ChannelId: typed.Channel.Id, RootId: typed.Root, Message: response.Text})
	}
	return reply, nil
}

// Execute finds who registered the trigger and calls the plugin.
func (h *Host) Execute(typed Typed) (*model.CommandResponse, error) {
	trigger, _, _ := strings.Cut(strings.TrimPrefix(typed.Text, "/"), " ")
	if h.Server.Command(strings.ToLower(trigger)) == nil {
		return nil, fmt.Errorf("command with a trigger of %q not found", trigger)
	}
	hooks, err := h.Hooks()
	if err != nil {
		return nil, err
	}
	return h.ExecuteOn(hooks, typed)
}

// ExecuteOn calls hooks that the server had in hand before it switched the plugin off.
func (h *Host) ExecuteOn(hooks plugin.Hooks, typed Typed) (*model.CommandResponse, error) {
	args := &model.CommandArgs{
		UserId: typed.User.Id, ChannelId: typed.Channel.Id, TeamId: typed.Channel.TeamId, RootId: typed.Root, TriggerId: h.Server.newTrigger(typed.User.Id),
		Command: typed.Text, SiteURL: SiteURL,
	}
	response, appErr := hooks.ExecuteCommand(pluginContext("203.0.113.7"), args)
	if appErr != nil {
		return nil, appErr
	}
	if response == nil {
		response = &model.CommandResponse{}
	}
	return response, nil
}

func pluginContext(address string) *plugin.Context {
	return &plugin.Context{SessionId: model.NewId(), RequestId: model.NewId(), IPAddress: address, AcceptLanguage: "en", UserAgent: "test"}
}

// A command is checked as the server does before it takes it.
func (a *api) RegisterCommand(command *model.Command) error {
	s, unlock, appErr := a.enter("RegisterCommand")
	if appErr != nil {
		return appErr
	}
	defer unlock()
	if command.Trigger == "" {
		return errors.New("invalid command")
	}
	if command.AutocompleteData != nil {
		base, err := url.Parse("/plugins/" + s.manifest.Id)
		if err != nil {
			return err
		}
		if err := command.AutocompleteData.UpdateRelativeURLsForPluginCommands(base); err != nil {
			return fmt.Errorf("failed to update relative urls: %w", err)
		}
		if err := command.AutocompleteData.IsValid(); err != nil {
			return fmt.Errorf("invalid autocomplete data in command: %w", err)
		}
	}
	trigger := strings.ToLower(command.Trigger)
	s.commands[trigger] = command
	return nil
}

func (a *api) UnregisterCommand(team, trigger string) error {
	s, unlock, err := a.enter("UnregisterCommand")
	if err != nil {
		return err
	}
	defer unlock()
	delete(s.commands, strings.ToLower(trigger))
	return nil
}
