package mattermost

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// What a user can put into a post that no plugin expects: the server takes it, and every plugin that reads the post gets it.
var hostilePosts = []struct {
	name   string
	change func(*model.Post)
}{
	{"props_nested_300_deep", func(post *model.Post) { post.AddProp("a", nested(300)) }},
	{"props_nested_2000_deep", func(post *model.Post) { post.AddProp("a", nested(2000)) }},
	{"props_that_are_not_utf8", func(post *model.Post) { post.AddProp("caf\xe9", "\xff\xfe") }},
	{"a_message_that_is_not_utf8", func(post *model.Post) { post.Message = "caf\xe9 \xff" }},
	{"a_megabyte_of_props", func(post *model.Post) { post.AddProp("a", strings.Repeat("x", 1<<20)) }},
	{"props_of_200000_parts", func(post *model.Post) { post.AddProp("a", slices.Repeat([]any{1.0}, 200_000)) }},
}

func nested(levels int) any {
	var inner any = "end"
	for range levels {
		inner = map[string]any{"a": inner}
	}
	return inner
}

// Others notice nothing: the process is the same, and their commands and Zoom's events are answered.
func (w *world) goesOn(pid int, bystander *model.User, channel *model.Channel) {
	w.Helper()
	if reply := w.types("/zoom help", as(bystander), in(channel)); len(reply.Posts) != 1 {
		w.Errorf("%d answers to another user's command", len(reply.Posts))
	}
	if got := w.deliver(`{"event":"endpoint.url_validation","payload":{"plainToken":"t"},"event_ts":1}`); got.status != http.StatusOK {
		w.Errorf("an event of Zoom is answered with %d %s", got.status, got.body)
	}
	// The process once ended three seconds after it had lost its connection.
	if now := w.host.Pid(); now != pid {
		w.Fatalf("the process was %d and is %d", pid, now)
	}
}

// Whoever can post must not be able to stop the plugin.
func TestPostsThatCannotBeReadHarmNobodyElse(t *testing.T) {
	for _, hostile := range hostilePosts {
		t.Run(hostile.name, func(t *testing.T) {
			w := newWorld(t)
			bob := w.person("bob")
			quiet := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "quiet", bob)
			pid := w.host.Pid()
			w.run("f01_in_the_channel_of_a_start", func(w *world) {
				post := w.chat.Post(w.town.Id, w.ann.Id, "", "hello")
				w.chat.ChangePost(post.Id, hostile.change)
				if reply := w.types("/zoom start Sprint review"); reply.Text() != "" {
					w.Errorf("the user is told %q", reply.Text())
				}
				w.checkStartedProps(w.card(), "Sprint review", false)
				w.goesOn(pid, bob, quiet)
			})
			// The posts around it are read: the meeting that runs is found.
			w.run("f01_beside_a_recent_meeting", func(w *world) {
				reply := w.types("/zoom start", in(w.town), as(w.ann))
				if len(w.cards(w.town)) != 1 || len(reply.Posts) != 1 {
					w.Fatalf("%d cards and %d private posts: nobody was asked about the recent meeting", len(w.cards(w.town)), len(reply.Posts))
				}
				w.holds(fmt.Sprint(reply.Posts[0].GetProps()), "Sprint review")
			})
			w.run("f01_asked_for_by_its_id", func(w *world) {
				post := w.chat.Post(quiet.Id, bob.Id, "", "hello")
				w.chat.ChangePost(post.Id, func(post *model.Post) { post.Type = "custom_zoom" })
				w.chat.ChangePost(post.Id, hostile.change)
				if ours := w.ours(bob, post); len(ours) != 0 {
					w.Errorf("ours are %v", ours)
				}
				if ours := w.ours(w.ann, w.card(), post); !slices.Equal(ours, []string{w.card().Id}) {
					w.Errorf("ours are %v, want the card", ours)
				}
				w.goesOn(pid, bob, quiet)
			})
			w.run("f01_in_the_own_card_before_its_end", func(w *world) {
				card := w.card()
				w.chat.ChangePost(card.Id, hostile.change)
				started := w.started(card)
				w.event(started)
				end := ended(started, 5*time.Minute)
				w.event(end)
				w.checkEnded(w.card(), started, end, "5 minutes")
				w.goesOn(pid, bob, quiet)
			})
			w.host.CheckHealth()
			w.goesOn(pid, bob, quiet)
		})
	}
}

// The other way round: what the server hands to a hook.
func TestCallsThatCannotBeReadHarmNobodyElse(t *testing.T) {
	w := newWorld(t)
	bob := w.person("bob")
	quiet := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "quiet", bob)
	pid := w.host.Pid()
	w.run("f01_a_command_that_is_not_utf8", func(w *world) {
		reply := w.types("/zoom caf\xe9 \xff")
		if len(reply.Posts) != 1 {
			w.Errorf("the user is told %q", reply.Text())
		}
		w.goesOn(pid, bob, quiet)
	})
	w.run("f01_a_command_of_eight_megabytes", func(w *world) {
		// The supervisor makes an empty answer of a call that failed, and a line in the log.
		if reply := w.types("/zoom start " + strings.Repeat("x", 8<<20)); len(reply.Posts) != 0 || len(w.cards(w.town)) != 0 {
			w.Errorf("the user is told %q", reply.Text())
		}
		w.expectLog("error", "RPC call")
		// It comes on the plugin's own way into the log, in its own time.
		w.eventually("the log says so", func() bool {
			w.check(w.host.FlushLogs())
			return len(w.chat.Logs().Take("error", "could not be read")) > 0
		})
		w.goesOn(pid, bob, quiet)
	})
	w.run("f01_headers_that_are_not_utf8", func(w *world) {
		request, err := http.NewRequest("GET", w.url("/api/v1/cards?ids=x%ff"), nil)
		w.check(err)
		request.Header.Set(model.HeaderAuth, "Bearer "+w.chat.SignIn(w.ann))
		request.Header.Set("User-Agent", "caf\xe9 \xff")
		if got := w.do(request); got.status != http.StatusOK && got.status != http.StatusBadRequest {
			w.Errorf("status %d %s", got.status, got.body)
		}
		w.check(w.host.FlushLogs())
		w.chat.Logs().Take("warn", "")
		w.goesOn(pid, bob, quiet)
	})
}

// The same for what the server tells of: the probe notes what it hears.
func TestEventsThatCannotBeReadHarmNobodyElse(t *testing.T) {
	w := newProbe(t, goodSettings())
	pid := w.host.Pid()
	hooks, err := w.host.Hooks()
	w.check(err)
	for _, hostile := range hostilePosts {
		w.run("f01_a_deleted_post_with_"+hostile.name, func(w *world) {
			post := &model.Post{Id: model.NewId(), ChannelId: w.town.Id, UserId: w.ann.Id, Message: "hello"}
			hostile.change(post)
			hooks.MessageHasBeenDeleted(nil, post)
			if heard := w.probes("kv get post-deleted"); heard != fmt.Sprintf(`{"post-id":"%s"}`, post.Id) {
				w.Errorf("the plugin has heard %s", heard)
			}
			if now := w.host.Pid(); now != pid {
				w.Fatalf("the process was %d and is %d", pid, now)
			}
		})
	}
}
