package mattermost

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A second node of the world's server, in front of which the returned world sends its requests.
func (w *world) anotherNode() *world {
	w.Helper()
	plugins := filepath.Join(w.TempDir(), "plugins")
	folder := filepath.Join(plugins, filepath.Base(w.folder))
	w.check(os.CopyFS(folder, os.DirFS(w.folder)))
	host, err := w.host.Another(plugins, folder)
	w.check(err)
	w.check(host.Activate())
	node := *w
	node.host, node.folder, node.front = host, folder, httptest.NewServer(host.Handler())
	w.Cleanup(node.stop)
	return &node
}

func TestNodesOfAClusterShareTheMeetings(t *testing.T) {
	one := newWorld(t)
	two := one.anotherNode()
	one.types("/zoom start")
	started := one.started(one.card())
	end := ended(started, 5*time.Minute)
	two.event(started)
	two.event(end)
	one.event(end)
	one.checkEnded(one.card(), started, end, "5 minutes")
}

// Overlapping subscriptions deliver one event many times at once, to any node.
func TestTheSameEventManyTimesAtOnce(t *testing.T) {
	one := newWorld(t)
	two := one.anotherNode()
	one.types("/zoom start")
	started := one.started(one.card())
	end := ended(started, 5*time.Minute)
	for _, body := range []string{started.Body(), end.Body()} {
		var wait sync.WaitGroup
		for i := range 16 {
			node := []*world{one, two}[i%2]
			wait.Go(func() {
				if got := node.deliver(body); got.status != http.StatusOK {
					node.Errorf("status %d %s, want 200", got.status, got.body)
				}
			})
		}
		wait.Wait()
	}
	one.checkEnded(one.card(), started, end, "5 minutes")
}

// A number has one instance at a time, and cards that were posted before it are all about the first that began.
func TestTwoCardsOfOneNumberGetTheSameInstance(t *testing.T) {
	one := newWorld(t)
	two := one.anotherNode()
	one.types("/zoom share 1234567890 first")
	two.types("/zoom share --new 1234567890 second")
	first, second := one.started(one.cards(one.town)[0]), one.started(one.cards(one.town)[1])
	var wait sync.WaitGroup
	wait.Go(func() { one.event(first) })
	wait.Go(func() { two.event(second) })
	wait.Wait()
	uuids := map[any]bool{}
	for _, card := range one.cards(one.town) {
		uuids[one.facts(card)["meeting_uuid"]] = true
	}
	if len(uuids) != 1 || !uuids[first.UUID] && !uuids[second.UUID] {
		t.Errorf("the cards show the instances %v, want either %s or %s", uuids, first.UUID, second.UUID)
	}
}
