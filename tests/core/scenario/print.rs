//! Effects, outcomes and answers as lines that people read and compare.

use super::world::{API_KEY, API_SECRET};
use jwt_simple::prelude::{HS256Key, MACLike as _, NoCustomClaims, VerificationOptions};
use zoom_chat::flow::{Effect, Outcome};
use zoom_chat::model::{
    Card, CommandResponse, Condition, HttpRequest, HttpResponse, SettingProblem, Write, header,
};

pub(crate) fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::About => "about",
        Effect::Settings => "settings",
        Effect::Wake => "wake",
        Effect::Log(_) => "log",
        Effect::Http(_) => "http",
        Effect::KvGet(_) => "kv-get",
        Effect::KvSet(_) => "kv-set",
        Effect::KvDelete(_) => "kv-delete",
        Effect::FindUser(_) => "find-user",
        Effect::FindChannel(_) => "find-channel",
        Effect::IsMember(_) => "is-member",
        Effect::May(..) => "may",
        Effect::CreatePost(_) => "create-post",
        Effect::UpdatePost(..) => "update-post",
        Effect::GetPost(_) => "get-post",
    }
}

/// What was asked and, where it is not plain success, what came back.
pub(crate) fn exchange(effect: &Effect, outcome: &Outcome) -> Vec<String> {
    let name = name(effect);
    let mut lines = match effect {
        // In every hook, and the same in each.
        Effect::About | Effect::Settings => Vec::new(),
        Effect::Wake => vec![name.to_owned()],
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
        Effect::Http(request) => http(request),
        Effect::KvGet(key) | Effect::KvDelete(key) => vec![format!("{name} {key}")],
        Effect::KvSet(set) => {
            let condition = match set.condition {
                Condition::Always => "",
                Condition::Absent => " if absent",
                Condition::Equals(_) => " if unchanged",
            };
            vec![format!(
                "{name} {} for {}{condition}",
                set.key,
                set.expires_in_s.map_or_else(|| "ever".to_owned(), |s| format!("{s} s"))
            )]
        }
        Effect::FindUser(id) | Effect::FindChannel(id) | Effect::GetPost(id) => vec![format!("{name} {id}")],
        Effect::IsMember(who) => vec![format!("{name} {} {}", who.user_id, who.channel_id)],
        Effect::May(who, permission) => {
            vec![format!("{name} {permission:?} {} {}", who.user_id, who.channel_id)]
        }
        Effect::CreatePost(draft) => {
            let thread = draft.root_id.as_ref().map_or_else(String::new, |id| format!(" in thread {id}"));
            let head = format!(
                "{name} in {}{thread} by {} once as {}",
                draft.channel_id, draft.author_id, draft.idempotency_key
            );
            post(head, &draft.message, &draft.card)
        }
        Effect::UpdatePost(id, patch) => post(format!("{name} {id}"), &patch.message, &patch.card),
    };
    if let (Some(last), Some(result)) = (lines.last_mut(), result(outcome)) {
        last.push_str(&format!(" -> {result}"));
    }
    lines
}

fn http(request: &HttpRequest) -> Vec<String> {
    let mut lines = vec![format!("http {} {}", format!("{:?}", request.method).to_uppercase(), request.url)];
    for (name, value) in &request.headers {
        let value = value.strip_prefix("Bearer ").map_or_else(|| value.clone(), token);
        lines.push(format!("  {name}: {value}"));
    }
    if !request.body.is_empty() {
        lines.push(format!("  {}", String::from_utf8_lossy(&request.body)));
    }
    lines
}

/// What a token says, once its signature is right.
fn token(token: &str) -> String {
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
    format!("Bearer a token until {} s", claims.expires_at.expect("exp").as_secs())
}

fn post(head: String, message: &str, card: &Card) -> Vec<String> {
    let mut lines = vec![head];
    let mut part = |name: &str, text: &str| lines.push(format!("  {name}: {}", visible(text)));
    part("message", message);
    part(&card.kind, &card.title);
    part("text", &card.text);
    part("fallback", &card.fallback);
    for link in &card.links {
        part(&link.label, &link.url);
    }
    part("data", &card.data);
    lines
}

fn result(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Done | Outcome::Server(_) | Outcome::Settings(_) => None,
        Outcome::Http(Ok(response)) => {
            Some(format!("{} {}", response.status, String::from_utf8_lossy(&response.body)).trim().to_owned())
        }
        Outcome::Http(Err(error)) => Some(format!("{error:?}")),
        Outcome::Value(Ok(value)) => Some(if value.is_some() { "a value" } else { "nothing" }.to_owned()),
        Outcome::Write(Ok(Write::Stored)) | Outcome::Updated(Ok(())) => None,
        Outcome::Write(Ok(Write::Conflict)) => Some("conflict".to_owned()),
        Outcome::User(Ok(_)) | Outcome::Channel(Ok(_)) | Outcome::Post(Ok(_)) => None,
        Outcome::Answer(Ok(answer)) => Some(if *answer { "yes" } else { "no" }.to_owned()),
        Outcome::PostId(Ok(id)) => Some(id.clone()),
        Outcome::Value(Err(error))
        | Outcome::Write(Err(error))
        | Outcome::Updated(Err(error))
        | Outcome::User(Err(error))
        | Outcome::Channel(Err(error))
        | Outcome::Answer(Err(error))
        | Outcome::PostId(Err(error))
        | Outcome::Post(Err(error)) => Some(format!("{error:?}")),
    }
}

pub(crate) fn configured(answer: &Result<(), Vec<SettingProblem>>) -> Vec<String> {
    match answer {
        Ok(()) => vec!["=> configured".to_owned()],
        Err(problems) => {
            problems.iter().map(|problem| format!("=> {}: {}", problem.key, problem.message)).collect()
        }
    }
}

pub(crate) fn command_response(response: &CommandResponse) -> Vec<String> {
    let message = response.message.iter().map(|message| format!("=> says: {}", visible(message)));
    let url = response.open_url.iter().map(|url| format!("=> opens: {url}"));
    let lines: Vec<_> = message.chain(url).collect();
    if lines.is_empty() { vec!["=> done".to_owned()] } else { lines }
}

pub(crate) fn response(response: &HttpResponse) -> Vec<String> {
    let allow =
        header(&response.headers, "allow").map_or_else(String::new, |methods| format!(" allow={methods}"));
    vec![
        format!("=> {}{allow} {}", response.status, String::from_utf8_lossy(&response.body))
            .trim_end()
            .to_owned(),
    ]
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One line, with what cannot be seen written out.
fn visible(text: &str) -> String {
    text.replace('\n', " ⏎ ").replace('\u{200b}', "<zwsp>")
}
