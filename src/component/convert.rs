//! Between the contract's types and the core's, which are the same by name.

use super::bindings::chat_plugin::api::{
    directory, files, frontend, host, http_client, key_value, log, posts,
};
use super::bindings::exports::chat_plugin::api::hooks as exported;
use crate::model;

pub(super) fn write(outcome: key_value::Outcome) -> model::Write {
    match outcome {
        key_value::Outcome::Stored => model::Write::Stored,
        key_value::Outcome::Conflict => model::Write::Conflict,
    }
}

pub(super) fn kv_error(error: key_value::Error) -> model::HostError {
    match error {
        key_value::Error::InvalidKey => model::HostError::Invalid("the key is empty or too long".to_owned()),
        key_value::Error::Unavailable(why) => model::HostError::Unavailable(why),
        key_value::Error::Other(why) => model::HostError::Other(why),
    }
}

pub(super) fn directory_error(error: directory::Error) -> model::HostError {
    match error {
        directory::Error::NotFound => model::HostError::NotFound,
        directory::Error::Unavailable(why) => model::HostError::Unavailable(why),
        directory::Error::Other(why) => model::HostError::Other(why),
    }
}

pub(super) fn post_error(error: posts::Error) -> model::HostError {
    match error {
        posts::Error::NotFound => model::HostError::NotFound,
        posts::Error::Forbidden => model::HostError::Forbidden,
        posts::Error::Invalid(why) => model::HostError::Invalid(why),
        posts::Error::Unsupported => model::HostError::Unsupported,
        posts::Error::Unavailable(why) => model::HostError::Unavailable(why),
        posts::Error::Other(why) => model::HostError::Other(why),
    }
}

pub(super) fn server(server: host::Server) -> model::Server {
    model::Server {
        name: server.name,
        site_url: server.site_url,
        plugin_url: server.plugin_url,
        command_prefix: server.command_prefix,
        locale: server.locale,
        post_history: (server.features & host::Features::POST_HISTORY).bits() != 0,
    }
}

pub(super) fn finding(finding: host::Finding) -> model::HostFinding {
    let state = match finding.state {
        host::State::Good => model::State::Good,
        host::State::Warning => model::State::Warning,
        host::State::Bad => model::State::Bad,
    };
    model::HostFinding { check: finding.check, state, found: finding.found, remedy: finding.remedy }
}

pub(super) fn user(user: directory::User) -> model::User {
    model::User {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        email: user.email,
        locale: user.locale,
        is_admin: user.is_admin,
        is_bot: user.is_bot,
        is_remote: user.is_remote,
        is_deactivated: user.is_deactivated,
    }
}

pub(super) fn channel(channel: directory::Channel) -> model::Channel {
    let kind = match channel.kind {
        directory::ChannelKind::Public => model::ChannelKind::Public,
        directory::ChannelKind::Private => model::ChannelKind::Private,
        directory::ChannelKind::Direct => model::ChannelKind::Direct,
        directory::ChannelKind::Group => model::ChannelKind::Group,
    };
    model::Channel { id: channel.id, kind, display_name: channel.display_name, archived: channel.archived }
}

pub(super) fn post(post: posts::Post) -> model::Post {
    model::Post {
        id: post.id,
        channel_id: post.channel_id,
        root_id: post.root_id,
        user_id: post.user_id,
        kind: post.kind,
        data: post.data,
        by_plugin: post.by_plugin,
        created_ms: post.created_ms,
        deleted: post.deleted,
    }
}

pub(super) fn draft_out(draft: model::Draft) -> posts::Draft {
    posts::Draft {
        channel_id: draft.channel_id,
        root_id: draft.root_id,
        author: match draft.author {
            model::Author::Bot => posts::Author::Bot,
            model::Author::User(id) => posts::Author::User(id),
        },
        message: draft.message,
        card: draft.card.map(card_out),
        file_ids: draft.file_ids,
        idempotency_key: draft.idempotency_key,
    }
}

pub(super) fn card_out(card: model::Card) -> posts::Card {
    posts::Card {
        kind: card.kind,
        title: card.title,
        text: card.text,
        fallback: card.fallback,
        links: card.links.into_iter().map(|link| posts::Link { label: link.label, url: link.url }).collect(),
        buttons: card.buttons.into_iter().map(button).collect(),
        data: card.data,
    }
}

fn button(button: model::Button) -> posts::Button {
    posts::Button {
        id: button.id,
        label: button.label,
        style: if button.primary { posts::ButtonStyle::Primary } else { posts::ButtonStyle::Default },
        context: button.context,
        command: button.command,
    }
}

pub(super) fn dialog_out(dialog: model::Dialog) -> frontend::Dialog {
    let choice = |(label, value)| frontend::Choice { label, value };
    let field = frontend::Field {
        name: dialog.field,
        label: dialog.label,
        help: dialog.help,
        kind: frontend::FieldKind::Radio(dialog.choices.into_iter().map(choice).collect()),
        value: dialog.value,
        optional: false,
    };
    frontend::Dialog {
        id: dialog.id,
        title: dialog.title,
        intro: dialog.intro,
        fields: vec![field],
        submit_label: dialog.submit_label,
        state: dialog.state,
    }
}

pub(super) fn request_out(request: model::HttpRequest) -> http_client::Request {
    http_client::Request {
        method: method_out(request.method),
        url: request.url,
        headers: request.headers,
        body: request.body,
        timeout_ms: request.timeout_ms,
    }
}

pub(super) fn condition(condition: model::Condition) -> key_value::Condition {
    match condition {
        model::Condition::Always => key_value::Condition::Always,
        model::Condition::Absent => key_value::Condition::Absent,
        model::Condition::Equals(bytes) => key_value::Condition::Equals(bytes),
    }
}

pub(super) fn privacy(privacy: model::Privacy) -> posts::Privacy {
    match privacy {
        model::Privacy::Must => posts::Privacy::Must,
        model::Privacy::Prefer => posts::Privacy::Prefer,
    }
}

pub(super) fn file_error(error: files::Error) -> model::FileError {
    match error {
        files::Error::Denied => model::FileError::Denied,
        files::Error::Status(status) => model::FileError::Status(status),
        files::Error::TooLarge(bytes) => model::FileError::TooLarge(bytes),
        files::Error::Unsupported => model::FileError::Unsupported,
        files::Error::Unavailable(why) => model::FileError::Unavailable(why),
        files::Error::Other(why) => model::FileError::Other(why),
    }
}

pub(super) fn frontend_error(error: frontend::Error) -> model::HostError {
    match error {
        frontend::Error::Unsupported => model::HostError::Unsupported,
        frontend::Error::Unavailable(why) => model::HostError::Unavailable(why),
        frontend::Error::Other(why) => model::HostError::Other(why),
    }
}

pub(super) fn permission(permission: model::Permission) -> directory::Permission {
    match permission {
        model::Permission::CreatePost => directory::Permission::CreatePost,
        model::Permission::ManageChannel => directory::Permission::ManageChannel,
        model::Permission::Administer => directory::Permission::Administer,
    }
}

pub(super) fn level(level: model::Level) -> log::Level {
    match level {
        model::Level::Debug => log::Level::Debug,
        model::Level::Info => log::Level::Info,
        model::Level::Warn => log::Level::Warn,
        model::Level::Error => log::Level::Error,
    }
}

pub(super) fn method_in(method: http_client::Method) -> model::Method {
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

pub(super) fn method_out(method: model::Method) -> http_client::Method {
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

pub(super) fn command_response(response: model::CommandResponse) -> exported::CommandResponse {
    exported::CommandResponse { message: response.message, open_url: response.open_url }
}

pub(super) fn setting_problem(problem: model::SettingProblem) -> exported::SettingProblem {
    exported::SettingProblem { key: problem.key.to_owned(), message: problem.message }
}

pub(super) fn registration(registration: model::Registration) -> exported::Registration {
    exported::Registration {
        trigger: registration.trigger.to_owned(),
        description: registration.description,
        hint: registration.hint,
        subcommands: registration.subcommands.into_iter().map(subcommand).collect(),
        bot_username: registration.bot_username.to_owned(),
        bot_display_name: registration.bot_display_name.to_owned(),
        bot_description: registration.bot_description,
        events: Vec::new(),
    }
}

fn subcommand(subcommand: model::Subcommand) -> exported::Subcommand {
    let argument = |argument: model::Argument| exported::Argument {
        name: argument.name.to_owned(),
        hint: argument.hint,
        help: argument.help,
        required: argument.required,
    };
    exported::Subcommand {
        path: subcommand.path.to_owned(),
        help: subcommand.help,
        arguments: subcommand.arguments.into_iter().map(argument).collect(),
        admin_only: subcommand.admin_only,
    }
}
