package mattermost

import (
	"strings"
	"sync"
	"testing"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// Both press before either card stands: the turn that is taken in the server's store decides, on whatever node.
func TestTwoPeopleWhoStartAtOnceGetOneMeeting(t *testing.T) {
	one := newWorld(t)
	two := one.anotherNode()
	bob := one.person("bob")
	for range 5 {
		channel := one.chat.AddChannel(model.ChannelTypeOpen, one.team, "c", one.ann, bob)
		var wait sync.WaitGroup
		var replies [2]server.Reply
		wait.Go(func() { replies[0] = one.types("/zoom start", in(channel)) })
		wait.Go(func() { replies[1] = two.types("/zoom start", in(channel), as(bob)) })
		wait.Wait()
		if cards := one.cards(channel); len(cards) != 1 {
			t.Fatalf("%d cards, want 1", len(cards))
		}
		asked := 0
		for _, reply := range replies {
			for _, post := range reply.Posts {
				if one.facts(post)["meeting_status"] == "RECENTLY_CREATED" {
					asked++
				}
			}
		}
		if asked != 1 {
			t.Errorf("%d of the two were asked, want 1: %q and %q", asked, replies[0].Text(), replies[1].Text())
		}
	}
}

// Clients that draw no cards, those of phones among them, show the attachment: link and button stand in it.
func TestARecentMeetingIsAQuestionThatOnePressAnswers(t *testing.T) {
	t.Run("d25_link_and_button_are_in_the_attachment", func(t *testing.T) {
		w := newWorld(t)
		bob := w.person("bob")
		channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", w.ann, bob)
		w.types("/zoom start First", in(channel))
		link := w.facts(w.cards(channel)[0])["meeting_link"].(string)
		question := w.types("/zoom start Second", in(channel), as(bob)).Posts[0]
		attachment := question.Attachments()[0]
		w.holds(attachment.Text, link, "First", w.ann.Username)
		if len(attachment.Actions) != 1 {
			t.Fatalf("%d buttons, want 1", len(attachment.Actions))
		}
		w.presses(bob, question, attachment.Actions[0].Id)
		if cards := w.cards(channel); len(cards) != 2 || !strings.Contains(cards[1].Message, "Second") {
			t.Errorf("the cards are %v", cards)
		}
		shown := w.chat.Ephemerals(bob.Id)
		if left := shown[len(shown)-1].Attachments(); len(left) != 0 {
			t.Errorf("the question stands there still: %v", left[0])
		}
	})
}

func TestWhoWantsToBeAskedIsAskedInTheThread(t *testing.T) {
	t.Run("d03_the_answer_starts_the_meeting_in_the_thread", func(t *testing.T) {
		w := newWorld(t)
		root := w.chat.Post(w.town.Id, w.ann.Id, "", "Shall we talk?")
		w.holds(w.types("/zoom settings").Text(), "not chosen yet")
		settings := w.chat.Ephemerals(w.ann.Id)
		w.presses(w.ann, settings[len(settings)-1], "ask")
		question := w.types("/zoom start Sprint review", thread(root)).Posts[0]
		w.presses(w.ann, question, "unique")
		if card := w.card(); card.RootId != root.Id || !strings.Contains(card.Message, "Sprint review") {
			t.Errorf("the card is below %q and says %q", card.RootId, card.Message)
		}
	})
}
