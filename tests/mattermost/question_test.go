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

// By the server's default every member may rename a channel; whether meetings may be started there is up to its administrators.
func TestAChannelsAdministratorsSayWhetherMeetingsMayStart(t *testing.T) {
	w := newWorldWith(t, with(goodSettings(), "RestrictMeetingCreation", true))
	bob := w.person("bob")
	channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "c", w.ann, bob)
	w.chat.Promote(channel.Id, w.ann.Id)
	w.holds(w.types("/zoom channel-settings allow", in(channel), as(bob)).Text(), "Only an administrator")
	w.holds(w.types("/zoom start", in(channel), as(bob)).Text(), "may not be started")

	w.run("d26_in_a_form_of_the_server", func(w *world) {
		if reply := w.types("/zoom channel-settings", in(channel)); reply.Text() != "" {
			w.Fatalf("the user is told %q", reply.Text())
		}
		dialogs := w.chat.Dialogs()
		dialog := dialogs[len(dialogs)-1]
		field := dialog.Dialog.Elements[0]
		if field.Default != "default" || len(field.Options) != 3 {
			w.Errorf("chosen at first is %q of %v", field.Default, field.Options)
		}
		answer, err := w.host.Submit(w.ann, channel, dialog, map[string]any{field.Name: "allow"}, false)
		w.check(err)
		if answer.Error != "" || len(answer.Errors) != 0 {
			w.Errorf("the form answers %+v", answer)
		}
	})
	w.types("/zoom start", in(channel), as(bob))
	if cards := w.cards(channel); len(cards) != 1 {
		t.Errorf("%d cards, want 1", len(cards))
	}
	w.holds(w.types("/zoom channel-settings list", in(channel), as(w.person("root", server.SystemAdmin))).Text(), "~"+channel.Name+": allowed")
}

// Buttons that the official plugin had shown to one user lead to its own addresses.
func TestButtonsOfTheOfficialPluginGoOnWorking(t *testing.T) {
	w := newWorld(t)
	shown := func(url string, context map[string]any) *model.Post {
		post := &model.Post{Id: model.NewId(), ChannelId: w.town.Id}
		integration := map[string]any{"url": "/plugins/zoom" + url, "context": context}
		action := map[string]any{"id": "b", "type": "button", "name": "b", "integration": integration}
		post.AddProp("attachments", []any{map[string]any{"actions": []any{action}}})
		return post
	}
	w.presses(w.ann, shown("/api/v1/updatePMI", map[string]any{"action": "Ask"}), "b")
	w.holds(w.types("/zoom start").Text(), "Which ID")
	w.presses(w.ann, shown("/api/v1/askPMI", map[string]any{
		"action": "USE A UNIQUE MEETING ID", "userID": w.ann.Id, "channelID": w.town.Id, "rootID": "",
	}), "b")
	w.card()
	if said := w.presses(w.ann, shown("/api/v1/updatePMI", map[string]any{"action": "whatever"}), "b"); said != "" {
		t.Errorf("the user is told %q", said)
	}
	w.expectLog("warn", "a request was refused")
}
