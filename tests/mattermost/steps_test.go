package mattermost

import (
	"fmt"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"zoom-chat/tests/mattermost/server"
)

// The address of a gate before the simulated Zoom, through which every request of these worlds' plugins is a step of its process.
// The worlds are named later: their settings hold the address.
func gate(t *testing.T, worlds func() []*world) string {
	t.Helper()
	target, err := url.Parse(simulated.URL)
	if err != nil {
		t.Fatal(err)
	}
	hosts := func() []*server.Host {
		var hosts []*server.Host
		for _, w := range worlds() {
			if w != nil {
				hosts = append(hosts, w.host)
			}
		}
		return hosts
	}
	front := httptest.NewServer(server.Gate(httputil.NewSingleHostReverseProxy(target), hosts))
	t.Cleanup(front.Close)
	return front.URL
}

// Kills the plugin's process at each of the wanted steps of an action in turn, before and after the step. `killed` looks at what
// the dead process has left, before the plugin is started again. It ends when the action is done before the n-th step, and returns
// the steps of that whole run.
func (w *world) killAtEveryStep(wanted func(server.Step) bool, action func(), killed func(at server.Step, moment server.Moment)) []server.Step {
	w.Helper()
	steps := w.host.Steps()
	for n := 1; ; n++ {
		for _, moment := range []server.Moment{server.Before, server.After} {
			steps.KillAt(wanted, n, moment)
			action()
			dead, err := steps.Killed()
			w.check(err)
			seen := steps.Seen()
			if !dead {
				steps.Watch(nil)
				return seen
			}
			killed(seen[len(seen)-1], moment)
			w.revive()
		}
	}
}

// Starts the plugin again after its process has died, as an administrator does or the server's own start. Unlike the supervisor's
// own check it may be done any number of times.
func (w *world) revive() {
	w.Helper()
	w.host.Steps().Watch(nil)
	w.host.Deactivate()
	if err := w.host.Activate(); err != nil {
		w.Fatalf("the plugin does not start again: %v", err)
	}
	w.forgive("RPC call", "plugin process exited", "OnDeactivate", "shut down", "connection", "EOF")
}

func aboutAnErrand(step server.Step) bool {
	return strings.HasPrefix(step.Key, "errand_") || strings.HasPrefix(step.Name, "GET ")
}

func TestAProcessIsKilledAtEachStepOfItsWork(t *testing.T) {
	var w *world
	address := gate(t, func() []*world { return []*world{w} })
	w = newProbe(t, with(goodSettings(), "ZoomAPIURL", address))
	clear := func() {
		w.check(simulated.Forget())
		for _, key := range []string{"errand_out", "errand_home"} {
			if err := w.chat.API().KVDelete(key); err != nil {
				t.Fatal(err)
			}
		}
	}
	errand := func() {
		clear()
		if _, err := w.host.Type(typedBy(w.ann, w.town, "/probe errand "+address+"/v2/nothing")); err != nil {
			t.Log("the command of a dead plugin:", err)
		}
	}
	var left []string
	whole := w.killAtEveryStep(aboutAnErrand, errand, func(at server.Step, moment server.Moment) {
		if pid := w.host.Pid(); pid != 0 {
			t.Fatalf("process %d still runs", pid)
		}
		left = append(left, fmt.Sprintf("%s %s%s: %s", moment, at.Name, at.Key, w.traces()))
	})
	want := []string{
		"before KVSetWithOptionserrand_out: nothing",
		"after KVSetWithOptionserrand_out: out",
		"before GET /v2/nothing: out",
		"after GET /v2/nothing: out asked",
		"before KVSetWithOptionserrand_home: out asked",
		"after KVSetWithOptionserrand_home: out asked home",
		"before KVDeleteerrand_out: out asked home",
		"after KVDeleteerrand_out: asked home",
	}
	if fmt.Sprint(left) != fmt.Sprint(want) {
		t.Errorf("killed at each step the plugin leaves\n%s\nwant\n%s", strings.Join(left, "\n"), strings.Join(want, "\n"))
	}
	if len(whole) != len(want)/2 || w.traces() != "asked home" {
		t.Errorf("a run to the end has %v, and leaves %s", whole, w.traces())
	}
}

// What an errand has left behind outside its process.
func (w *world) traces() string {
	w.Helper()
	var found []string
	stored := strings.Join(w.chat.Stored(), " ")
	if strings.Contains(stored, "errand_out") {
		found = append(found, "out")
	}
	if len(w.asked()) > 0 {
		found = append(found, "asked")
	}
	if strings.Contains(stored, "errand_home") {
		found = append(found, "home")
	}
	if len(found) == 0 {
		return "nothing"
	}
	return strings.Join(found, " ")
}

// Each process is known by its own connections: killing one at its request leaves the other alone.
func TestOfTwoNodesTheOneIsKilledThatTookTheStep(t *testing.T) {
	var one, two *world
	address := gate(t, func() []*world { return []*world{one, two} })
	one = newProbe(t, with(goodSettings(), "ZoomAPIURL", address))
	two = one.anotherNode()
	one.host.Steps().KillAt(aboutAnErrand, 2, server.After)
	two.host.Steps().Watch(aboutAnErrand)
	alive := two.host.Pid()
	if got := two.probes("errand " + address + "/v2/two"); !strings.Contains(got, "Ok(401)") {
		t.Fatalf("the other node says %s", got)
	}
	if _, err := one.host.Type(typedBy(one.ann, one.town, "/probe errand "+address+"/v2/one")); err != nil {
		t.Log("the command of a dead plugin:", err)
	}
	dead, err := one.host.Steps().Killed()
	one.check(err)
	if !dead || one.host.Pid() != 0 || two.host.Pid() != alive {
		t.Fatalf("killed: %v; processes %d and %d, the other was %d", dead, one.host.Pid(), two.host.Pid(), alive)
	}
	if seen := two.host.Steps().Seen(); len(seen) != 4 || seen[1].Name != "GET /v2/two" {
		t.Errorf("the other node's steps are %v", seen)
	}
	// What the dead node wrote is there for the other.
	if got := two.probes("kv get errand_out"); got != "1" {
		t.Errorf("the other node finds %q", got)
	}
	one.revive()
	one.holds(one.probes("errand "+address+"/v2/one"), "Ok(401)")
	if got := two.probes("kv get errand_out"); got != "Ok(None)" {
		t.Errorf("the other node finds %q", got)
	}
}

// Of any number of writers on any node exactly one wins each round.
func TestNodesCompareAndSetOneStore(t *testing.T) {
	one := newProbe(t, goodSettings())
	nodes := []*world{one, one.anotherNode()}
	for round := range 10 {
		won := make(chan string, 16)
		for i := range cap(won) {
			go func() {
				text := fmt.Sprintf("/probe kv swap lock %d %d", round, round+1)
				if round == 0 {
					text = "/probe kv add lock 1"
				}
				response, err := nodes[i%2].host.Execute(typedBy(one.ann, one.town, text))
				if err != nil {
					won <- err.Error()
					return
				}
				won <- response.Text
			}()
		}
		for range cap(won) {
			if text := <-won; text != "" {
				t.Errorf("round %d: %s", round, text)
			}
		}
		stored := 0
		for _, post := range one.chat.Ephemerals(one.ann.Id) {
			if strings.Contains(post.Message, "Outcome::Stored") {
				stored++
			}
		}
		if stored != round+1 {
			t.Fatalf("after %d rounds %d writers have won", round+1, stored)
		}
	}
	if got := nodes[1].probes("kv get lock"); got != "10" {
		t.Errorf("the lock holds %s, want 10", got)
	}
}
