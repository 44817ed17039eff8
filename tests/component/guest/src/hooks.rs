//! The hooks. Each shows that its arguments arrive and its answer comes back.

use crate::Probe;
use crate::behaviour::run;
use crate::bindings::chat_plugin::api::http_client::Response;
use crate::bindings::chat_plugin::api::{frontend, host, key_value};
use crate::bindings::exports::chat_plugin::api::hooks::{
    Action, Argument, Command, CommandResponse, Event, Guest, Registration, Request, SettingProblem,
    Subcommand, Submission,
};
use crate::shown::dialog;

impl Guest for Probe {
    fn describe() -> Registration {
        Registration {
            trigger: "probe".into(),
            description: format!("Behaves as it is told, in {}.", host::about().locale),
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

    /// The button `ask` opens the form; any other is answered with what it said, and an address.
    fn handle_action(action: Action) -> CommandResponse {
        if action.button_id == "ask" {
            let opened = frontend::open_dialog(&action.trigger_id, &dialog());
            return CommandResponse {
                message: opened.err().map(|error| format!("{error:?}")),
                open_url: None,
            };
        }
        let message = format!("{} says {}", action.button_id, action.context);
        CommandResponse { message: Some(message), open_url: Some("https://example.com/".into()) }
    }

    /// Refuses fields that are empty. Keeps what was sent under `submission`.
    fn submit_dialog(submission: Submission) -> Result<(), Vec<(String, String)>> {
        let Submission { dialog_id, state, values, cancelled, .. } = submission;
        let empty = values.iter().filter(|(_, value)| value.is_empty());
        let errors: Vec<_> = empty.map(|(name, _)| (name.clone(), "Fill this in.".to_owned())).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let kept = format!("{dialog_id} {state} {cancelled} {}", values.join(" "));
        let _ = key_value::set("submission", kept.as_bytes(), None, &key_value::Condition::Always);
        Ok(())
    }

    /// `/oauth2/page` and `/oauth2/moved` answer as a sign-in does; all else with what arrived.
    fn serve_http(request: Request) -> Response {
        if let Some(response) = page(&request) {
            return response;
        }
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

/// A page for people, and the way to another.
fn page(request: &Request) -> Option<Response> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match request.path.as_str() {
        "/oauth2/page" => Some(Response {
            status: 200,
            headers: vec![
                header("content-type", "text/html; charset=utf-8"),
                header("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
                header("cache-control", "no-store"),
                header("referrer-policy", "no-referrer"),
            ],
            body: format!("<!doctype html><p>{:?} {}</p>", request.user_id, request.query).into_bytes(),
        }),
        "/oauth2/moved" => Some(Response {
            status: 302,
            headers: vec![
                header("location", "https://zoom.us/oauth/authorize?response_type=code&state=a%2Bb"),
                header("cache-control", "no-store"),
            ],
            body: Vec::new(),
        }),
        _ => None,
    }
}
