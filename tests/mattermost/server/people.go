package server

import (
	"bytes"
	"image"
	// The formats that profile images may have.
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

type memberKey struct{ channel, user string }

// AddTeam makes a team.
func (s *Server) AddTeam(name string) *model.Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	team := &model.Team{Id: model.NewId(), Name: name, DisplayName: name, Type: model.TeamOpen, CreateAt: s.millis()}
	s.teams[team.Id] = team
	return team
}

// AddUser makes a user with the system role of an ordinary member; `change` may alter the account before it is stored.
func (s *Server) AddUser(name, email string, change ...func(*model.User)) *model.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := &model.User{Id: model.NewId(), Username: name, Email: email, Roles: model.SystemUserRoleId, Locale: "en", CreateAt: s.millis()}
	for _, c := range change {
		c(user)
	}
	s.users[user.Id] = user
	return user
}

// Guest makes the account a guest's. For [Server.AddUser].
func Guest(user *model.User) { user.Roles = model.SystemGuestRoleId }

// SystemAdmin makes the account a system administrator's. For [Server.AddUser].
func SystemAdmin(user *model.User) {
	user.Roles = model.SystemUserRoleId + " " + model.SystemAdminRoleId
}

// ChangeUser alters an account.
func (s *Server) ChangeUser(id string, change func(*model.User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.users[id])
}

// AddChannel makes a channel of this type with these members. Direct and group channels belong to no team.
func (s *Server) AddChannel(kind model.ChannelType, team *model.Team, name string, members ...*model.User) *model.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel := &model.Channel{Id: model.NewId(), Type: kind, Name: name, DisplayName: name, CreateAt: s.millis()}
	if team != nil {
		channel.TeamId = team.Id
	}
	s.channels[channel.Id] = channel
	for _, user := range members {
		s.join(channel.Id, user)
	}
	return channel
}

// Promote makes a member an administrator of the channel. With `roles` these are what it then holds, as where a permission scheme
// has roles of its own; else the server's usual ones.
func (s *Server) Promote(channel, user string, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(roles) == 0 {
		roles = []string{model.ChannelUserRoleId, model.ChannelAdminRoleId}
	}
	member := s.members[memberKey{channel, user}]
	member.SchemeAdmin = true
	member.Roles = strings.Join(roles, " ")
}

// Leave ends a membership.
func (s *Server) Leave(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.members, memberKey{channel, user})
}

// Archive closes a channel.
func (s *Server) Archive(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].DeleteAt = s.millis()
}

// ReadOnly takes the permission to post from the ordinary members of a channel, as channel moderation does.
func (s *Server) ReadOnly(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readOnly[channel] = true
}

func (s *Server) join(channel string, user *model.User) {
	guest := slices.Contains(strings.Fields(user.Roles), model.SystemGuestRoleId)
	member := &model.ChannelMember{ChannelId: channel, UserId: user.Id, SchemeGuest: guest, SchemeUser: !guest, Roles: model.ChannelUserRoleId}
	if guest {
		member.Roles = model.ChannelGuestRoleId
	}
	s.members[memberKey{channel, user.Id}] = member
}

func (a *api) GetUser(id string) (*model.User, *model.AppError) {
	s, unlock, err := a.enter("GetUser")
	if err != nil {
		return nil, err
	}
	defer unlock()
	user, ok := s.users[id]
	if !ok {
		return nil, notFound("GetUser")
	}
	return user.DeepCopy(), nil
}

// E-mail addresses are stored in lower case.
func (a *api) GetUserByEmail(email string) (*model.User, *model.AppError) {
	return a.findUser("GetUserByEmail", func(user *model.User) bool { return user.Email == strings.ToLower(email) })
}

func (a *api) GetUserByUsername(name string) (*model.User, *model.AppError) {
	return a.findUser("GetUserByUsername", func(user *model.User) bool { return user.Username == name })
}

func (a *api) findUser(method string, is func(*model.User) bool) (*model.User, *model.AppError) {
	s, unlock, err := a.enter(method)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, user := range s.users {
		if is(user) {
			return user.DeepCopy(), nil
		}
	}
	return nil, notFound(method)
}

// Archived channels are found too.
func (a *api) GetChannel(id string) (*model.Channel, *model.AppError) {
	s, unlock, err := a.enter("GetChannel")
	if err != nil {
		return nil, err
	}
	defer unlock()
	channel, ok := s.channels[id]
	if !ok {
		return nil, notFound("GetChannel")
	}
	return channel.DeepCopy(), nil
}

func (a *api) GetChannelMember(channel, user string) (*model.ChannelMember, *model.AppError) {
	s, unlock, err := a.enter("GetChannelMember")
	if err != nil {
		return nil, err
	}
	defer unlock()
	member, ok := s.members[memberKey{channel, user}]
	if !ok {
		return nil, notFound("GetChannelMember")
	}
	copied := *member
	return &copied, nil
}

func (a *api) GetChannelStats(channel string) (*model.ChannelStats, *model.AppError) {
	s, unlock, err := a.enter("GetChannelStats")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, ok := s.channels[channel]; !ok {
		return nil, notFound("GetChannelStats")
	}
	stats := &model.ChannelStats{ChannelId: channel}
	for key, member := range s.members {
		if key.channel == channel {
			stats.MemberCount++
			if member.SchemeGuest {
				stats.GuestCount++
			}
		}
	}
	return stats, nil
}

func (a *api) GetTeam(id string) (*model.Team, *model.AppError) {
	s, unlock, err := a.enter("GetTeam")
	if err != nil {
		return nil, err
	}
	defer unlock()
	team, ok := s.teams[id]
	if !ok {
		return nil, notFound("GetTeam")
	}
	copied := *team
	return &copied, nil
}

// The channel of the two users is made when it is missing.
func (a *api) GetDirectChannel(one, other string) (*model.Channel, *model.AppError) {
	s, unlock, err := a.enter("GetDirectChannel")
	if err != nil {
		return nil, err
	}
	defer unlock()
	first, second := s.users[one], s.users[other]
	if first == nil || second == nil {
		return nil, badRequest("GetDirectChannel", "api.channel.create_direct_channel.invalid_user.app_error")
	}
	name := model.GetDMNameFromIds(one, other)
	for _, channel := range s.channels {
		if channel.Name == name {
			return channel.DeepCopy(), nil
		}
	}
	channel := &model.Channel{Id: model.NewId(), Type: model.ChannelTypeDirect, Name: name, CreateAt: s.millis()}
	s.channels[channel.Id] = channel
	s.join(channel.Id, first)
	s.join(channel.Id, second)
	return channel.DeepCopy(), nil
}

// An account of that name that is no bot is taken over with an error in the log, as the server does.
func (a *api) EnsureBotUser(bot *model.Bot) (string, error) {
	s, unlock, err := a.enter("EnsureBotUser")
	if err != nil {
		return "", err
	}
	defer unlock()
	if bot == nil || !model.IsValidUsername(bot.Username) {
		return "", model.NewAppError("EnsureBotUser", "model.bot.is_valid.username.app_error", nil, "", http.StatusBadRequest)
	}
	for _, user := range s.users {
		if user.Username != bot.Username {
			continue
		}
		if !user.IsBot {
			s.logs.add(Line{Level: "error", Message: "Plugin attempted to use an account that already exists. Convert user to a bot account."})
		}
		return user.Id, nil
	}
	user := &model.User{
		Id: model.NewId(), Username: bot.Username, FirstName: bot.DisplayName, Email: bot.Username + "@localhost", Roles: model.SystemUserRoleId,
		IsBot: true, BotDescription: bot.Description, CreateAt: s.millis(),
	}
	s.users[user.Id] = user
	return user.Id, nil
}

// The server takes nothing but an image that it can read.
func (a *api) SetProfileImage(id string, data []byte) *model.AppError {
	s, unlock, err := a.enter("SetProfileImage")
	if err != nil {
		return err
	}
	defer unlock()
	if _, ok := s.users[id]; !ok {
		return notFound("SetProfileImage")
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
		return badRequest("SetProfileImage", "api.user.upload_profile_user.decode.app_error")
	}
	return nil
}

// The account's own status text; nil clears it.
func (a *api) UpdateUserCustomStatus(id string, status *model.CustomStatus) *model.AppError {
	s, unlock, err := a.enter("UpdateUserCustomStatus")
	if err != nil {
		return err
	}
	defer unlock()
	user, ok := s.users[id]
	if !ok {
		return notFound("UpdateUserCustomStatus")
	}
	if err := user.SetCustomStatus(status); err != nil {
		return badRequest("UpdateUserCustomStatus", "api.custom_status.set_custom_statuses.update.app_error")
	}
	return nil
}

func (a *api) RemoveUserCustomStatus(id string) *model.AppError {
	s, unlock, err := a.enter("RemoveUserCustomStatus")
	if err != nil {
		return err
	}
	defer unlock()
	user, ok := s.users[id]
	if !ok {
		return notFound("RemoveUserCustomStatus")
	}
	user.ClearCustomStatus()
	return nil
}
