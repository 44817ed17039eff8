package main

// rpcs are the calls in use, hooks and API, by the middle of their Go names.
var rpcs = []string{
	// Hooks.
	"OnActivate", "OnDeactivate", "OnConfigurationChange", "ExecuteCommand",
	"MessageHasBeenPosted", "MessageHasBeenDeleted", "UserHasBeenDeactivated", "UserHasLeftChannel",
	// API.
	"LoadPluginConfigurationArgs", "GetConfig", "GetServerVersion", "LogInfo",
	"KVGet", "KVSetWithOptions", "KVDelete", "KVList",
	"GetUser", "GetUserByEmail", "GetChannel", "GetChannelMember", "GetChannelStats",
	"HasPermissionTo", "HasPermissionToChannel", "GetDirectChannel", "GetPreferencesForUser",
	"CreatePost", "UpdatePost", "DeletePost", "GetPost", "GetPostsSince",
	"SendEphemeralPost", "UpdateEphemeralPost", "DeleteEphemeralPost",
	"UploadFile", "EnsureBotUser", "SetProfileImage", "RegisterCommand", "OpenInteractiveDialog",
	"PublishWebSocketEvent", "UpdateUserCustomStatus", "RemoveUserCustomStatus",
}

// heldInInterfaces are model types that travel inside interface values.
var heldInInterfaces = []string{"MessageAttachment", "AutocompleteTextArg"}

// keep says which fields of a larger type are used; what is not named is neither read nor sent.
var keep = map[string][]string{
	"AppError":             {"Id", "Message", "StatusCode", "Where"},
	"AutocompleteData":     {"Trigger", "Hint", "HelpText", "RoleID", "Arguments", "SubCommands"},
	"AutocompleteArg":      {"Name", "HelpText", "Type", "Required", "Data"},
	"Bot":                  {"Username", "DisplayName", "Description"},
	"Channel":              {"Id", "DeleteAt", "TeamId", "Type", "DisplayName", "Name"},
	"ChannelMember":        {"ChannelId", "UserId", "SchemeAdmin"},
	"ChannelStats":         {"MemberCount"},
	"Command":              {"Trigger", "AutoComplete", "AutoCompleteDesc", "AutoCompleteHint", "DisplayName", "Description", "AutocompleteData", "AutocompleteIconData"},
	"CommandArgs":          {"UserId", "ChannelId", "TeamId", "RootId", "TriggerId", "Command"},
	"CommandResponse":      {"ResponseType", "Text", "GotoLocation", "SkipSlackParsing"},
	"Config":               {"ServiceSettings", "TeamSettings", "EmailSettings", "LocalizationSettings", "PluginSettings"},
	"Context":              {"RequestId", "IPAddress"},
	"Dialog":               {"CallbackId", "Title", "IntroductionText", "Elements", "SubmitLabel", "NotifyOnCancel", "State"},
	"DialogElement":        {"DisplayName", "Name", "Type", "SubType", "Default", "HelpText", "Optional", "MaxLength", "Options"},
	"EmailSettings":        {"RequireEmailVerification"},
	"FileInfo":             {"Id"},
	"HTTPRequestSubset":    {"Method", "URL", "Header"},
	"LocalizationSettings": {"DefaultServerLocale"},
	"MessageAttachment":    {"Fallback", "Title", "Text", "Actions"},
	"Permission":           {"Id"},
	"PluginSettings":       {"AutomaticPrepackagedPlugins"},
	"Post":                 {"Id", "CreateAt", "UpdateAt", "EditAt", "DeleteAt", "IsPinned", "UserId", "ChannelId", "RootId", "OriginalId", "Message", "Type", "Props", "Hashtags", "FileIds", "PendingPostId", "HasReactions", "RemoteId"},
	"PostAction":           {"Id", "Type", "Name", "Style", "Integration"},
	"PostList":             {"Order", "Posts"},
	"Preference":           {"Category", "Name", "Value"},
	"ServiceSettings":      {"SiteURL"},
	"TeamSettings":         {"TeammateNameDisplay"},
	"User":                 {"Id", "UpdateAt", "DeleteAt", "Username", "AuthService", "Email", "EmailVerified", "Nickname", "FirstName", "LastName", "Roles", "Props", "Locale", "Timezone", "IsBot", "LastPictureUpdate", "RemoteId"},
	"WebsocketBroadcast":   {"UserId", "ChannelId", "ConnectionId"},
}
