package zoom

import "fmt"

// Recording is what was recorded of an instance.
type Recording struct {
	Number int    `json:"number"`
	UUID   string `json:"uuid"`
	// What the player asks for, and what lets people in when the link carries it.
	Passcode     string `json:"password"`
	LinkPasscode string `json:"play_passcode"`
}

// Record has the last instance of a meeting be recorded; Zoom reports it. For `how` see the simulation's README.
func (s *Sim) Record(id int64, how map[string]any) (Recording, error) {
	var recording Recording
	return recording, s.call("POST", fmt.Sprintf("/meetings/%d/record", id), how, &recording)
}

// Transcribe makes a transcript of this content; Zoom reports it.
func (s *Sim) Transcribe(number int, content string) error {
	return s.call("POST", fmt.Sprintf("/recordings/%d/transcript", number), map[string]any{"content": content}, nil)
}

// SetDownloads says how downloads behave; without anything as usual.
func (s *Sim) SetDownloads(how map[string]any) error {
	return s.call("PUT", "/downloads", how, nil)
}

// ForgetWebhook sends events nowhere any more.
func (s *Sim) ForgetWebhook() error {
	return s.call("DELETE", "/webhook", nil, nil)
}
