package server

import (
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// Prefer keeps a user's preference, as the web client does.
func (s *Server) Prefer(user, category, name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := model.Preference{UserId: user, Category: category, Name: name, Value: value}
	others := slices.DeleteFunc(slices.Clone(s.preferences[user]), func(p model.Preference) bool {
		return p.Category == category && p.Name == name
	})
	s.preferences[user] = append(others, set)
}

// A preference that is missing is an error of status 400, the same as when the database cannot be asked.
func (a *api) GetPreferenceForUser(user, category, name string) (model.Preference, *model.AppError) {
	s, unlock, err := a.enter("GetPreferenceForUser")
	if err != nil {
		return model.Preference{}, err
	}
	defer unlock()
	for _, preference := range s.preferences[user] {
		if preference.Category == category && preference.Name == name {
			return preference, nil
		}
	}
	return model.Preference{}, badRequest("GetPreferenceByCategoryAndNameForUser", "app.preference.get.app_error")
}

// All of the user's; none for a user that there is not.
func (a *api) GetPreferencesForUser(user string) ([]model.Preference, *model.AppError) {
	s, unlock, err := a.enter("GetPreferencesForUser")
	if err != nil {
		return nil, model.NewAppError("GetPreferencesForUser", "app.preference.get_all.app_error", nil, "", http.StatusBadRequest)
	}
	defer unlock()
	return slices.Clone(s.preferences[user]), nil
}
