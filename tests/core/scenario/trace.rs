//! Every effect in full, as golden traces show it: what was asked, and what came back.

use std::fmt::Write as _;

use super::world::{API_KEY, API_SECRET};
use ct_codecs::{Base64, Decoder as _};
use jwt_simple::prelude::{HS256Key, MACLike as _, NoCustomClaims, VerificationOptions};
use zoom_chat::flow::{Effect, Outcome};
use zoom_chat::model::{Author, Button, Card, Condition, Dialog, Draft, HttpRequest, Write};

pub(crate) fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::About => "about",
        Effect::Settings => "settings",
        Effect::Findings(_) => "findings",
        Effect::Wake => "wake",
        Effect::Pause(_) => "pause",
        Effect::Log(_) => "log",
        Effect::Http(_) => "http",
        Effect::KvGet(_) => "kv-get",
        Effect::KvList(_) => "kv-list",
        Effect::KvSet(_) => "kv-set",
        Effect::KvDelete(..) => "kv-delete",
        Effect::FindUser(_) => "find-user",
        Effect::FindChannel(_) => "find-channel",
        Effect::IsMember(_) => "is-member",
        Effect::May(..) => "may",
        Effect::CreatePost(_) => "create-post",
        Effect::UpdatePost(..) => "update-post",
        Effect::GetPost(_) => "get-post",
        Effect::DirectChannel(_) => "direct-channel",
        Effect::Preference(..) => "preference",
        Effect::RecentPosts(..) => "recent-posts",
        Effect::SendPrivate(..) => "send-private",
        Effect::UpdatePrivate(..) => "update-private",
        Effect::StoreResponse(_) => "store-response",
        Effect::OpenDialog(..) => "open-dialog",
    }
}

/// What was asked and, where it is not plain success, what came back.
pub(crate) fn exchange(effect: &Effect, outcome: &Outcome) -> Vec<String> {
    let name = name(effect);
    let mut lines = match effect {
        // In every hook, and the same in each.
        Effect::About | Effect::Settings => Vec::new(),
        Effect::Findings(locale) => vec![format!("{name} in {locale}")],
        Effect::Wake => vec![name.to_owned()],
        Effect::Pause(ms) => vec![format!("{name} {ms} ms")],
        Effect::Log(line) => {
            let fields: Vec<_> =
                line.fields.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
            vec![format!(
                "log {}: {}{}",
                format!("{:?}", line.level).to_lowercase(),
                line.message,
                fields.concat()
            )]
        }
        Effect::Http(request) => http(name, request),
        Effect::KvGet(key) => vec![format!("{name} {key}")],
        Effect::KvList(list) => {
            let after = list.after.as_ref().map_or_else(String::new, |after| format!(" after {after}"));
            vec![format!("{name} {}{after}", list.prefix)]
        }
        Effect::KvDelete(key, holds) => vec![format!("{name} {key}{}", condition(holds))],
        Effect::KvSet(set) => {
            vec![format!(
                "{name} {} for {}{}",
                set.key,
                set.expires_in_s.map_or_else(|| "ever".to_owned(), |s| format!("{s} s")),
                condition(&set.condition)
            )]
        }
        Effect::FindUser(id)
        | Effect::FindChannel(id)
        | Effect::GetPost(id)
        | Effect::DirectChannel(id)
        | Effect::RecentPosts(id, _) => vec![format!("{name} {id}")],
        Effect::Preference(user_id, wanted) => vec![format!("{name} {user_id} {wanted}")],
        Effect::IsMember(who) => vec![format!("{name} {} {}", who.user_id, who.channel_id)],
        Effect::May(who, permission) => {
            vec![format!("{name} {permission:?} {} {}", who.user_id, who.channel_id)]
        }
        Effect::CreatePost(draft) => drafted(name.to_owned(), draft),
        Effect::SendPrivate(user_id, draft, privacy) => {
            drafted(format!("{name} to {user_id} ({privacy:?})"), draft)
        }
        Effect::UpdatePrivate(user_id, id, draft) => drafted(format!("{name} {id} of {user_id}"), draft),
        Effect::UpdatePost(id, patch) => post(format!("{name} {id}"), &patch.message, Some(&patch.card)),
        Effect::StoreResponse(file) => {
            let head =
                format!("{name} in {} as {} up to {} bytes:", file.channel_id, file.name, file.max_bytes);
            http(&head, &file.request)
        }
        Effect::OpenDialog(trigger_id, dialog) => form(format!("{name} by {trigger_id}"), dialog),
    };
    if let (Some(last), Some(result)) = (lines.last_mut(), result(outcome)) {
        last.push_str(&format!(" -> {result}"));
    }
    lines
}

pub(super) fn condition(condition: &Condition) -> &'static str {
    match condition {
        Condition::Always => "",
        Condition::Absent => " if absent",
        Condition::Equals(_) => " if unchanged",
    }
}

fn http(head: &str, request: &HttpRequest) -> Vec<String> {
    let mut lines =
        vec![format!("{head} {} {}", format!("{:?}", request.method).to_uppercase(), request.url)];
    for (name, value) in &request.headers {
        let value = value
            .strip_prefix("Bearer ")
            .map_or_else(|| value.clone(), |bearer| token(bearer, |until_s| format!("until {until_s} s")));
        lines.push(format!("  {name}: {value}"));
    }
    if !request.body.is_empty() {
        lines.push(format!("  {}", String::from_utf8_lossy(&request.body)));
    }
    lines
}

/// What a JWT says, once its signature is right. Other tokens stand for themselves.
fn token(token: &str, until: impl Fn(u64) -> String) -> String {
    if token.split('.').count() != 3 {
        return format!("Bearer {token}");
    }
    let key = HS256Key::from_bytes(API_SECRET.as_bytes());
    let options = VerificationOptions {
        time_tolerance: Some(jwt_simple::prelude::Duration::from_days(10_000)),
        ..VerificationOptions::default()
    };
    let claims =
        key.verify_token::<NoCustomClaims>(token, Some(options)).expect("the token's signature is right");
    assert_eq!(claims.issuer.as_deref(), Some(API_KEY));
    let others = [
        claims.issued_at.is_some(),
        claims.invalid_before.is_some(),
        claims.subject.is_some(),
        claims.jwt_id.is_some(),
    ];
    assert_eq!(others, [false; 4], "iss and exp alone");
    format!("Bearer a token {}", until(claims.expires_at.expect("exp").as_secs()))
}

fn drafted(head: String, draft: &Draft) -> Vec<String> {
    post(head + &place(draft), &draft.message, draft.card.as_ref())
}

/// Where a post is made, by whom, and with what.
pub(super) fn place(draft: &Draft) -> String {
    let mut head = format!(" in {}", draft.channel_id);
    if let Some(root_id) = &draft.root_id {
        write!(head, " in thread {root_id}").unwrap();
    }
    match &draft.author {
        Author::Bot => head.push_str(" by the bot"),
        Author::User(id) => write!(head, " by {id}").unwrap(),
    }
    if !draft.file_ids.is_empty() {
        write!(head, " with {}", draft.file_ids.join(", ")).unwrap();
    }
    if let Some(key) = &draft.idempotency_key {
        write!(head, " once as {key}").unwrap();
    }
    head
}

fn form(head: String, dialog: &Dialog) -> Vec<String> {
    let mut lines = vec![head];
    let mut part = |name: &str, text: &str| lines.push(format!("  {name}: {}", visible(text)));
    part(&dialog.id, &dialog.title);
    part("intro", &dialog.intro);
    part(&dialog.field, &dialog.label);
    part("help", &dialog.help);
    for (label, value) in &dialog.choices {
        part(if *value == dialog.value { "(x)" } else { "( )" }, &format!("{label} = {value}"));
    }
    part("submit", &dialog.submit_label);
    part("state", &dialog.state);
    lines
}

fn post(head: String, message: &str, card: Option<&Card>) -> Vec<String> {
    let mut lines = vec![head];
    let mut part = |name: &str, text: &str| lines.push(format!("  {name}: {}", visible(text)));
    part("message", message);
    let Some(card) = card else { return lines };
    part(&card.kind, &card.title);
    part("text", &card.text);
    part("fallback", &card.fallback);
    for link in &card.links {
        part(&link.label, &link.url);
    }
    for (name, context) in card.buttons.iter().map(button) {
        part(&name, &context);
    }
    part("data", &card.data);
    lines
}

/// A button and its context.
pub(super) fn button(button: &Button) -> (String, String) {
    let style = if button.primary { "primary button" } else { "button" };
    let typed = button.command.as_ref().map_or_else(String::new, |command| format!(" or `{command}`"));
    (format!("{style} {} “{}”{typed}", button.id, button.label), button.context.clone())
}

pub(super) fn result(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Findings(_) | Outcome::Done | Outcome::Server(_) | Outcome::Settings(_) => None,
        Outcome::Http(Ok(response)) => {
            Some(format!("{} {}", response.status, String::from_utf8_lossy(&response.body)).trim().to_owned())
        }
        Outcome::Http(Err(error)) => Some(format!("{error:?}")),
        Outcome::Value(Ok(value)) => Some(if value.is_some() { "a value" } else { "nothing" }.to_owned()),
        Outcome::Keys(Ok(keys)) => Some(match keys.as_slice() {
            [] => "none".to_owned(),
            keys => keys.join(", "),
        }),
        Outcome::Write(Ok(Write::Stored)) | Outcome::Updated(Ok(())) => None,
        Outcome::Write(Ok(Write::Conflict)) => Some("conflict".to_owned()),
        Outcome::User(Ok(_)) | Outcome::Channel(Ok(_)) | Outcome::Post(Ok(_)) => None,
        Outcome::Posts(Ok(posts)) => Some(match posts.as_slice() {
            [] => "none".to_owned(),
            posts => posts.iter().map(|post| post.id.as_str()).collect::<Vec<_>>().join(", "),
        }),
        Outcome::Preference(Ok(value)) => Some(value.clone().unwrap_or_else(|| "not set".to_owned())),
        Outcome::File(Ok(id)) => Some(id.clone()),
        Outcome::File(Err(error)) => Some(format!("{error:?}")),
        Outcome::Answer(Ok(answer)) => Some(if *answer { "yes" } else { "no" }.to_owned()),
        Outcome::Id(Ok(id)) => Some(id.clone()),
        Outcome::Value(Err(_))
        | Outcome::Keys(Err(_))
        | Outcome::Write(Err(_))
        | Outcome::Updated(Err(_))
        | Outcome::User(Err(_))
        | Outcome::Channel(Err(_))
        | Outcome::Answer(Err(_))
        | Outcome::Id(Err(_))
        | Outcome::Posts(Err(_))
        | Outcome::Preference(Err(_))
        | Outcome::Post(Err(_)) => failure(outcome),
    }
}

/// The host's refusal to do what was asked.
pub(super) fn failure(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Value(Err(error))
        | Outcome::Keys(Err(error))
        | Outcome::Write(Err(error))
        | Outcome::Updated(Err(error))
        | Outcome::User(Err(error))
        | Outcome::Channel(Err(error))
        | Outcome::Answer(Err(error))
        | Outcome::Id(Err(error))
        | Outcome::Posts(Err(error))
        | Outcome::Preference(Err(error))
        | Outcome::Post(Err(error)) => Some(format!("{error:?}")),
        Outcome::File(Err(error)) => Some(format!("{error:?}")),
        Outcome::Http(Err(error)) => Some(format!("{error:?}")),
        Outcome::Done
        | Outcome::Server(_)
        | Outcome::Settings(_)
        | Outcome::Findings(_)
        | Outcome::Http(Ok(_))
        | Outcome::Value(Ok(_))
        | Outcome::Keys(Ok(_))
        | Outcome::Write(Ok(_))
        | Outcome::User(Ok(_))
        | Outcome::Channel(Ok(_))
        | Outcome::Answer(Ok(_))
        | Outcome::Id(Ok(_))
        | Outcome::Updated(Ok(()))
        | Outcome::Post(Ok(_))
        | Outcome::Posts(Ok(_))
        | Outcome::Preference(Ok(_))
        | Outcome::File(Ok(_)) => None,
    }
}

/// One line, with what cannot be seen written out.
pub(super) fn visible(text: &str) -> String {
    text.replace('\n', " ⏎ ").replace('\u{200b}', "<zwsp>")
}

/// Who asks: what a token says, or what is written in base64.
pub(super) fn credentials(value: &str, now_ms: u64) -> String {
    if let Some(bearer) = value.strip_prefix("Bearer ") {
        return token(bearer, |until_s| in_how_long(until_s, now_ms));
    }
    let decoded = value.strip_prefix("Basic ").and_then(|text| Base64::decode_to_vec(text, None).ok());
    decoded.map_or_else(|| value.to_owned(), |bytes| format!("Basic {}", String::from_utf8_lossy(&bytes)))
}

fn in_how_long(until_s: u64, now_ms: u64) -> String {
    format!("for {} s", i128::from(until_s) - i128::from(now_ms / 1000))
}
