//! The component: the only file that knows the contract's bindings. A hook becomes a flow, the flow's effects become calls of the
//! imports, the flow's value becomes the hook's answer.

#[expect(unsafe_code, reason = "the exports of a component are generated with it")]
mod bindings {
    wit_bindgen::generate!({ world: "plugin", path: "wit" });
    export!(Component with_types_in self);
    use super::Component;
}

mod convert;

use crate::flow::{Effect, Flow, InChannel, Io, KvList, KvSet, Moment, Outcome, Step};
use crate::{hooks, model};
use bindings::chat_plugin::api::{directory, files, frontend, host, http_client, key_value, log, posts};
use bindings::exports::chat_plugin::api::hooks as exported;
use convert::*;

/// The exports.
struct Component;

impl exported::Guest for Component {
    fn describe() -> exported::Registration {
        registration(drive(hooks::help::describe))
    }

    fn configure() -> Result<(), Vec<exported::SettingProblem>> {
        drive(hooks::configure).map_err(|problems| problems.into_iter().map(setting_problem).collect())
    }

    fn execute_command(command: exported::Command) -> exported::CommandResponse {
        let command = model::Command {
            id: command.id,
            user_id: command.user_id,
            channel_id: command.channel_id,
            root_id: command.root_id,
            trigger_id: command.trigger_id,
            arguments: command.arguments,
        };
        command_response(drive(|io| hooks::command::execute(io, command)))
    }

    fn handle_action(action: exported::Action) -> exported::CommandResponse {
        let action = model::Action {
            id: action.id,
            user_id: action.user_id,
            channel_id: action.channel_id,
            post_id: action.post_id,
            button_id: action.button_id,
            context: action.context,
        };
        command_response(drive(|io| hooks::action::handle(io, action)))
    }

    fn submit_dialog(submission: exported::Submission) -> Result<(), Vec<(String, String)>> {
        let submission = model::Submission {
            user_id: submission.user_id,
            channel_id: submission.channel_id,
            dialog_id: submission.dialog_id,
            state: submission.state,
            values: submission.values,
            cancelled: submission.cancelled,
        };
        drive(|io| hooks::dialog::submit(io, submission))
    }

    fn serve_http(request: exported::Request) -> http_client::Response {
        let request = model::Request {
            method: method_in(request.method),
            path: request.path,
            query: request.query,
            headers: request.headers,
            body: request.body,
            user_id: request.user_id,
        };
        let response = drive(|io| hooks::http::serve(io, request));
        http_client::Response { status: response.status, headers: response.headers, body: response.body }
    }

    fn handle_event(_event: exported::Event) {
        // None was asked for.
    }

    fn run_due() -> Option<u32> {
        drive(hooks::due::run)
    }
}

/// Runs a flow to its end: each question is answered by an import before the next step.
#[expect(
    clippy::panic,
    reason = "this driver answers each effect once: anything else is a bug, and a trap is its answer"
)]
fn drive<T, F: Future<Output = T> + 'static>(run: impl FnOnce(Io) -> F) -> T {
    let (mut flow, mut step) = Flow::start(moment(), run);
    let mut open = std::collections::VecDeque::new();
    loop {
        match step {
            Step::Done(value) => return value,
            Step::Ask(effects) => open.extend(effects),
        }
        let Some((id, effect)) = open.pop_front() else { panic!("a flow waits for nothing") };
        let outcome = perform(effect);
        step = match flow.resume(now_ms(), id, outcome) {
            Ok(step) => step,
            Err(misuse) => panic!("{misuse}"),
        };
    }
}

fn moment() -> Moment {
    let mut entropy = [0; 32];
    for (byte, random) in entropy.iter_mut().zip(wasi::random::random::get_random_bytes(32)) {
        *byte = random;
    }
    Moment { now_ms: now_ms(), entropy }
}

fn now_ms() -> u64 {
    let now = wasi::clocks::wall_clock::now();
    now.seconds * 1000 + u64::from(now.nanoseconds / 1_000_000)
}

fn perform(effect: Effect) -> Outcome {
    match effect {
        Effect::About => Outcome::Server(server(host::about())),
        Effect::Settings => Outcome::Settings(host::settings()),
        Effect::Findings(locale) => {
            Outcome::Findings(host::findings(&locale).into_iter().map(finding).collect())
        }
        Effect::Wake => {
            host::wake();
            Outcome::Done
        }
        Effect::Pause(ms) => {
            host::pause(ms);
            Outcome::Done
        }
        Effect::Log(line) => {
            log::write(level(line.level), &line.message, &line.fields);
            Outcome::Done
        }
        Effect::Http(request) => Outcome::Http(send(request)),
        Effect::KvGet(key) => Outcome::Value(key_value::get(&key).map_err(kv_error)),
        Effect::KvSet(set) => Outcome::Write(kv_set(set)),
        Effect::KvDelete(key, holds) => {
            Outcome::Write(key_value::delete(&key, &condition(holds)).map(write).map_err(kv_error))
        }
        Effect::KvList(KvList { prefix, after, limit }) => {
            Outcome::Keys(key_value::list(&prefix, after.as_deref(), limit).map_err(kv_error))
        }
        Effect::FindUser(id) => Outcome::User(directory::find_user(&id).map(user).map_err(directory_error)),
        Effect::FindChannel(id) => {
            Outcome::Channel(directory::find_channel(&id).map(channel).map_err(directory_error))
        }
        Effect::IsMember(InChannel { user_id, channel_id }) => {
            Outcome::Answer(directory::is_member(&channel_id, &user_id).map_err(directory_error))
        }
        Effect::May(InChannel { user_id, channel_id }, wanted) => Outcome::Answer(
            directory::may(&user_id, permission(wanted), Some(&channel_id)).map_err(directory_error),
        ),
        Effect::DirectChannel(user_id) => {
            Outcome::Id(directory::direct_channel(&user_id).map_err(directory_error))
        }
        Effect::Preference(user_id, name) => {
            Outcome::Preference(directory::preference(&user_id, &name).map_err(directory_error))
        }
        Effect::CreatePost(draft) => Outcome::Id(posts::create(&draft_out(draft)).map_err(post_error)),
        Effect::UpdatePost(id, patch) => {
            let patch = posts::Patch { message: patch.message, card: Some(card_out(patch.card)) };
            Outcome::Updated(posts::update(&id, &patch).map_err(post_error))
        }
        Effect::GetPost(id) => Outcome::Post(posts::get(&id).map(post).map_err(post_error)),
        Effect::RecentPosts(channel_id, since_ms) => Outcome::Posts(
            posts::recent(&channel_id, since_ms)
                .map(|posts| posts.into_iter().map(post).collect())
                .map_err(post_error),
        ),
        Effect::SendPrivate(user_id, draft, how) => {
            Outcome::Id(posts::send_private(&user_id, &draft_out(draft), privacy(how)).map_err(post_error))
        }
        Effect::UpdatePrivate(user_id, id, draft) => {
            Outcome::Updated(posts::update_private(&user_id, &id, &draft_out(draft)).map_err(post_error))
        }
        Effect::StoreResponse(file) => {
            let request = request_out(file.request);
            let stored = files::store_response(&request, &file.channel_id, &file.name, file.max_bytes);
            Outcome::File(stored.map_err(file_error))
        }
        Effect::OpenDialog(trigger_id, dialog) => {
            Outcome::Updated(frontend::open_dialog(&trigger_id, &dialog_out(dialog)).map_err(frontend_error))
        }
    }
}

fn send(request: model::HttpRequest) -> Result<model::HttpResponse, model::HttpError> {
    let request = request_out(request);
    match http_client::send(&request) {
        Ok(response) => Ok(model::HttpResponse {
            status: response.status,
            headers: response.headers,
            body: response.body,
        }),
        Err(error) => Err(match error {
            http_client::Error::Denied => model::HttpError::Denied,
            http_client::Error::TimedOut => model::HttpError::TimedOut,
            http_client::Error::Unreachable(why) => model::HttpError::Unreachable(why),
            http_client::Error::TooLarge(limit) => model::HttpError::TooLarge(limit),
            http_client::Error::Other(why) => model::HttpError::Other(why),
        }),
    }
}

fn kv_set(set: KvSet) -> Result<model::Write, model::HostError> {
    key_value::set(&set.key, &set.value, set.expires_in_s, &condition(set.condition))
        .map(write)
        .map_err(kv_error)
}
