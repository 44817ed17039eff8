package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// What lets a plugin open a dialog.
type trigger struct {
	user     string
	expireAt int64
}

// Dialogs are the forms that were opened, oldest first.
func (s *Server) Dialogs() []model.OpenDialogRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]model.OpenDialogRequest(nil), s.dialogs...)
}

// Press presses a button of a post as a client does that shows it. The reply is what the user alone sees of it.
//
// The server reads a stored post's button from the post; what belongs to a post that one user alone saw comes from that user's
// client, which has it from the server in a form that it cannot change.
func (h *Host) Press(user *model.User, shown *model.Post, button string) (Reply, error) {
	post := h.Server.stored(shown)
	action := post.GetAction(button)
	if action == nil || action.Integration == nil {
		return Reply{}, fmt.Errorf("the post has no button %q", button)
	}
	seen := len(h.Server.Ephemerals(user.Id))
	request := model.PostActionIntegrationRequest{
		UserId: user.Id, UserName: user.Username, ChannelId: post.ChannelId, PostId: post.Id, TriggerId: h.Server.newTrigger(user.Id),
		Type: action.Type, Context: action.Integration.Context,
	}
	var response model.PostActionIntegrationResponse
	if err := h.local(user, action.Integration.URL, request, &response); err != nil {
		return Reply{}, err
	}
	if response.EphemeralText != "" {
		root := post.RootId
		if root == "" {
			root = post.Id
		}
		h.Server.show(user.Id, &model.Post{UserId: user.Id, ChannelId: post.ChannelId, RootId: root, Message: response.EphemeralText})
	}
	return Reply{Posts: h.Server.Ephemerals(user.Id)[seen:]}, nil
}

// Submit sends a dialog, or closes it, as the client does that shows it in this channel.
func (h *Host) Submit(user *model.User, channel *model.Channel, dialog model.OpenDialogRequest, values map[string]any, cancelled bool) (model.SubmitDialogResponse, error) {
	request := model.SubmitDialogRequest{
		Type: "dialog_submission", CallbackId: dialog.Dialog.CallbackId, State: dialog.Dialog.State, UserId: user.Id, ChannelId: channel.Id,
		TeamId: channel.TeamId, Submission: values, Cancelled: cancelled,
	}
	var response model.SubmitDialogResponse
	return response, h.local(user, dialog.URL, request, &response)
}

// Sends a request of the server itself to the plugin, in the name of a user, and reads its answer.
func (h *Host) local(user *model.User, url string, body, into any) error {
	path, ok := strings.CutPrefix(url, "/plugins/"+h.Manifest.Id)
	if !ok {
		return fmt.Errorf("%s is no address of the plugin", url)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest("POST", path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	request.Header.Set("Mattermost-User-Id", user.Id)
	hooks, err := h.Hooks()
	if err != nil {
		return err
	}
	answer := &lastWrite{header: http.Header{}}
	hooks.ServeHTTP(pluginContext("127.0.0.1"), answer, request)
	if len(answer.data) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer.data, into); err != nil {
		return fmt.Errorf("status %d, %q: %w", answer.status, answer.data, err)
	}
	return nil
}

// The server keeps only the last part of such an answer that the plugin writes at once.
type lastWrite struct {
	header http.Header
	status int
	data   []byte
}

func (w *lastWrite) Header() http.Header { return w.header }

func (w *lastWrite) WriteHeader(status int) { w.status = status }

func (w *lastWrite) Write(data []byte) (int, error) {
	w.data = bytes.Clone(data)
	return len(data), nil
}

// The post as it is now; one that is not stored as it was shown.
func (s *Server) stored(shown *model.Post) *model.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	if post, ok := s.posts[shown.Id]; ok && post.DeleteAt == 0 {
		return post.Clone()
	}
	return shown
}

func (s *Server) show(user string, post *model.Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	post.Id, post.Type, post.CreateAt = model.NewId(), model.PostTypeEphemeral, s.millis()
	s.ephemerals = append(s.ephemerals, Ephemeral{User: user, Post: post})
}

func (s *Server) newTrigger(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := model.NewId()
	s.triggers[id] = trigger{user: user, expireAt: s.millis() + 1000**s.config.ServiceSettings.OutgoingIntegrationRequestsTimeout}
	return id
}

// A form that breaks the rules is opened all the same, with a warning in the log.
func (a *api) OpenInteractiveDialog(request model.OpenDialogRequest) *model.AppError {
	s, unlock, err := a.enter("OpenInteractiveDialog")
	if err != nil {
		return err
	}
	defer unlock()
	if known, ok := s.triggers[request.TriggerId]; !ok || known.expireAt <= s.millis() {
		return badRequest("OpenInteractiveDialog", "interactive_message.decode_trigger_id.expired")
	}
	if err := request.IsValid(); err != nil {
		s.logs.add(Line{Level: "warn", Message: "Interactive dialog is invalid", Fields: err.Error()})
	}
	s.dialogs = append(s.dialogs, request)
	return nil
}
