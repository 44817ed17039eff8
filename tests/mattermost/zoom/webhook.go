package zoom

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Event is a webhook about an instance of a meeting. Fields of type `any` take what a test wants to see sent.
type Event struct {
	Name  string
	ID    any
	UUID  string
	Topic string
	// Where they are nil they are left out.
	Start, End any
}

// Body is the event as Zoom writes it.
func (e Event) Body() string {
	object := map[string]any{
		"id": e.ID, "uuid": e.UUID, "host_id": "ExUserAlice00000000000", "topic": e.Topic, "type": 1, "timezone": "Europe/Paris", "duration": 0,
	}
	if e.Start != nil {
		object["start_time"] = e.Start
	}
	if e.End != nil {
		object["end_time"] = e.End
	}
	body, err := json.Marshal(map[string]any{
		"event": e.Name, "event_ts": time.Now().UnixMilli(),
		"payload": map[string]any{"account_id": "ExAccT0000000000000000", "object": object},
	})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// UTC is a time as Zoom writes it.
func UTC(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

// Webhook is a delivery made by hand.
type Webhook struct {
	// The receiver, with its query.
	URL  string
	Body string
	// Empty: not signed.
	SecretToken string
	// When it claims to have been sent; now if zero.
	At time.Time
	// More headers, and other values for those that Zoom sets. An empty value leaves the header out.
	Headers map[string]string
}

// Request is the delivery as an HTTP request.
func (w Webhook) Request() (*http.Request, error) {
	request, err := http.NewRequest("POST", w.URL, strings.NewReader(w.Body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", "Zoom Marketplace/1.0a")
	if w.SecretToken != "" {
		at := w.At
		if at.IsZero() {
			at = time.Now()
		}
		timestamp := fmt.Sprint(at.Unix())
		request.Header.Set("x-zm-request-timestamp", timestamp)
		request.Header.Set("x-zm-signature", "v0="+hexMAC(w.SecretToken, "v0:"+timestamp+":"+w.Body))
	}
	for name, value := range w.Headers {
		request.Header.Del(name)
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	return request, nil
}

func hexMAC(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}
