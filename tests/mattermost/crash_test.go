package mattermost

import (
	"net/http"
	"syscall"
	"testing"
	"time"
)

// Kills the plugin without a word, as the machine's memory guard does, and waits until it is gone.
func (w *world) kill() {
	pid := w.host.Pid()
	if pid == 0 {
		w.Error("there is no plugin to kill")
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		w.Error(err)
	}
	w.eventually("the plugin is gone", func() bool { return !w.host.Alive(pid) })
}

// The supervisor finds the plugin dead and starts it again. What it logs about that is expected.
func (w *world) restart() {
	w.Helper()
	w.host.CheckHealth()
	if !w.host.Running() || w.host.Pid() == 0 {
		w.Fatal("the plugin was not started again")
	}
	w.forgive("RPC call", "plugin process exited", "OnDeactivate", "shut down", "connection")
}

// Takes the supervisor's own errors about a dead plugin out of the log.
func (w *world) forgive(words ...string) {
	w.Helper()
	w.check(w.host.FlushLogs())
	for _, each := range words {
		w.chat.Logs().Take("error", each)
	}
}

func TestAKilledPluginComesBackWithNothingLost(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start Sprint review")
	started := w.started(w.card())
	w.event(started)
	before := w.host.Pid()
	w.kill()
	if got := w.deliver(started.Body()); got.status < 500 {
		t.Errorf("a dead plugin answers with status %d: Zoom would not send the event again", got.status)
	}
	w.restart()
	if w.host.Pid() == before {
		t.Fatal("the process is the same")
	}
	end := ended(started, 47*time.Minute)
	w.event(end)
	w.checkEnded(w.card(), started, end, "47 minutes")
	if reply := w.types("/zoom start"); reply.Text() != "" || len(w.cards(w.town)) != 2 {
		t.Errorf("%d cards, and the user is told %q", len(w.cards(w.town)), reply.Text())
	}
}

// The state is stored and the post is not written: the event that Zoom sends again repairs it.
func TestAPluginKilledBetweenStoringAndPostingIsRepairedByTheNextDelivery(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	w.event(started)
	end := ended(started, 5*time.Minute)
	w.chat.BreakNext("UpdatePost", w.kill)
	if got := w.deliver(end.Body()); got.status < 500 {
		t.Errorf("status %d, want one that makes Zoom send the event again", got.status)
	}
	if status := w.status(w.card()); status != "STARTED" {
		t.Fatalf("the card is %s: the plugin was killed too late", status)
	}
	w.restart()
	w.event(end)
	w.checkEnded(w.card(), started, end, "5 minutes")
}

func TestAStoreThatFailsLosesNoEvent(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	w.chat.FailNext("KVGet", 1, http.StatusInternalServerError)
	if got := w.deliver(started.Body()); got.status != http.StatusServiceUnavailable {
		t.Errorf("status %d %s, want 503", got.status, got.body)
	}
	w.expectLog("error", "the chat server failed")
	w.event(started)
	if uuid := w.facts(w.card())["meeting_uuid"]; uuid != started.UUID {
		t.Errorf("meeting_uuid is %v, want %s", uuid, started.UUID)
	}
}

// Zoom is answered in time and the card is written as soon as the server takes it again.
func TestACardThatCouldNotBeWrittenIsWrittenLater(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	w.event(started)
	end := ended(started, 5*time.Minute)
	w.chat.FailNext("UpdatePost", 1, http.StatusInternalServerError)
	w.event(end)
	if status := w.status(w.card()); status != "STARTED" {
		t.Fatalf("the card is %s: the server's failure had no effect", status)
	}
	w.expectLog("warn", "tried again")
	w.eventually("the card is written", func() bool { return w.status(w.card()) == "ENDED" })
	w.checkEnded(w.card(), started, end, "5 minutes")
}

// An archived channel takes no change of its posts: the card stays as it is, and that is nothing for the administrator.
func TestAMeetingMayEndAfterItsChannelWasArchived(t *testing.T) {
	w := newWorld(t)
	w.types("/zoom start")
	started := w.started(w.card())
	w.event(started)
	w.chat.Archive(w.town.Id)
	w.event(ended(started, time.Minute))
	if status := w.status(w.card()); status != "STARTED" {
		t.Errorf("the card is %s", status)
	}
}
