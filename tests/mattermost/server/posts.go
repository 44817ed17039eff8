package server

import (
	"maps"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// Ephemeral is a post that one user alone saw.
type Ephemeral struct {
	User    string
	Post    *model.Post
	Deleted bool
}

// Posts are a channel's posts that were not deleted, oldest first.
func (s *Server) Posts(channel string) []*model.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var posts []*model.Post
	for _, id := range s.postOrder {
		if post := s.posts[id]; post.ChannelId == channel && post.DeleteAt == 0 {
			posts = append(posts, post.Clone())
		}
	}
	return posts
}

// Post writes a message as a user does.
func (s *Server) Post(channel, user, root, message string) *model.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	post := &model.Post{ChannelId: channel, UserId: user, RootId: root, Message: message, CreateAt: s.millis()}
	post.PreSave()
	s.posts[post.Id] = post
	s.postOrder = append(s.postOrder, post.Id)
	return post.Clone()
}

// ChangePost alters a post behind the plugin's back, as an edit, a reaction or another plugin does.
func (s *Server) ChangePost(id string, change func(*model.Post)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.posts[id])
	s.posts[id].UpdateAt = s.millis()
}

// Delete deletes a post as its author does.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts[id].DeleteAt = s.millis()
	s.posts[id].UpdateAt = s.millis()
}

// Ephemerals are the posts that this user alone saw and still sees, oldest first.
func (s *Server) Ephemerals(user string) []*model.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var posts []*model.Post
	for _, ephemeral := range s.ephemerals {
		if ephemeral.User == user && !ephemeral.Deleted {
			posts = append(posts, ephemeral.Post.Clone())
		}
	}
	return posts
}

// Unlike the REST API this asks for no permission to post; it refuses channels that are absent or archived. It takes the time at
// which a plugin says that it made the post. Nothing is remembered of pending ids: the real server does that on one node, for seconds.
func (a *api) CreatePost(post *model.Post) (*model.Post, *model.AppError) {
	s, unlock, err := a.enter("CreatePost")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.mayCreate(post); err != nil {
		return nil, err
	}
	post = post.Clone()
	post.Id = ""
	if post.CreateAt == 0 {
		post.CreateAt = s.millis()
	}
	post.AddProp(model.PostPropsFromPlugin, "true")
	post.PreSave()
	post.FileIds = s.attachable(post)
	if err := post.IsValid(model.PostMessageMaxRunesV2); err != nil {
		return nil, err
	}
	s.posts[post.Id] = post
	s.postOrder = append(s.postOrder, post.Id)
	s.attach(post)
	return post.ForPlugin(), nil
}

func (s *Server) mayCreate(post *model.Post) *model.AppError {
	channel, ok := s.channels[post.ChannelId]
	if !ok {
		return notFound("CreatePost")
	}
	if channel.DeleteAt != 0 {
		return badRequest("CreatePost", "api.post.create_post.can_not_post_to_deleted.error")
	}
	if _, ok := s.users[post.UserId]; !ok {
		return notFound("CreatePost")
	}
	if post.RootId == "" {
		return nil
	}
	root, ok := s.posts[post.RootId]
	if !ok || root.DeleteAt != 0 || root.RootId != "" {
		return badRequest("CreatePost", "api.post.create_post.root_id.app_error")
	}
	if root.ChannelId != post.ChannelId {
		return badRequest("CreatePost", "api.post.create_post.channel_root_id.app_error")
	}
	return nil
}

// Overwrites message, props and file ids with what it is given, empty ones too. Author, channel, thread and type stay.
func (a *api) UpdatePost(post *model.Post) (*model.Post, *model.AppError) {
	s, unlock, err := a.enter("UpdatePost")
	if err != nil {
		return nil, err
	}
	defer unlock()
	old, ok := s.posts[post.Id]
	if !ok {
		return nil, badRequest("UpdatePost", "api.post.update_post.find.app_error")
	}
	if old.DeleteAt != 0 {
		return nil, badRequest("UpdatePost", "api.post.update_post.permissions_details.app_error")
	}
	if channel := s.channels[old.ChannelId]; channel == nil || channel.DeleteAt != 0 {
		return nil, badRequest("UpdatePost", "api.post.update_post.can_not_update_post_in_deleted.error")
	}
	updated := old.Clone()
	if updated.Message != post.Message {
		updated.Message = post.Message
		updated.EditAt = s.millis()
	}
	updated.SetProps(maps.Clone(post.GetProps()))
	updated.FileIds = slices.Clone(post.FileIds)
	updated.UpdateAt = s.millis()
	updated.PreCommit()
	if err := updated.IsValid(model.PostMessageMaxRunesV2); err != nil {
		return nil, err
	}
	s.posts[post.Id] = updated
	return updated.ForPlugin(), nil
}

// A deleted post is not found.
func (a *api) GetPost(id string) (*model.Post, *model.AppError) {
	s, unlock, err := a.enter("GetPost")
	if err != nil {
		return nil, err
	}
	defer unlock()
	post, ok := s.posts[id]
	if !ok || post.DeleteAt != 0 {
		return nil, notFound("GetPost")
	}
	return post.ForPlugin(), nil
}

func (a *api) DeletePost(id string) *model.AppError {
	s, unlock, err := a.enter("DeletePost")
	if err != nil {
		return err
	}
	defer unlock()
	post, ok := s.posts[id]
	if !ok || post.DeleteAt != 0 {
		return notFound("DeletePost")
	}
	post.DeleteAt, post.UpdateAt = s.millis(), s.millis()
	return nil
}

// Posts that were changed since then, deleted ones too: a reaction brings back an old one.
func (a *api) GetPostsSince(channel string, since int64) (*model.PostList, *model.AppError) {
	s, unlock, err := a.enter("GetPostsSince")
	if err != nil {
		return nil, err
	}
	defer unlock()
	list := model.NewPostList()
	for _, id := range slices.Backward(s.postOrder) {
		if post := s.posts[id]; post.ChannelId == channel && post.UpdateAt > since {
			list.AddPost(post.ForPlugin())
			list.AddOrder(id)
		}
	}
	return list, nil
}

// Nothing is checked and nothing is stored: the post travels over the user's WebSocket alone.
func (a *api) SendEphemeralPost(user string, post *model.Post) *model.Post {
	s, unlock, err := a.enter("SendEphemeralPost")
	if err != nil {
		return nil
	}
	defer unlock()
	post = post.Clone()
	post.Type = model.PostTypeEphemeral
	if post.Id == "" {
		post.Id = model.NewId()
	}
	if post.CreateAt == 0 {
		post.CreateAt = s.millis()
	}
	post.MakeNonNil()
	post.GenerateActionIds()
	s.ephemerals = append(s.ephemerals, Ephemeral{User: user, Post: post})
	return post.ForPlugin()
}

// Unlike a new one it gets no time at which it was made: without one, clients show it in 1970.
func (a *api) UpdateEphemeralPost(user string, post *model.Post) *model.Post {
	s, unlock, err := a.enter("UpdateEphemeralPost")
	if err != nil {
		return nil
	}
	defer unlock()
	post = post.Clone()
	post.Type = model.PostTypeEphemeral
	post.UpdateAt = s.millis()
	post.MakeNonNil()
	post.GenerateActionIds()
	for i := range s.ephemerals {
		if s.ephemerals[i].User == user && s.ephemerals[i].Post.Id == post.Id {
			s.ephemerals[i].Post = post
		}
	}
	return post.ForPlugin()
}

func (a *api) DeleteEphemeralPost(user, id string) {
	s, unlock, err := a.enter("DeleteEphemeralPost")
	if err != nil {
		return
	}
	defer unlock()
	for i := range s.ephemerals {
		if s.ephemerals[i].User == user && s.ephemerals[i].Post.Id == id {
			s.ephemerals[i].Deleted = true
		}
	}
}
