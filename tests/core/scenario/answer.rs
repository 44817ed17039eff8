//! What hooks answer, as lines that people read and compare.

use std::fmt::Write as _;

use super::trace::visible;
use zoom_chat::model::{CommandResponse, HttpResponse, Registration, SettingProblem, Subcommand, header};

/// Headers of answers in JSON, of redirects and of pages.
const JSON: [(&str, &str); 3] = [
    ("content-type", "application/json"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
];
const REDIRECT: [(&str, &str); 2] = [("cache-control", "no-store"), ("referrer-policy", "no-referrer")];
const PAGE: [(&str, &str); 5] = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];

pub(crate) fn configured(answer: &Result<(), Vec<SettingProblem>>) -> Vec<String> {
    match answer {
        Ok(()) => vec!["=> configured".to_owned()],
        Err(problems) => {
            problems.iter().map(|problem| format!("=> {}: {}", problem.key, problem.message)).collect()
        }
    }
}

/// What a client completes, and for whom.
pub(crate) fn described(registration: &Registration) -> Vec<String> {
    let head = format!("=> {} {}: {}", registration.trigger, registration.hint, registration.description);
    let subcommand = |subcommand: &Subcommand| {
        let hints: Vec<_> = subcommand.arguments.iter().map(|argument| argument.hint.as_str()).collect();
        let usage = format!("{} {}", subcommand.path, hints.join(" "));
        let whom = if subcommand.admin_only { "administrators" } else { "everybody" };
        format!("=> {} for {whom}: {}", usage.trim_end(), subcommand.help)
    };
    std::iter::once(head).chain(registration.subcommands.iter().map(subcommand)).collect()
}

pub(crate) fn command_response(response: &CommandResponse) -> Vec<String> {
    let message = response.message.iter().map(|message| format!("=> says: {}", visible(message)));
    let url = response.open_url.iter().map(|url| format!("=> opens: {url}"));
    let lines: Vec<_> = message.chain(url).collect();
    if lines.is_empty() { vec!["=> done".to_owned()] } else { lines }
}

pub(crate) fn submitted(answer: &Result<(), Vec<(String, String)>>) -> Vec<String> {
    match answer {
        Ok(()) => vec!["=> closed".to_owned()],
        Err(problems) => problems.iter().map(|(field, what)| format!("=> {field}: {what}")).collect(),
    }
}

pub(crate) fn response(response: &HttpResponse) -> Vec<String> {
    let mut line = format!("=> {}", response.status);
    for name in ["allow", "location"] {
        if let Some(value) = header(&response.headers, name) {
            write!(line, " {name}={value}").unwrap();
        }
    }
    if let Some(cookies) = super::browser::set_cookies(response) {
        write!(line, " {cookies}").unwrap();
    }
    line.push_str(&unusual(response));
    let body = String::from_utf8_lossy(&response.body);
    let is_page = header(&response.headers, "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let body = if is_page { page(&body) } else { body.into_owned() };
    vec![format!("{line} {body}").trim_end().to_owned()]
}

/// Headers that an answer of its kind lacks, and such as it has not otherwise. What is told by itself is none of them.
fn unusual(response: &HttpResponse) -> String {
    let has = |name: &str| header(&response.headers, name).is_some();
    let usual: &[(&str, &str)] = match response.body.first() {
        _ if has("location") => &REDIRECT,
        Some(b'<') => &PAGE,
        Some(_) => &JSON,
        // The answer to HEAD, or none that says anything.
        None if has("content-type") => &PAGE,
        None => &[],
    };
    let lacking = usual.iter().filter(|(name, value)| header(&response.headers, name) != Some(*value));
    let mut text: String = lacking.map(|(name, _)| format!(" without {name}")).collect();
    let is_told = |name: &str| ["allow", "location", "set-cookie"].contains(&name);
    for (name, value) in &response.headers {
        if !is_told(name) && !usual.contains(&(name.as_str(), value.as_str())) {
            write!(text, " {name}={value}").unwrap();
        }
    }
    text
}

/// What people read of a page, where its forms and links lead, and what its forms hold. Its language stands before it unless that is English.
fn page(html: &str) -> String {
    let said =
        |name: &str| html.split_once(name).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
    let head = match (said("<html lang=\""), said(" dir=\"")) {
        // The second is the answer to HEAD.
        ("en", "ltr") | ("", "") => "page".to_owned(),
        (language, direction) => format!("page in {language} {direction}"),
    };
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        for leads in [attribute(tag, "action"), attribute(tag, "href")].into_iter().flatten() {
            write!(text, "[{leads}] ").unwrap();
        }
        text.push(' ');
        if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
            write!(text, "({name}={value}) ").unwrap();
        }
        rest = after;
    }
    text.push_str(rest);
    format!("{head}: {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split('"').next()
}
