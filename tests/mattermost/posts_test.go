package mattermost

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zoom-chat/tests/mattermost/server"

	"github.com/mattermost/mattermost/server/public/model"
)

// The one post of the probe in the town channel, if it has made any.
func (w *world) probesPosts() []*model.Post {
	w.Helper()
	posts := w.chat.Posts(w.town.Id)
	return slices.DeleteFunc(posts, func(post *model.Post) bool { return post.Type != "custom_probe" })
}

// The host's claims to make a post, all of which are set back by so much time, as if they had been made earlier.
func (w *world) ageClaims(by time.Duration) {
	w.Helper()
	for _, key := range w.chat.Stored() {
		if !strings.HasPrefix(key, "mm_host_once_") {
			continue
		}
		value, appErr := w.chat.API().KVGet(key)
		if appErr != nil {
			w.Fatal(appErr)
		}
		var at int64
		if _, err := fmt.Sscan(string(value), &at); err != nil {
			w.Fatalf("the claim %s holds %q", key, value)
		}
		if appErr := w.chat.API().KVSet(key, []byte(fmt.Sprint(at-by.Milliseconds()))); appErr != nil {
			w.Fatal(appErr)
		}
	}
}

// However a node dies, what is asked for again under the same key is there once.
func TestAPostIsMadeOnceWhereverItsMakerDies(t *testing.T) {
	w := newProbe(t, goodSettings())
	round, made := 0, func(step server.Step) bool {
		return step.Name == "CreatePost" || (strings.HasPrefix(step.Key, "mm_host_") && step.Key != "mm_host_seal_key")
	}
	asks := func() string { return w.probes(fmt.Sprint("once key-", round)) }
	w.run("f13_death_at_any_step", func(w *world) {
		ask := func() {
			round++
			if _, err := w.host.Type(typedBy(w.ann, w.town, fmt.Sprint("/probe once key-", round))); err != nil {
				t.Log("the command of a dead plugin:", err)
			}
		}
		steps := w.killAtEveryStep(made, ask, func(at server.Step, moment server.Moment) {
			w.revive()
			what := fmt.Sprintf("killed %s %s %s", moment, at.Name, at.Key)
			before := len(w.probesPosts())
			stood := before == round
			answer := asks()
			if posts := w.probesPosts(); stood && (len(posts) != before || w.id(answer) != posts[len(posts)-1].Id) {
				t.Errorf("%s: the post stood; asked for again there are %d, and the answer is %s", what, len(posts), answer)
			}
			// Without a post a second one who asks cannot know whether the first one still is at it, but soon will.
			if strings.Contains(answer, "Unavailable") {
				w.ageClaims(61 * time.Second)
				answer = asks()
			}
			posts := w.probesPosts()
			if len(posts) != round || w.id(answer) != posts[len(posts)-1].Id {
				t.Fatalf("%s: %d posts of %d, and the answer is %s", what, len(posts), round, answer)
			}
			// By now or later.
			if again := asks(); again != answer || len(w.probesPosts()) != round {
				t.Errorf("%s: asked for once more there are %d posts of %d, and the answer is %s", what, len(w.probesPosts()), round, again)
			}
			w.revive()
		})
		if len(steps) != 3 {
			t.Errorf("a post takes the steps %v, want a claim, the post and a note", steps)
		}
	})
	w.run("f13_others_posts_are_not_taken_for_it", func(w *world) {
		round++
		first := w.id(asks())
		post := w.probesPosts()[len(w.probesPosts())-1]
		copied := w.chat.Post(w.town.Id, w.ann.Id, "", post.Message)
		// All that its author can choose.
		w.chat.ChangePost(copied.Id, func(copied *model.Post) { copied.Type = post.Type; copied.SetProps(post.GetProps()) })
		if again := w.id(asks()); again != first {
			t.Errorf("asked for again it is %s, want %s", again, first)
		}
		w.chat.Delete(first)
		if again := w.id(asks()); again != first {
			t.Errorf("deleted and asked for again it is %s, want %s", again, first)
		}
	})
	w.run("f13_on_another_node", func(w *world) {
		other := w.anotherNode()
		round++
		first := w.id(asks())
		if again := other.id(other.probes(fmt.Sprint("once key-", round))); again != first {
			t.Errorf("on another node it is %s, want %s", again, first)
		}
	})
}

// The plugin changes and deletes what it has made, and nothing else.
func TestPostsOfOthersStayAsTheyAre(t *testing.T) {
	w := newProbe(t, goodSettings())
	mine := func() *model.Post {
		id := w.id(w.probes("button"))
		posts := w.chat.Posts(w.town.Id)
		return posts[slices.IndexFunc(posts, func(post *model.Post) bool { return post.Id == id })]
	}
	copyOf := func(original *model.Post, change func(*model.Post)) *model.Post {
		// Nobody copies a post within the millisecond that it was made in.
		w.eventually("time passes", func() bool { return model.GetMillis() > original.CreateAt })
		copied := w.chat.Post(w.town.Id, w.ann.Id, "", original.Message)
		w.chat.ChangePost(copied.Id, func(copied *model.Post) {
			copied.Type = original.Type
			copied.SetProps(original.GetProps())
			change(copied)
		})
		return copied
	}
	same := func(*model.Post) {}
	plain := copyOf(&model.Post{Message: "mine"}, same)
	for name, others := range map[string]*model.Post{
		"f10_a_message":                plain,
		"f10_another_plugins_post":     copyOf(&model.Post{Message: "theirs", Type: "custom_other", Props: model.StringInterface{"from_plugin": "true"}}, same),
		"f10_a_copy_of_a_card":         copyOf(mine(), same),
		"f10_a_predecessors_lookalike": copyOf(&model.Post{Message: "no mark of the server's", Type: "custom_zoom"}, same),
	} {
		w.run(name, func(w *world) {
			for _, word := range []string{"update", "delete"} {
				if got := w.probes(word + " " + others.Id); got != "Err(Error::Forbidden)" {
					w.Errorf("%s: %s", word, got)
				}
			}
			for _, post := range w.chat.Posts(w.town.Id) {
				if post.Id == others.Id && post.Message != others.Message {
					w.Errorf("the post says %q", post.Message)
				}
			}
			if !slices.ContainsFunc(w.chat.Posts(w.town.Id), func(post *model.Post) bool { return post.Id == others.Id }) {
				w.Error("the post is gone")
			}
		})
	}
	w.run("f10_what_the_plugin_made_is_its_own", func(w *world) {
		card := mine()
		for range 2 {
			if got := w.probes("update " + card.Id); got != "Ok(())" {
				w.Errorf("update: %s", got)
			}
		}
		// Whoever has the post in their name can take all props away, and cannot disown the plugin.
		w.chat.ChangePost(card.Id, func(post *model.Post) { post.SetProps(nil) })
		if got := w.probes("update " + card.Id); got != "Ok(())" {
			w.Errorf("update after its props were taken away: %s", got)
		}
		for _, word := range []string{"delete", "delete"} {
			if got := w.probes(word + " " + card.Id); got != "Ok(())" {
				w.Errorf("%s: %s", word, got)
			}
		}
		if got := w.probes("update " + card.Id); got != "Err(Error::NotFound)" {
			w.Errorf("update of a deleted post: %s", got)
		}
	})
}

// A private post that is changed stays where it is. The server fills in the time of a new one alone.
func TestAPrivatePostThatIsChangedStaysInItsPlace(t *testing.T) {
	w := newProbe(t, goodSettings())
	w.probes("private")
	shown := w.chat.Ephemerals(w.ann.Id)[0]
	w.run("f69_a_changed_private_post_keeps_its_time", func(w *world) {
		w.eventually("time passes", func() bool { return model.GetMillis() > shown.CreateAt+1 })
		w.probes("private-update " + shown.Id)
		changed := w.chat.Ephemerals(w.ann.Id)[0]
		if changed.Id != shown.Id || shown.CreateAt == 0 || changed.CreateAt != shown.CreateAt {
			w.Errorf("post %s of %d became %s of %d", shown.Id, shown.CreateAt, changed.Id, changed.CreateAt)
		}
	})
	w.run("f69_one_that_tells_no_time_is_of_now", func(w *world) {
		before := model.GetMillis()
		strange := w.chat.API().SendEphemeralPost(w.ann.Id, &model.Post{ChannelId: w.town.Id, Message: "shown by an earlier version"})
		w.probes("private-update " + strange.Id)
		shown := w.chat.Ephemerals(w.ann.Id)
		changed := shown[slices.IndexFunc(shown, func(post *model.Post) bool { return post.Id == strange.Id })]
		if changed.Message == strange.Message || changed.CreateAt < before || changed.CreateAt > model.GetMillis() {
			w.Errorf("the post is %q of %d", changed.Message, changed.CreateAt)
		}
	})
}

// Nothing of a busy channel is read but what a start asks about.
func TestAChannelFullOfLargePostsCostsNoMemory(t *testing.T) {
	const posts, limit = 300, 24_000_000
	for name, kind := range map[string]string{"f46_messages": "", "f46_cards_of_other_plugins": "custom_other"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.types("/zoom help")
			before := resident(t, w.host)
			for n := range posts {
				post := w.chat.Post(w.town.Id, w.ann.Id, "", strings.Repeat("m", 65_000))
				w.chat.ChangePost(post.Id, func(post *model.Post) {
					post.Type = kind
					post.AddProp("text", strings.Repeat("p", 400_000))
					post.AddProp("parts", slices.Repeat([]any{float64(n)}, 500))
				})
			}
			if reply := w.types("/zoom start"); reply.Text() != "" || len(w.cards(w.town)) != 1 {
				t.Errorf("%d cards, and the user is told %q", len(w.cards(w.town)), reply.Text())
			}
			peak, err := server.PeakMemory(w.host.Pid())
			w.check(err)
			after := resident(t, w.host)
			if peak-before > limit {
				t.Errorf("%s resident before, %s at most, %s after: more than %s too much", mb(before), mb(peak), mb(after), mb(limit))
			}
			measured.note(fmt.Sprintf("RSS around a start among %d large posts, %s", posts, strings.TrimPrefix(name, "f46_")),
				fmt.Sprintf("%s, %s at most, then %s", mb(before), mb(peak), mb(after)))
		})
	}
}
