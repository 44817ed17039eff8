package mattermost

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestADialogOpensFromAButtonAndFromACommand(t *testing.T) {
	w := newProbe(t, goodSettings())
	w.probes("button")
	card := w.chat.Posts(w.town.Id)[0]
	if text := w.presses(w.ann, card, "ask"); text != "" {
		t.Errorf("the user is told %q", text)
	}
	w.probes("dialog")
	w.presses(w.ann, w.types("/probe private").Posts[0], "ask")
	dialogs := w.chat.Dialogs()
	if len(dialogs) != 3 {
		t.Fatalf("%d dialogs were opened, want 3", len(dialogs))
	}
	if warned := w.chat.Logs().Take("warn", "dialog is invalid"); len(warned) != 0 {
		t.Errorf("the server does not like the form: %v", warned)
	}
	for _, dialog := range dialogs {
		w.checkForm(dialog.Dialog)
		values := map[string]any{"topic": "", "notes": nil, "number": 8, "sure": false, "colour": "red", "shade": "green"}
		refused, err := w.host.Submit(w.ann, w.town, dialog, values, false)
		w.check(err)
		if refused.Error != "" || refused.Errors["topic"] != "Fill this in." {
			t.Errorf("an empty field is answered with %+v", refused)
		}
		values["topic"], values["notes"] = "Tea & <b>", "two\nlines"
		accepted, err := w.host.Submit(w.ann, w.town, dialog, values, false)
		w.check(err)
		if accepted.Error != "" || len(accepted.Errors) != 0 {
			t.Errorf("a good form is answered with %+v", accepted)
		}
		want := "ask kept false colour=red notes=two\nlines number=8 shade=green sure=false topic=Tea & <b>"
		if got := w.probes("kv get submission"); !sameWords(got, want) {
			t.Errorf("the plugin received %q, want %q", got, want)
		}
		_, err = w.host.Submit(w.ann, w.town, dialog, nil, true)
		w.check(err)
		if got := w.probes("kv get submission"); got != "ask kept true " && got != "ask kept true" {
			t.Errorf("of a closed form the plugin received %q", got)
		}
	}
}

// Values arrive in no promised order.
func sameWords(one, other string) bool {
	count := func(text string) map[string]int {
		words := map[string]int{}
		for word := range strings.FieldsSeq(text) {
			words[word]++
		}
		return words
	}
	return reflect.DeepEqual(count(one), count(other))
}

func (w *world) checkForm(form model.Dialog) {
	w.Helper()
	if form.CallbackId != "ask" || form.Title != "A question" || form.IntroductionText != "With an *introduction*." || form.SubmitLabel != "Send" || !form.NotifyOnCancel {
		w.Errorf("the form is %+v", form)
	}
	var fields []string
	for _, element := range form.Elements {
		fields = append(fields, fmt.Sprint(element.Name, " ", element.Type, " ", element.SubType, " ", element.Default, " ", element.Optional, " ", len(element.Options)))
	}
	want := []string{
		"topic text text  false 0", "notes textarea  some true 0", "number text number 7 true 0", "sure bool  true true 0",
		"colour radio  green true 2", "shade select  red true 2",
	}
	if !reflect.DeepEqual(fields, want) {
		w.Errorf("the fields are %q, want %q", fields, want)
	}
}

// Somebody else cannot send a form in another's name, nor from another place.
func TestAFormIsItsUsersAndItsChannels(t *testing.T) {
	w := newProbe(t, goodSettings())
	bob := w.person("bob")
	other := w.chat.AddChannel(model.ChannelTypeOpen, w.team, "other", w.ann, bob)
	w.probes("dialog")
	dialog := w.chat.Dialogs()[0]
	forged := dialog
	forged.Dialog.CallbackId = "other"
	for name, send := range map[string]func() (model.SubmitDialogResponse, error){
		"another user": func() (model.SubmitDialogResponse, error) {
			return w.host.Submit(bob, w.town, dialog, map[string]any{"topic": "x"}, false)
		},
		"another channel": func() (model.SubmitDialogResponse, error) {
			return w.host.Submit(w.ann, other, dialog, map[string]any{"topic": "x"}, false)
		},
		"another form": func() (model.SubmitDialogResponse, error) {
			return w.host.Submit(w.ann, w.town, forged, map[string]any{"topic": "x"}, false)
		},
	} {
		response, err := send()
		w.check(err)
		if !strings.Contains(response.Error, "nothing was saved") {
			t.Errorf("%s: %+v", name, response)
		}
	}
	// Once: what is refused again for the same reason is counted.
	w.expectLog("warn", "A form was refused")
	if got := w.probes("kv get submission"); got != "Ok(None)" {
		t.Errorf("the plugin received %q", got)
	}
}
