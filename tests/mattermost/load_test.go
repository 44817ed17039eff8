package mattermost

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/zoom"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	workers        = 8
	callsPerWorker = 100
)

// Commands and webhooks mixed, eight at a time: every answer is right, and every meeting ends on its own card.
func TestEightHundredCallsEightAtATime(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	// Meanwhile an administrator saves the settings again and again.
	stop := make(chan struct{})
	saved := make(chan error, 1)
	go func() { saved <- w.saveSettingsUntil(stop) }()
	for worker := range workers {
		user := w.person(fmt.Sprintf("worker%d", worker))
		channel := w.chat.AddChannel(model.ChannelTypeOpen, w.team, user.Username, user)
		wait.Go(func() { w.work(user, channel) })
	}
	wait.Wait()
	close(stop)
	w.check(<-saved)
}

func (w *world) saveSettingsUntil(stop <-chan struct{}) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return nil
		case <-tick.C:
			if err := w.host.Reconfigure(goodSettings()); err != nil {
				return err
			}
		}
	}
}

// One worker's calls, five to a round.
func (w *world) work(user *model.User, channel *model.Channel) {
	for round := range callsPerWorker / 5 {
		if w.Failed() {
			return
		}
		topic := fmt.Sprintf("%s round %d", user.Username, round)
		if reply, err := w.host.Type(typedBy(user, channel, "/zoom start "+topic)); err != nil || reply.Text() != "" {
			w.Errorf("start: %q %v", reply.Text(), err)
			return
		}
		cards := w.cards(channel)
		if len(cards) != round+1 {
			w.Errorf("%d cards after %d rounds", len(cards), round+1)
			return
		}
		started := w.started(cards[round])
		end := ended(started, time.Duration(round+1)*time.Minute)
		w.event(started)
		w.event(zoom.Event{Name: "meeting.ended", ID: 99999999999, UUID: newUUID()})
		w.event(end)
		w.checkEnded(w.cards(channel)[round], started, end, fmt.Sprintf("%d minute", round+1))
		w.holds(w.cards(channel)[round].Message, topic)
		if reply, err := w.host.Type(typedBy(user, channel, "/zoom help")); err != nil || len(reply.Posts) != 1 {
			w.Errorf("help: %d replies, %v", len(reply.Posts), err)
		}
	}
}
