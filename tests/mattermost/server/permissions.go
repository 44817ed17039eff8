package server

import (
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

func (a *api) HasPermissionTo(user string, permission *model.Permission) bool {
	s, unlock, err := a.enter("HasPermissionTo")
	if err != nil {
		return false
	}
	defer unlock()
	return s.systemGrants(user, permission)
}

// Asks the roles that the user has in the channel, then those in its team, then those in the whole server.
func (a *api) HasPermissionToChannel(user, channel string, permission *model.Permission) bool {
	s, unlock, err := a.enter("HasPermissionToChannel")
	if err != nil {
		return false
	}
	defer unlock()
	found, ok := s.channels[channel]
	if !ok {
		return false
	}
	if member, ok := s.members[memberKey{channel, user}]; ok {
		moderated := s.readOnly[channel] && permission.Id == model.PermissionCreatePost.Id
		if !moderated && s.grants(member.Roles, permission) {
			return true
		}
		if found.TeamId != "" && s.grants(teamRole(member), permission) {
			return true
		}
	}
	return s.systemGrants(user, permission)
}

func (s *Server) systemGrants(user string, permission *model.Permission) bool {
	found, ok := s.users[user]
	return ok && found.DeleteAt == 0 && s.grants(found.Roles, permission)
}

// Who is in a channel is in its team, as a guest or as a member.
func teamRole(member *model.ChannelMember) string {
	if member.SchemeGuest {
		return model.TeamGuestRoleId
	}
	return model.TeamUserRoleId
}

// Whether one of the roles, separated by blanks, holds the permission.
func (s *Server) grants(roles string, permission *model.Permission) bool {
	return permission != nil && slices.ContainsFunc(strings.Fields(roles), func(role string) bool {
		found, ok := s.roles[role]
		return ok && slices.Contains(found.Permissions, permission.Id)
	})
}
