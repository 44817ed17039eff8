package mattermost

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestTheCardFollowsTheMeeting(t *testing.T) {
	w := newWorld(t)
	root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
	w.types("/zoom start Sprint review", thread(root))
	before := w.card()
	// As another plugin, an edit or a later version may leave it.
	w.chat.ChangePost(before.Id, func(post *model.Post) {
		post.AddProp("other_plugin", "keep me")
		post.FileIds = model.StringArray{model.NewId()}
	})

	started := w.started(before)
	w.event(started)
	card := w.card()
	w.checkStartedProps(card, "Sprint review", false)
	if got := w.facts(card)["meeting_uuid"]; got != started.UUID {
		t.Errorf("meeting_uuid is %v, want %s", got, started.UUID)
	}

	end := ended(started, 47*time.Minute+10*time.Second)
	w.event(end)
	card = w.card()
	w.checkEnded(card, started, end, "47 minutes")
	if card.Id != before.Id || card.UserId != w.ann.Id || card.RootId != root.Id {
		t.Errorf("the card has moved: %+v", card)
	}
	facts := w.facts(card)
	if facts["other_plugin"] != "keep me" || len(card.FileIds) != 1 || facts["from_plugin"] != "true" {
		t.Errorf("what is not ours was lost: files %v, props %v", card.FileIds, facts)
	}
}

func (w *world) checkEnded(card *model.Post, started, end zoom.Event, length string) {
	w.Helper()
	facts := w.facts(card)
	if facts["meeting_status"] != "ENDED" {
		w.Errorf("meeting_status is %v, want ENDED", facts["meeting_status"])
	}
	at, err := time.Parse(time.RFC3339, end.End.(string))
	w.check(err)
	if got := fmt.Sprint(facts["meeting_end_time"]); got != fmt.Sprint(at.UnixMilli()) {
		w.Errorf("meeting_end_time is %s, want %d", got, at.UnixMilli())
	}
	attachments := card.Attachments()
	if len(attachments) != 1 {
		w.Fatalf("%d attachments, want 1", len(attachments))
	}
	begin := started.Start.(string)
	for _, text := range []string{card.Message, attachments[0].Text, attachments[0].Fallback} {
		w.holds(text, length, begin[11:16], "UTC")
	}
	if strings.Contains(attachments[0].Text+attachments[0].Fallback+card.Message, "%!") {
		w.Errorf("d24: a placeholder stands in the card: %q", attachments[0].Fallback)
	}
}

func TestTheLengthIsZoomsInWords(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		after time.Duration
		words string
	}{
		{20 * time.Second, "less than a minute"}, {time.Minute, "1 minute"}, {65 * time.Minute, "1 hour 5 minutes"}, {2 * time.Hour, "2 hours"},
	}
	for _, c := range cases {
		w.run("d24_"+c.words, func(w *world) {
			channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", w.ann)
			w.types("/zoom start", in(channel))
			started := w.started(w.cards(channel)[0])
			end := ended(started, c.after)
			w.event(started)
			w.event(end)
			w.checkEnded(w.cards(channel)[0], started, end, c.words)
		})
	}
}

// The simulation's own sender: signing, validation of the URL, the meeting's life.
func TestZoomsOwnSenderIsUnderstood(t *testing.T) {
	w := newWorld(t)
	w.check(simulated.SetWebhook(w.webhookURL(), secretToken, true))
	w.types("/zoom start")
	number := w.number(w.card())
	instance, err := simulated.Host(number)
	w.check(err)
	deliveries, err := simulated.Deliveries("meeting.started")
	w.check(err)
	last := deliveries[len(deliveries)-1]
	if last.State != "delivered" {
		t.Fatalf("meeting.started: %+v", last)
	}
	if got := w.facts(w.card())["meeting_uuid"]; got != instance.UUID {
		t.Errorf("meeting_uuid is %v, want %s", got, instance.UUID)
	}
	instance, err = simulated.End(number)
	w.check(err)
	deliveries, err = simulated.Deliveries("meeting.ended")
	w.check(err)
	if last := deliveries[len(deliveries)-1]; last.State != "delivered" {
		t.Fatalf("meeting.ended: %+v", last)
	}
	facts := w.facts(w.card())
	if facts["meeting_status"] != "ENDED" || fmt.Sprint(facts["meeting_end_time"]) != fmt.Sprint(instance.EndedMs/1000*1000) {
		t.Errorf("the meeting ended at %d, the card shows %v", instance.EndedMs, facts)
	}
}

func TestEventsComeTwiceLateAndOutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	end := ended(started, 5*time.Minute)

	w.run("d18_a_redelivered_start_makes_no_second_post", func(w *world) {
		w.event(started)
		w.event(started)
		w.checkStartedProps(w.card(), "Zoom Meeting", false)
	})
	w.run("d18_a_redelivered_end_changes_nothing", func(w *world) {
		w.event(end)
		once := w.card()
		w.event(end)
		if twice := w.card(); twice.Message != once.Message || twice.UpdateAt != once.UpdateAt {
			w.Errorf("the card was written again: %q at %d, then %q at %d", once.Message, once.UpdateAt, twice.Message, twice.UpdateAt)
		}
	})
	w.run("a_start_after_the_end_stays_ended", func(w *world) {
		w.event(started)
		w.checkEnded(w.card(), started, end, "5 minutes")
	})
	w.run("a_byte_for_byte_replay_is_answered_and_changes_nothing", func(w *world) {
		body, at := end.Body(), time.Now()
		for range 2 {
			got := w.deliver(body, func(webhook *zoom.Webhook) { webhook.At = at })
			if got.status != http.StatusOK {
				w.Errorf("status %d %s", got.status, got.body)
			}
		}
	})
}

func TestD01EventsOfOtherMeetingsAreNone(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"meeting.started", "meeting.ended", "recording.completed", "meeting.participant_joined", "user.presence_status_updated", "never.heard_of"} {
		w.run("d01_"+name+"_of_an_unknown_meeting_is_200", func(w *world) {
			got := w.deliver(zoom.Event{Name: name, ID: "82345678901", UUID: newUUID(), Start: zoom.UTC(time.Now())}.Body())
			if got.status != http.StatusOK {
				w.Errorf("status %d %s, want 200", got.status, got.body)
			}
		})
	}
	if posts := w.chat.Posts(w.town.Id); len(posts) != 0 {
		t.Errorf("%d posts appeared", len(posts))
	}
}

func TestD16InstancesOfOneNumberAreToldApart(t *testing.T) {
	t.Run("d16_the_end_of_the_first_instance_leaves_the_second_running", func(t *testing.T) {
		w := newWorld(t)
		w.types("/zoom share 1234567890 first")
		first := w.started(w.cards(w.town)[0])
		w.event(first)
		end := ended(first, 2*time.Second)
		w.event(end)
		// The second card is posted when the first instance is over.
		time.Sleep(2 * time.Second)
		w.types("/zoom share --new 1234567890 second")
		second := w.started(w.cards(w.town)[1])
		w.event(second)
		w.event(end)
		cards := w.cards(w.town)
		if one, two := w.status(cards[0]), w.status(cards[1]); one != "ENDED" || two != "STARTED" {
			t.Errorf("first is %s, second is %s, want ENDED and STARTED", one, two)
		}
		w.event(ended(second, 8*time.Minute))
		w.checkEnded(w.cards(w.town)[1], second, ended(second, 8*time.Minute), "8 minutes")
	})
}

func TestD23PayloadsVary(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		name   string
		change func(start, end *zoom.Event, number int64)
	}{
		{"d23_the_id_is_a_number", func(start, end *zoom.Event, number int64) { start.ID, end.ID = number, number }},
		{"d23_dates_are_empty", func(start, end *zoom.Event, _ int64) { start.Start, end.Start, end.End = "", "", "" }},
		{"dates_are_null", func(start, end *zoom.Event, _ int64) { start.Start, end.Start, end.End = nil, nil, nil }},
	}
	for _, c := range cases {
		w.run(c.name, func(w *world) {
			channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", w.ann)
			w.types("/zoom start", in(channel))
			card := w.cards(channel)[0]
			start := w.started(card)
			end := ended(start, time.Minute)
			c.change(&start, &end, w.number(card))
			w.event(start)
			w.event(end)
			if status := w.status(w.cards(channel)[0]); status != "ENDED" {
				w.Errorf("the card is %s", status)
			}
		})
	}
}

func TestD33ADeletedCardStaysDeleted(t *testing.T) {
	t.Run("d33_the_end_of_a_meeting_whose_card_was_deleted_is_200", func(t *testing.T) {
		w := newWorld(t)
		w.types("/zoom start")
		card := w.card()
		started := w.started(card)
		w.event(started)
		w.chat.Delete(card.Id)
		w.event(ended(started, time.Minute))
		if posts := w.chat.Posts(w.town.Id); len(posts) != 0 {
			t.Errorf("%d posts in the channel", len(posts))
		}
	})
}

func TestWebhooksThatAreNotZoomsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	body := started.Body()
	before := w.facts(w.card())
	header := func(name, value string) func(*zoom.Webhook) {
		return func(webhook *zoom.Webhook) { webhook.Headers = map[string]string{name: value} }
	}
	cases := []struct {
		name   string
		change func(*zoom.Webhook)
		status int
	}{
		{"no secret in the URL", func(webhook *zoom.Webhook) { webhook.URL = w.url("/webhook") }, 401},
		{"wrong secret in the URL", func(webhook *zoom.Webhook) { webhook.URL = w.url("/webhook?secret=" + strings.Repeat("x", 32)) }, 401},
		{"not signed", func(webhook *zoom.Webhook) { webhook.SecretToken = "" }, 401},
		{"signed with another secret", func(webhook *zoom.Webhook) { webhook.SecretToken = "another-secret-token" }, 401},
		{"signature of another body", func(webhook *zoom.Webhook) {
			request, err := webhook.Request()
			w.check(err)
			webhook.Headers = map[string]string{"x-zm-signature": request.Header.Get("x-zm-signature")}
			webhook.Body = strings.Replace(webhook.Body, "meeting.started", "meeting.ended", 1)
		}, 401},
		{"two hours old", func(webhook *zoom.Webhook) { webhook.At = time.Now().Add(-2 * time.Hour) }, 401},
		{"from the future", func(webhook *zoom.Webhook) { webhook.At = time.Now().Add(time.Hour) }, 401},
		{"timestamp that is no number", header("x-zm-request-timestamp", "soon"), 401},
		{"no timestamp", header("x-zm-request-timestamp", ""), 401},
		{"form", header("Content-Type", "application/x-www-form-urlencoded"), 400},
		{"no content type", header("Content-Type", ""), 400},
		{"not JSON", func(webhook *zoom.Webhook) { webhook.Body = "{" }, 400},
		{"empty", func(webhook *zoom.Webhook) { webhook.Body = "" }, 400},
		{"null", func(webhook *zoom.Webhook) { webhook.Body = "null" }, 400},
		{"list", func(webhook *zoom.Webhook) { webhook.Body = "[]" }, 400},
		{"no payload", func(webhook *zoom.Webhook) { webhook.Body = `{"event":"meeting.started"}` }, 400},
		{"no uuid", func(webhook *zoom.Webhook) {
			webhook.Body = `{"event":"meeting.started","payload":{"object":{"id":"1"}}}`
		}, 400},
		{"d31_body_over_1_MiB_is_413", func(webhook *zoom.Webhook) { webhook.Body = strings.Repeat(" ", 1<<20) + body }, 413},
	}
	refused := map[int]int{}
	for _, c := range cases {
		w.run(c.name, func(w *world) {
			got := w.deliver(body, c.change)
			if got.status != c.status {
				w.Errorf("status %d %s, want %d", got.status, got.body, c.status)
			}
			if strings.TrimSpace(got.body) == "" {
				w.Error("no reason is given")
			}
		})
		refused[c.status]++
	}
	if after := w.facts(w.card()); !reflect.DeepEqual(after, before) {
		t.Errorf("one of them was taken: the card changed from %v to %v", before, after)
	}
	w.run("an hour old as the last retry may be", func(w *world) {
		got := w.deliver(body, func(webhook *zoom.Webhook) { webhook.At = time.Now().Add(-85 * time.Minute) })
		if got.status != 200 {
			w.Errorf("status %d %s, want 200", got.status, got.body)
		}
	})
	w.run("exactly 1 MiB", func(w *world) {
		got := w.deliver(strings.Repeat(" ", 1<<20-len(body)) + body)
		if got.status != 200 {
			w.Errorf("status %d %s, want 200", got.status, got.body)
		}
	})
	w.theLogTellsOfRefusals(refused)
}

func TestWithoutAZoomWebhookSecretTheURLsSecretIsEnough(t *testing.T) {
	w := newWorldWith(t, with(goodSettings(), "ZoomWebhookSecret", ""))
	w.types("/zoom start")
	got := w.deliver(w.started(w.card()).Body(), func(webhook *zoom.Webhook) { webhook.SecretToken = "" })
	if got.status != 200 {
		t.Errorf("an unsigned event: status %d %s, want 200", got.status, got.body)
	}
	if uuid := w.facts(w.card())["meeting_uuid"]; uuid == nil || uuid == "" {
		t.Error("the event had no effect")
	}
	validation := `{"event":"endpoint.url_validation","payload":{"plainToken":"Kn5a3Wv7SP6YP5b4BWfZpg"},"event_ts":1}`
	if got := w.deliver(validation, func(webhook *zoom.Webhook) { webhook.SecretToken = "" }); got.status != 400 {
		t.Errorf("a validation that cannot be answered: status %d %s, want 400", got.status, got.body)
	}
}

func TestAValidationSignsNothingButZoomsTokens(t *testing.T) {
	w := newWorldWith(t, with(goodSettings(), "ZoomWebhookSecret", "zoomwebhooksecret"))
	validate := func(token, secret string) answer {
		body := fmt.Sprintf(`{"event":"endpoint.url_validation","payload":{"plainToken":%q},"event_ts":1}`, token)
		return w.deliver(body, func(webhook *zoom.Webhook) { webhook.SecretToken = secret })
	}
	good := validate("Kn5a3Wv7SP6YP5b4BWfZpg", "zoomwebhooksecret")
	if good.status != 200 || !strings.HasPrefix(good.header.Get("Content-Type"), "application/json") {
		t.Errorf("status %d, %s", good.status, good.header.Get("Content-Type"))
	}
	w.holds(good.body, `"plainToken":"Kn5a3Wv7SP6YP5b4BWfZpg"`, `"encryptedToken":"2a41c3138d2187a756c51428f78d192e9b88dcf44dd62d1b081ace4ec2241e0a"`)
	for name, got := range map[string]answer{
		"unsigned":     validate("Kn5a3Wv7SP6YP5b4BWfZpg", ""),
		"a signature":  validate("v0:1767605412:{}", "zoomwebhooksecret"),
		"a long token": validate(strings.Repeat("A", 100), "zoomwebhooksecret"),
	} {
		if got.status < 400 || got.status > 499 || strings.Contains(got.body, "encryptedToken") {
			t.Errorf("%s: status %d %s, want a refusal", name, got.status, got.body)
		}
	}
}
