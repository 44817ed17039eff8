package mattermost

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Whoever reaches the plugin's URL can be refused as often as they like, and the administrator reads of it once a minute.
func TestWhatIsRefusedAgainAndAgainIsWrittenOnce(t *testing.T) {
	const times = 1000
	for name, c := range map[string]struct {
		call   call
		status int
	}{
		"f07_gets_of_the_webhook":        {call{method: "GET", path: "/webhook"}, http.StatusMethodNotAllowed},
		"f07_posts_without_the_secret":   {call{path: "/webhook", body: "{}"}, http.StatusUnauthorized},
		"f07_posts_of_what_is_no_event":  {call{path: "/webhook?secret=" + urlSecret, body: "{}"}, http.StatusUnauthorized},
		"f07_addresses_that_are_nowhere": {call{method: "GET", path: "/nowhere"}, http.StatusNotFound},
		"f07_methods_that_nobody_knows":  {call{method: "BREW", path: "/webhook"}, http.StatusMethodNotAllowed},
		"f07_presses_of_nobody":          {call{path: "/action", body: "{}"}, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for range times {
				if got := w.calls(c.call); got.status != c.status {
					t.Fatalf("status %d %s, want %d", got.status, got.body, c.status)
				}
			}
			// Its end writes the counts that are still open.
			w.stop()
			// One and its count; a machine on which this takes minutes writes one more for each.
			if told, lines := w.warned(""); told != times || lines < 2 || lines > 10 {
				t.Errorf("%d lines tell of %d refusals, want of %d in very few lines:\n%v", lines, told, times, w.chat.Logs().Lines("warn"))
			}
		})
	}
}

// Of how many things the warnings with these words tell, and in how many lines.
func (w *world) warned(words string) (told, lines int) {
	w.Helper()
	for _, line := range w.chat.Logs().Lines("warn") {
		if !strings.Contains(line.String(), words) {
			continue
		}
		lines++
		times := 1
		if again := more.FindStringSubmatch(line.Message); again != nil && again[1] != "once" {
			var err error
			times, err = strconv.Atoi(again[1])
			w.check(err)
		}
		told += times
	}
	return told, lines
}

var more = regexp.MustCompile(`\((once|\d+)(?: times)? more in the last minute\)`)
