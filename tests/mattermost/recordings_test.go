package mattermost

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// What was written and said in the meetings of these tests.
const (
	chat       = "09:31:02\t From Ann : Hello\n09:31:40\t From Bob : Grüße 👋\n"
	transcript = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAnn: Hello\n"
)

// A world that Zoom itself sends its events to.
func newRecordedWorld(t *testing.T, settings map[string]any) *world {
	t.Helper()
	w := newWorldWith(t, settings)
	w.check(simulated.SetWebhook(w.webhookURL(), secretToken, true))
	w.check(simulated.SetDownloads(map[string]any{}))
	t.Cleanup(func() {
		w.check(simulated.SetDownloads(map[string]any{}))
		w.check(simulated.ForgetWebhook())
	})
	return w
}

// The card of a meeting that was held and is over.
func (w *world) held() *model.Post {
	w.Helper()
	card := w.meets(w.ann)
	number := w.number(card)
	_, err := simulated.Host(number)
	w.check(err)
	_, err = simulated.End(number)
	w.check(err)
	w.taken("meeting.ended")
	return card
}

// Insists that every event of this name has been taken.
func (w *world) taken(event string) {
	w.Helper()
	deliveries, err := simulated.Deliveries(event)
	w.check(err)
	if len(deliveries) == 0 {
		w.Fatalf("Zoom sent no %s", event)
	}
	if last := deliveries[len(deliveries)-1]; last.State != "delivered" || len(last.Attempts) != 1 {
		w.Errorf("%s: %+v", event, last)
	}
}

// Has the card's meeting be recorded, and waits until nothing of it is left to pass on.
func (w *world) record(card *model.Post, how map[string]any) zoom.Recording {
	w.Helper()
	recording, err := simulated.Record(w.number(card), how)
	w.check(err)
	w.taken("recording.completed")
	w.passedOn()
	return recording
}

func (w *world) passedOn() {
	w.Helper()
	w.eventually("everything is passed on", func() bool {
		return !slices.ContainsFunc(w.chat.Stored(), func(key string) bool { return strings.HasPrefix(key, "recording_") })
	})
}

// The replies below a card, oldest first.
func (w *world) replies(card *model.Post) []*model.Post {
	w.Helper()
	return slices.DeleteFunc(w.chat.Posts(card.ChannelId), func(post *model.Post) bool { return post.RootId != card.Id })
}

// The replies of one type, and what is in their files.
func (w *world) files(card *model.Post, kind string) []string {
	w.Helper()
	var contents []string
	for _, post := range w.replies(card) {
		if post.Type != kind {
			continue
		}
		if len(post.FileIds) != 1 {
			w.Fatalf("%d files, want 1", len(post.FileIds))
		}
		info, data := w.chat.File(post.FileIds[0])
		captions := fmt.Sprint(w.facts(post)["captions"])
		if info.PostId != post.Id || !strings.Contains(captions, info.Id) {
			w.Errorf("the file %s of post %s is attached to %q; captions are %s", info.Id, post.Id, info.PostId, captions)
		}
		contents = append(contents, string(data))
	}
	return contents
}

func files(kinds ...string) map[string]any {
	var made []map[string]any
	for _, kind := range kinds {
		one := map[string]any{"recording_type": kind}
		if kind == "chat_file" {
			one["content"] = chat
		}
		made = append(made, one)
	}
	return map[string]any{"files": made}
}

func TestARecordingIsPassedOnUnderItsCard(t *testing.T) {
	w := newRecordedWorld(t, goodSettings())
	card := w.held()
	how := files("shared_screen_with_speaker_view", "audio_only", "chat_file", "timeline")
	how["twins"] = true
	w.check(simulated.Forget())
	recording := w.record(card, how)
	w.check(simulated.Transcribe(recording.Number, transcript))
	w.taken("recording.transcript_completed")
	w.passedOn()
	w.run("d18_once_each_however_often_zoom_reports_it", func(w *world) {
		if replies := w.replies(card); len(replies) != 3 {
			w.Errorf("%d replies, want 3", len(replies))
		}
	})
	video := w.replies(card)[0]
	w.holds(video.Message, "Watch the recording", simulated.URL+"/rec/play/")
	for _, passcode := range []string{recording.Passcode, recording.LinkPasscode} {
		if passcode == "" || strings.Contains(video.Message, passcode) {
			t.Errorf("the passcode %q stands there: %q", passcode, video.Message)
		}
	}
	for kind, want := range map[string]string{"custom_zoom_chat": chat, "custom_zoom_transcript": transcript} {
		if got := w.files(card, kind); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	w.tokensWentTo(simulated.URL)
	// Every reply is the bot's.
	for _, reply := range w.replies(card) {
		if author, err := w.chat.API().GetUser(reply.UserId); err != nil || !author.IsBot {
			t.Errorf("a reply is by %v %v", author, err)
		}
	}
}

// No download token was shown to another address than Zoom's own.
func (w *world) tokensWentTo(address string) {
	w.Helper()
	downloads := 0
	for _, request := range w.asked() {
		if !strings.HasPrefix(request.Path, "/rec/") && !strings.HasPrefix(request.Path, "/cmr/") {
			continue
		}
		downloads++
		if request.Authorization != "" && request.Host != strings.TrimPrefix(address, "http://") {
			w.Errorf("%s was shown a token", request.Host)
		}
	}
	if downloads == 0 {
		w.Error("nothing was downloaded")
	}
}

func TestAPasscodeIsPostedWhereThatIsWanted(t *testing.T) {
	w := newRecordedWorld(t, with(goodSettings(), "EnablePostingRecordingPassword", true))
	card := w.held()
	recording := w.record(card, files("shared_screen_with_speaker_view"))
	replies := w.replies(card)
	if len(replies) != 1 {
		t.Fatalf("%d replies, want 1", len(replies))
	}
	w.holds(replies[0].Message, simulated.URL+"/rec/play/", "?pwd="+recording.LinkPasscode+")")
	// Who follows the link is let in and types nothing; the passcode of links is refused when it is typed.
	if strings.Contains(replies[0].Message, "Passcode") {
		t.Errorf("a passcode to type stands there: %q", replies[0].Message)
	}
	_, link, _ := strings.Cut(replies[0].Message, "](")
	link = strings.TrimSuffix(strings.TrimSpace(link), ")")
	answer, err := http.Get(link)
	w.check(err)
	page, err := io.ReadAll(answer.Body)
	w.check(errors.Join(err, answer.Body.Close()))
	w.holds(string(page), "It plays.")
}

// Zoom reports files before they can be had: the due job comes back for them, across restarts too.
func TestAFileThatComesLateIsFetchedLater(t *testing.T) {
	w := newRecordedWorld(t, goodSettings())
	card := w.held()
	w.check(simulated.Fault(map[string]any{"path": "/rec/webhook_download/", "times": 2, "answer": map[string]any{"kind": "error", "status": 404, "code": 3301, "message": "There is no recording."}}))
	_, err := simulated.Record(w.number(card), files("shared_screen_with_speaker_view", "chat_file"))
	w.check(err)
	w.taken("recording.completed")
	for tries := 1; tries <= 2; tries++ {
		w.eventually("the file is waited for", func() bool { return len(w.logged("info", "could not be passed on yet")) == tries })
		w.host.Deactivate()
		w.hurryDueWork()
		w.check(w.host.Activate())
	}
	w.passedOn()
	if got := w.files(card, "custom_zoom_chat"); len(got) != 1 || got[0] != chat {
		t.Errorf("the chat is %q", got)
	}
	if replies := w.replies(card); len(replies) != 2 {
		t.Errorf("%d replies, want 2", len(replies))
	}
}

func (w *world) logged(level, words string) []server.Line {
	w.Helper()
	w.check(w.host.FlushLogs())
	return slices.DeleteFunc(w.chat.Logs().Lines(level), func(line server.Line) bool { return !strings.Contains(line.String(), words) })
}

// What would be due in some minutes is due now, as if they had passed.
func (w *world) hurryDueWork() {
	w.Helper()
	const key = "due_jobs"
	stored, appErr := w.chat.API().KVGet(key)
	if appErr != nil {
		w.Fatal(appErr)
	}
	var due struct {
		Jobs       []map[string]any `json:"jobs"`
		LookedSpan int64            `json:"looked_span"`
	}
	w.check(json.Unmarshal(stored, &due))
	if len(due.Jobs) == 0 {
		w.Fatal("nothing is due")
	}
	for _, job := range due.Jobs {
		job["due_ms"] = time.Now().UnixMilli()
	}
	w.leaveJSON(key, due, 86400)
}

// Whatever cannot be fetched is told in a sentence, and nobody else gets the token or the reader.
func TestRecordingsThatMeanIll(t *testing.T) {
	w := newRecordedWorld(t, goodSettings())
	cases := []struct {
		name      string
		downloads map[string]any
		how       map[string]any
		says      string
	}{
		{"a file of 11 MiB", map[string]any{}, map[string]any{"files": []map[string]any{{"recording_type": "chat_file", "size": 11 << 20}}}, "larger than 10 MiB"},
		{"12 GB are announced", map[string]any{"body": map[string]any{"announced": 12_000_000_000}}, files("chat_file"), "larger than 10 MiB"},
		{"a body without end", map[string]any{"body": "endless"}, files("chat_file"), "larger than 10 MiB"},
		{"redirected to another origin", map[string]any{"redirect": "other_origin"}, files("chat_file"), "does not lie on the Zoom server"},
		{"redirected to this machine", map[string]any{"redirect": map[string]any{"to": "http://127.0.0.1:1"}}, files("chat_file"), "does not lie on the Zoom server"},
	}
	for _, c := range cases {
		w.run(c.name, func(w *world) {
			w.check(simulated.Forget())
			w.check(simulated.SetDownloads(c.downloads))
			card := w.held()
			w.record(card, c.how)
			replies := w.replies(card)
			if len(replies) != 1 || len(replies[0].FileIds) != 0 {
				w.Fatalf("%d replies: %v", len(replies), replies)
			}
			w.holds(replies[0].Message, "could not be posted", c.says, "under Recordings")
			w.tokensWentTo(simulated.URL)
		})
	}
	w.run("links to a host that only looks like zoom", func(w *world) {
		w.check(simulated.Forget())
		card := w.held()
		how := files("shared_screen_with_speaker_view", "chat_file")
		how["links_at"] = "https://zoom.us.evil.example"
		w.record(card, how)
		for _, reply := range w.replies(card) {
			if strings.Contains(reply.Message, "evil.example") || len(reply.FileIds) != 0 {
				w.Errorf("a reply leads there: %q", reply.Message)
			}
		}
		for _, request := range w.asked() {
			if strings.HasPrefix(request.Path, "/rec/") {
				w.Errorf("something was downloaded: %s", request.Path)
			}
		}
	})
}

// D1 and D32: what concerns no card, and what Zoom writes in other forms, is taken without a word.
func TestRecordingsInOtherForms(t *testing.T) {
	w := newRecordedWorld(t, goodSettings())
	w.run("d01_of_a_meeting_that_nobody_started_here", func(w *world) {
		meeting, err := simulated.AddMeeting(w.ann.Email, "Elsewhere", 2)
		w.check(err)
		_, err = simulated.Host(meeting.ID)
		w.check(err)
		_, err = simulated.End(meeting.ID)
		w.check(err)
		_, err = simulated.Record(meeting.ID, files("chat_file"))
		w.check(err)
		w.taken("recording.completed")
	})
	w.run("d32_a_number_as_text_and_an_empty_date", func(w *world) {
		card := w.held()
		how := files("shared_screen_with_speaker_view", "chat_file")
		how["id_as_string"], how["empty_recording_start"] = true, true
		w.record(card, how)
		if replies := w.replies(card); len(replies) != 2 {
			w.Errorf("%d replies, want 2", len(replies))
		}
	})
}
