//! The component: the only file that knows the contract's bindings. A hook becomes a flow, the flow's effects become calls of the
//! imports, the flow's value becomes the hook's answer.

#[expect(unsafe_code, reason = "the exports of a component are generated with it")]
mod bindings {
    wit_bindgen::generate!({ world: "plugin", path: "wit" });
    export!(Component with_types_in self);
    use super::Component;
}

use crate::flow::{Effect, Flow, InChannel, Io, KvSet, Moment, Outcome, Step};
use crate::{hooks, model};
use bindings::chat_plugin::api::{directory, host, http_client, key_value, log, posts};
use bindings::exports::chat_plugin::api::hooks as exported;

/// The exports.
struct Component;

impl exported::Guest for Component {
    fn describe() -> exported::Registration {
        registration(hooks::describe())
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
            arguments: command.arguments,
        };
        command_response(drive(|io| hooks::command::execute(io, command)))
    }

    fn handle_action(_action: exported::Action) -> exported::CommandResponse {
        command_response(hooks::handle_action())
    }

    fn submit_dialog(_submission: exported::Submission) -> Result<(), Vec<(String, String)>> {
        // No dialog of ours exists, so none can be wrong.
        Ok(())
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
        step = match flow.resume(id, perform(effect)) {
            Ok(step) => step,
            Err(misuse) => panic!("{misuse}"),
        };
    }
}

fn moment() -> Moment {
    let now = wasi::clocks::wall_clock::now();
    let mut entropy = [0; 32];
    for (byte, random) in entropy.iter_mut().zip(wasi::random::random::get_random_bytes(32)) {
        *byte = random;
    }
    Moment { now_ms: now.seconds * 1000 + u64::from(now.nanoseconds / 1_000_000), entropy }
}

fn perform(effect: Effect) -> Outcome {
    match effect {
        Effect::About => Outcome::Server(server(host::about())),
        Effect::Settings => Outcome::Settings(host::settings()),
        Effect::Wake => {
            host::wake();
            Outcome::Done
        }
        Effect::Log(line) => {
            log::write(level(line.level), &line.message, &line.fields);
            Outcome::Done
        }
        Effect::Http(request) => Outcome::Http(send(request)),
        Effect::KvGet(key) => Outcome::Value(key_value::get(&key).map_err(kv_error)),
        Effect::KvSet(set) => Outcome::Write(kv_set(&set)),
        Effect::KvDelete(key) => Outcome::Write(
            key_value::delete(&key, &key_value::Condition::Always).map(write).map_err(kv_error),
        ),
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
        Effect::CreatePost(draft) => Outcome::PostId(posts::create(&draft_out(draft)).map_err(post_error)),
        Effect::UpdatePost(id, patch) => {
            let patch = posts::Patch { message: patch.message, card: Some(card_out(patch.card)) };
            Outcome::Updated(posts::update(&id, &patch).map_err(post_error))
        }
        Effect::GetPost(id) => Outcome::Post(posts::get(&id).map(post).map_err(post_error)),
    }
}

fn send(request: model::HttpRequest) -> Result<model::HttpResponse, model::HttpError> {
    let request = http_client::Request {
        method: method_out(request.method),
        url: request.url,
        headers: request.headers,
        body: request.body,
        timeout_ms: request.timeout_ms,
    };
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

fn kv_set(set: &KvSet) -> Result<model::Write, model::HostError> {
    let condition = match &set.condition {
        model::Condition::Always => key_value::Condition::Always,
        model::Condition::Absent => key_value::Condition::Absent,
        model::Condition::Equals(bytes) => key_value::Condition::Equals(bytes.clone()),
    };
    key_value::set(&set.key, &set.value, set.expires_in_s, &condition).map(write).map_err(kv_error)
}

fn write(outcome: key_value::Outcome) -> model::Write {
    match outcome {
        key_value::Outcome::Stored => model::Write::Stored,
        key_value::Outcome::Conflict => model::Write::Conflict,
    }
}

fn kv_error(error: key_value::Error) -> model::HostError {
    match error {
        key_value::Error::InvalidKey => model::HostError::Invalid("the key is empty or too long".to_owned()),
        key_value::Error::Unavailable(why) => model::HostError::Unavailable(why),
        key_value::Error::Other(why) => model::HostError::Other(why),
    }
}

fn directory_error(error: directory::Error) -> model::HostError {
    match error {
        directory::Error::NotFound => model::HostError::NotFound,
        directory::Error::Unavailable(why) => model::HostError::Unavailable(why),
        directory::Error::Other(why) => model::HostError::Other(why),
    }
}

fn post_error(error: posts::Error) -> model::HostError {
    match error {
        posts::Error::NotFound => model::HostError::NotFound,
        posts::Error::Forbidden => model::HostError::Forbidden,
        posts::Error::Invalid(why) => model::HostError::Invalid(why),
        posts::Error::Unsupported => model::HostError::Unsupported,
        posts::Error::Unavailable(why) => model::HostError::Unavailable(why),
        posts::Error::Other(why) => model::HostError::Other(why),
    }
}

fn server(server: host::Server) -> model::Server {
    model::Server { name: server.name, plugin_url: server.plugin_url, command_prefix: server.command_prefix }
}

fn user(user: directory::User) -> model::User {
    model::User {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        email: user.email,
        is_admin: user.is_admin,
        is_bot: user.is_bot,
        is_remote: user.is_remote,
        is_deactivated: user.is_deactivated,
    }
}

fn channel(channel: directory::Channel) -> model::Channel {
    let kind = match channel.kind {
        directory::ChannelKind::Public => model::ChannelKind::Public,
        directory::ChannelKind::Private => model::ChannelKind::Private,
        directory::ChannelKind::Direct => model::ChannelKind::Direct,
        directory::ChannelKind::Group => model::ChannelKind::Group,
    };
    model::Channel { id: channel.id, kind, archived: channel.archived }
}

fn post(post: posts::Post) -> model::Post {
    model::Post {
        id: post.id,
        channel_id: post.channel_id,
        root_id: post.root_id,
        user_id: post.user_id,
        kind: post.kind,
        data: post.data,
        by_plugin: post.by_plugin,
        deleted: post.deleted,
    }
}

fn draft_out(draft: model::Draft) -> posts::Draft {
    posts::Draft {
        channel_id: draft.channel_id,
        root_id: draft.root_id,
        author: posts::Author::User(draft.author_id),
        message: draft.message,
        card: Some(card_out(draft.card)),
        file_ids: Vec::new(),
        idempotency_key: Some(draft.idempotency_key),
    }
}

fn card_out(card: model::Card) -> posts::Card {
    posts::Card {
        kind: card.kind,
        title: card.title,
        text: card.text,
        fallback: card.fallback,
        links: card.links.into_iter().map(|link| posts::Link { label: link.label, url: link.url }).collect(),
        buttons: Vec::new(),
        data: card.data,
    }
}

fn permission(permission: model::Permission) -> directory::Permission {
    match permission {
        model::Permission::CreatePost => directory::Permission::CreatePost,
        model::Permission::ManageChannel => directory::Permission::ManageChannel,
        model::Permission::Administer => directory::Permission::Administer,
    }
}

fn level(level: model::Level) -> log::Level {
    match level {
        model::Level::Debug => log::Level::Debug,
        model::Level::Info => log::Level::Info,
        model::Level::Warn => log::Level::Warn,
        model::Level::Error => log::Level::Error,
    }
}

fn method_in(method: http_client::Method) -> model::Method {
    match method {
        http_client::Method::Get => model::Method::Get,
        http_client::Method::Head => model::Method::Head,
        http_client::Method::Options => model::Method::Options,
        http_client::Method::Post => model::Method::Post,
        http_client::Method::Put => model::Method::Put,
        http_client::Method::Patch => model::Method::Patch,
        http_client::Method::Delete => model::Method::Delete,
    }
}

fn method_out(method: model::Method) -> http_client::Method {
    match method {
        model::Method::Get => http_client::Method::Get,
        model::Method::Head => http_client::Method::Head,
        model::Method::Options => http_client::Method::Options,
        model::Method::Post => http_client::Method::Post,
        model::Method::Put => http_client::Method::Put,
        model::Method::Patch => http_client::Method::Patch,
        model::Method::Delete => http_client::Method::Delete,
    }
}

fn command_response(response: model::CommandResponse) -> exported::CommandResponse {
    exported::CommandResponse { message: response.message, open_url: response.open_url }
}

fn setting_problem(problem: model::SettingProblem) -> exported::SettingProblem {
    exported::SettingProblem { key: problem.key.to_owned(), message: problem.message }
}

fn registration(registration: model::Registration) -> exported::Registration {
    exported::Registration {
        trigger: registration.trigger.to_owned(),
        description: registration.description.to_owned(),
        hint: registration.hint.to_owned(),
        subcommands: registration.subcommands.into_iter().map(subcommand).collect(),
        bot_username: registration.bot_username.to_owned(),
        bot_display_name: registration.bot_display_name.to_owned(),
        bot_description: registration.bot_description.to_owned(),
        events: Vec::new(),
    }
}

fn subcommand(subcommand: model::Subcommand) -> exported::Subcommand {
    let argument = |argument: model::Argument| exported::Argument {
        name: argument.name.to_owned(),
        hint: argument.hint.to_owned(),
        help: argument.help.to_owned(),
        required: argument.required,
    };
    exported::Subcommand {
        path: subcommand.path.to_owned(),
        help: subcommand.help.to_owned(),
        arguments: subcommand.arguments.into_iter().map(argument).collect(),
        admin_only: false,
    }
}
