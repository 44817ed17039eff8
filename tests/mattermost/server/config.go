package server

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// SetSettings replaces the plugin's settings, keys as in the manifest. The plugin is not told: see [Host.Reconfigure].
func (s *Server) SetSettings(settings map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = maps.Clone(settings)
}

// ChangeConfig alters the server's own configuration.
func (s *Server) ChangeConfig(change func(*model.Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.config)
}

// Keys are lower-cased; a setting that nobody has set holds the manifest's default, which is null where there is none.
func (a *api) LoadPluginConfiguration(destination any) error {
	s, unlock, err := a.enter("LoadPluginConfiguration")
	if err != nil {
		return err
	}
	defer unlock()
	merged := map[string]any{}
	if s.manifest.SettingsSchema != nil {
		for _, setting := range s.manifest.SettingsSchema.Settings {
			merged[strings.ToLower(setting.Key)] = setting.Default
		}
	}
	for key, value := range s.settings {
		merged[strings.ToLower(key)] = value
	}
	encoded, jsonErr := json.Marshal(merged)
	if jsonErr != nil {
		return jsonErr
	}
	return json.Unmarshal(encoded, destination)
}

// The server masks secrets; this configuration has none.
func (a *api) GetConfig() *model.Config {
	s, unlock, err := a.enter("GetConfig")
	if err != nil {
		return nil
	}
	defer unlock()
	return s.config.Clone()
}

func (a *api) GetServerVersion() string {
	return model.CurrentVersion
}

// An installation without a licence.
func (a *api) GetLicense() *model.License {
	return nil
}

func (a *api) IsEnterpriseReady() bool {
	return false
}

// One for each installation; it does not change.
func (a *api) GetDiagnosticId() string {
	return "diagnosticdiagnosticdiagno"
}

func (a *api) PublishWebSocketEvent(event string, payload map[string]any, broadcast *model.WebsocketBroadcast) {
	s, unlock, err := a.enter("PublishWebSocketEvent")
	if err != nil {
		return
	}
	defer unlock()
	// Clients know the event by this name.
	name := "custom_" + s.manifest.Id + "_" + event
	s.events = append(s.events, Event{Name: name, Payload: payload, Broadcast: broadcast})
}
