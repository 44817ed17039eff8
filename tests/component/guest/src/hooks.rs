//! The hooks. Each shows that its arguments arrive and its answer comes back.

use crate::Probe;
use crate::behaviour::run;
use crate::bindings::chat_plugin::api::http_client::Response;
use crate::bindings::chat_plugin::api::{host, key_value};
use crate::bindings::exports::chat_plugin::api::hooks::{
    Action, Argument, Command, CommandResponse, Event, Guest, Registration, Request, SettingProblem,
    Subcommand, Submission,
};

impl Guest for Probe {
    fn describe() -> Registration {
        Registration {
            trigger: "probe".into(),
            description: "Behaves as it is told.".into(),
            hint: "[behaviour]".into(),
            subcommands: vec![Subcommand {
                path: "fetch".into(),
                help: "Fetches a URL.".into(),
                arguments: vec![Argument {
                    name: "url".into(),
                    hint: "[url]".into(),
                    help: "What to fetch.".into(),
                    required: true,
                }],
                admin_only: false,
            }],
            bot_username: "probe".into(),
            bot_display_name: "Probe".into(),
            bot_description: "Behaves as it is told.".into(),
            events: vec!["post-deleted".into()],
        }
    }

    /// Content with all settings but those that contain the word `broken`.
    fn configure() -> Result<(), Vec<SettingProblem>> {
        if host::settings().contains("broken") {
            return Err(vec![SettingProblem { key: "Word".into(), message: "Repair the word.".into() }]);
        }
        Ok(())
    }

    fn execute_command(command: Command) -> CommandResponse {
        CommandResponse { message: Some(run(&command)), open_url: None }
    }

    fn handle_action(action: Action) -> CommandResponse {
        let message = format!("{} says {}", action.button_id, action.context);
        CommandResponse { message: Some(message), open_url: Some("https://example.com/".into()) }
    }

    /// Refuses fields that are empty.
    fn submit_dialog(submission: Submission) -> Result<(), Vec<(String, String)>> {
        let empty = submission.values.into_iter().filter(|(_, value)| value.is_empty());
        let errors: Vec<_> = empty.map(|(name, _)| (name, "Fill this in.".to_owned())).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Answers with what arrived.
    fn serve_http(request: Request) -> Response {
        let text = format!(
            "{:?} {} {} {:?} {:?} {}",
            request.method,
            request.path,
            request.query,
            request.headers,
            request.user_id,
            request.body.len()
        );
        Response { status: 202, headers: vec![("x-probe".into(), "1".into())], body: text.into_bytes() }
    }

    /// Keeps the event's payload under its name.
    fn handle_event(event: Event) {
        let _ = key_value::set(&event.name, event.payload.as_bytes(), None, &key_value::Condition::Always);
    }

    /// Counts its calls under the key `due`, and wishes to be called again after as many seconds as `wish` holds.
    fn run_due() -> Option<u32> {
        let number =
            |key: &str| -> Option<u32> { String::from_utf8(key_value::get(key).ok()??).ok()?.parse().ok() };
        let count = number("due").unwrap_or_default() + 1;
        let _ = key_value::set("due", count.to_string().as_bytes(), None, &key_value::Condition::Always);
        number("wish")
    }
}
