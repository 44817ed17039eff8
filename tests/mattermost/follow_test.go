package mattermost

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"
	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

// A meeting of this address that repeats.
func (w *world) weekly(email string) zoom.Meeting {
	w.Helper()
	meeting, err := simulated.AddMeeting(email, "Weekly", 3)
	w.check(err)
	return meeting
}

// An occurrence begins; its one card in this channel.
func (w *world) occurs(meeting zoom.Meeting, channel *model.Channel) *model.Post {
	w.Helper()
	before := len(w.cards(channel))
	w.event(zoom.Event{Name: "meeting.started", ID: fmt.Sprint(meeting.ID), UUID: newUUID(), Topic: meeting.Topic, Start: zoom.UTC(time.Now())})
	w.eventually("the followed meeting has its card", func() bool { return len(w.cards(channel)) > before })
	cards := w.cards(channel)
	if len(cards) != before+1 {
		w.Fatalf("%d cards, want %d", len(cards), before+1)
	}
	return cards[before]
}

// A meeting's number as people type and read it.
func grouped(number int64) string {
	digits := fmt.Sprint(number)
	return digits[:3] + " " + digits[3:len(digits)-4] + " " + digits[len(digits)-4:]
}

func TestFollowingAMeetingSignsInLikeEverythingElse(t *testing.T) {
	w := newOAuthWorld(t, "user")
	meeting := w.weekly(w.ann.Email)
	room := w.room(w.ann)
	add := "/zoom subscription add " + grouped(meeting.ID)
	w.run("d15_who_is_not_connected_gets_a_link_and_then_what_was_wanted", func(w *world) {
		got := w.connectsBy(w.link(w.types(add, in(room))), w.ann.Email)
		w.holds(got.body, "Zoom is connected")
		w.occurs(meeting, room)
	})
	w.run("d05_a_token_that_has_run_out_is_renewed_and_kept", func(w *world) {
		before := w.tokenRequests().Refresh
		w.check(simulated.ExpireAccessTokens())
		w.holds(w.types(add, in(w.room(w.ann))).Text(), "now follows")
		w.meets(w.ann)
		w.anotherNode().meets(w.ann)
		if after := w.tokenRequests().Refresh; after.Granted-before.Granted != 1 || after.Refused != before.Refused {
			w.Errorf("refreshes %+v, before %+v, want one more", after, before)
		}
	})
	w.run("an occurrence whose host has disconnected has a card all the same", func(w *world) {
		w.types("/zoom disconnect")
		card := w.occurs(meeting, room)
		// People can join by the number; Zoom asks them for the passcode.
		if link := fmt.Sprint(w.facts(card)["meeting_link"]); !strings.HasSuffix(link, fmt.Sprintf("/j/%d", meeting.ID)) {
			w.Errorf("the link is %s", link)
		}
	})
}

func TestAnOccurrenceAfterAnIdleHourRenewsTheAccountsToken(t *testing.T) {
	t.Run("d06_and_nobody_has_to_connect", func(t *testing.T) {
		w := newOAuthWorld(t, "account")
		w.connect(w.person("admin", server.SystemAdmin), w.owner())
		meeting, room := w.weekly(w.ann.Email), w.room(w.ann)
		w.holds(w.types("/zoom subscription add "+fmt.Sprint(meeting.ID), in(room)).Text(), "now follows")
		before := w.tokenRequests().Refresh
		for range 3 {
			w.check(simulated.ExpireAccessTokens())
			card := w.occurs(meeting, room)
			w.holds(fmt.Sprint(w.facts(card)["meeting_link"]), fmt.Sprintf("/j/%d?pwd=", meeting.ID))
		}
		w.meets(w.ann)
		if after := w.tokenRequests().Refresh; after.Granted-before.Granted != 3 || after.Refused != before.Refused {
			w.Errorf("refreshes %+v, before %+v, want three more", after, before)
		}
	})
}
