// A plugin that does nothing, built on the same server/public: what any Go plugin costs. The tests measure it beside ours.
package main

import (
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

type nothing struct {
	plugin.MattermostPlugin
}

func (n *nothing) OnActivate() error {
	return n.API.RegisterCommand(&model.Command{Trigger: "nothing", AutoComplete: true, AutoCompleteDesc: "Does nothing."})
}

func (n *nothing) ExecuteCommand(*plugin.Context, *model.CommandArgs) (*model.CommandResponse, *model.AppError) {
	return &model.CommandResponse{}, nil
}

func (n *nothing) ServeHTTP(_ *plugin.Context, w http.ResponseWriter, r *http.Request) {
	http.NotFound(w, r)
}

func main() {
	plugin.ClientMain(&nothing{})
}
