package server

import (
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

type file struct {
	info *model.FileInfo
	data []byte
}

// File is an uploaded file: what is known of it, the post that it is attached to included, and its content. Nil for none.
func (s *Server) File(id string) (*model.FileInfo, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.files[id]
	if !ok {
		return nil, nil
	}
	info := *found.info
	return &info, slices.Clone(found.data)
}

// Files that plugins upload belong to nobody, so that any author's post may take them.
func (a *api) UploadFile(data []byte, channel, name string) (*model.FileInfo, *model.AppError) {
	s, unlock, err := a.enter("UploadFile")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, ok := s.channels[channel]; !ok {
		return nil, notFound("UploadFile")
	}
	if int64(len(data)) > *s.config.FileSettings.MaxFileSize {
		return nil, model.NewAppError("UploadFile", "api.file.upload_file.too_large_detailed.app_error", nil, "", http.StatusRequestEntityTooLarge)
	}
	info := &model.FileInfo{Id: model.NewId(), CreatorId: "nouser", ChannelId: channel, Name: name, Size: int64(len(data)), CreateAt: s.millis()}
	s.files[info.Id] = &file{info: info, data: slices.Clone(data)}
	copied := *info
	return &copied, nil
}

// The files that a new post gets: those of its channel that no other post has. The server drops the others without a word to the
// plugin. Called with the lock held.
func (s *Server) attachable(post *model.Post) model.StringArray {
	var ids model.StringArray
	for _, id := range post.FileIds {
		if found, ok := s.files[id]; ok && found.info.ChannelId == post.ChannelId && found.info.PostId == "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// A file is attached once and for good. Called with the lock held.
func (s *Server) attach(post *model.Post) {
	for _, id := range post.FileIds {
		s.files[id].info.PostId = post.Id
	}
}
