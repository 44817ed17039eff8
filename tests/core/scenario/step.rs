//! The hooks that a scenario can call.

use super::answer;
use super::browser::Visit;
use super::world::{SIGNING_SECRET, URL_SECRET, World};
use std::collections::VecDeque;
use std::future::Future;
use zoom_chat::flow::{Flow, Io, Moment, Step};
use zoom_chat::hooks;
use zoom_chat::model::{Action, Command, Method, Request, Submission};

/// Calls the hook that the line names and writes down what it does.
pub(crate) fn run(world: &mut World, line: &str) -> Vec<String> {
    let (hook, rest) = line.split_once(' ').unwrap_or((line, ""));
    let mut lines = Vec::new();
    match hook {
        "configure" => {
            let answer = drive(world, &mut lines, hooks::configure);
            lines.extend(answer::configured(&answer));
        }
        "describe" => {
            let answer = drive(world, &mut lines, hooks::help::describe);
            lines.extend(answer::described(&answer));
        }
        "command" => {
            let command = command(rest, world.hooks);
            let answer = drive(world, &mut lines, |io| hooks::command::execute(io, command));
            lines.extend(answer::command_response(&answer));
        }
        "http" => {
            let mut asked = http(rest);
            let url = format!("{}{}", world.plugin_url(), asked.request.path);
            let visit = Visit {
                browser: &asked.browser,
                url: &url,
                method: asked.request.method,
                cross_site: asked.cross_site,
                now_ms: world.now_ms,
            };
            if let Some(cookies) = world.browsers.sent(&visit) {
                asked.request.headers.push(("cookie".to_owned(), cookies));
            }
            let request = asked.request;
            let answer = drive(world, &mut lines, |io| hooks::http::serve(io, request));
            world.browsers.keep(&visit, &answer);
            lines.extend(answer::response(&answer));
        }
        "webhook" => {
            let request = webhook(rest, world.now_ms);
            let answer = drive(world, &mut lines, |io| hooks::http::serve(io, request));
            lines.extend(answer::response(&answer));
        }
        "due" => {
            let answer = drive(world, &mut lines, hooks::due::run);
            lines.push(format!("=> again in {answer:?} s"));
        }
        "press" => {
            let action = press(world, rest);
            world.seen.insert("context", action.context.clone());
            let answer = drive(world, &mut lines, |io| hooks::action::handle(io, action));
            lines.extend(answer::command_response(&answer));
        }
        "submit" => {
            let submission = submission(world, rest);
            let answer = drive(world, &mut lines, |io| hooks::dialog::submit(io, submission));
            lines.extend(answer::submitted(&answer));
        }
        other => panic!("no such hook: {other}"),
    }
    lines
}

/// Runs a flow against the world. What is asked side by side is answered last first, so that no flow can rely on an order.
fn drive<T, F: Future<Output = T> + 'static>(
    world: &mut World,
    lines: &mut Vec<String>,
    run: impl FnOnce(Io) -> F,
) -> T {
    world.hooks += 1;
    world.story.now_ms = world.now_ms;
    let (mut flow, mut step) = Flow::start(Moment { now_ms: world.now_ms, entropy: [world.hooks; 32] }, run);
    let mut open = VecDeque::new();
    loop {
        match step {
            Step::Done(value) => return value,
            Step::Ask(effects) => open.extend(effects),
        }
        let (id, effect) = open.pop_back().expect("a flow waits for nothing");
        let before = world.lies_under(&effect);
        let settings = world.settings.to_string();
        let outcome = world.answer(&effect);
        lines.extend(world.story.tell(&effect, &outcome, before.as_deref(), &settings));
        step = flow.resume(world.now_ms, id, outcome).unwrap();
    }
}

/// `alice town-square: start topic`, `alice town-square root-1: start`, with `again` in front for a second delivery.
fn command(text: &str, hooks: u8) -> Command {
    let (again, text) = text.strip_prefix("again ").map_or((false, text), |text| (true, text));
    let (head, arguments) = text.split_once(':').unwrap();
    let words: Vec<&str> = head.split(' ').collect();
    Command {
        id: format!("command-{}", if again { hooks - 1 } else { hooks }),
        user_id: format!("u-{}", words[0]),
        channel_id: format!("c-{}", words[1]),
        root_id: words.get(2).map(|id| (*id).to_owned()),
        trigger_id: "trigger".to_owned(),
        arguments: unescape(arguments.strip_prefix(' ').unwrap_or(arguments)),
    }
}

/// `alice town-square private-1 never`: the button with that id of that post; `alice town-square context: …` for any other.
fn press(world: &World, text: &str) -> Action {
    let (head, context) = match text.split_once(" context: ") {
        Some((head, context)) => (head, Some(context.to_owned())),
        None => (text, None),
    };
    let words: Vec<&str> = head.split(' ').collect();
    let (post_id, button_id) = (words.get(2).copied(), words.get(3).copied());
    let context = context.unwrap_or_else(|| world.button(post_id.unwrap(), button_id.unwrap()));
    Action {
        id: format!("action-{}", world.hooks),
        user_id: format!("u-{}", words[0]),
        channel_id: format!("c-{}", words[1]),
        post_id: post_id.unwrap_or_default().to_owned(),
        button_id: button_id.unwrap_or_default().to_owned(),
        context,
    }
}

/// `alice town-square value`: sends the dialog that was opened last with this answer, or `cancel`s it. `state=…` and `id=…`
/// replace what the dialog holds.
fn submission(world: &World, text: &str) -> Submission {
    let words: Vec<&str> = text.split(' ').collect();
    let dialog = world.dialog.clone().unwrap_or_default();
    let mut submission = Submission {
        user_id: format!("u-{}", words[0]),
        channel_id: format!("c-{}", words[1]),
        dialog_id: dialog.id,
        state: dialog.state,
        values: vec![(dialog.field, words[2].to_owned())],
        cancelled: words[2] == "cancel",
    };
    for word in &words[3..] {
        match word.split_once('=') {
            Some(("state", value)) => submission.state = value.to_owned(),
            Some(("id", value)) => submission.dialog_id = value.to_owned(),
            _ => panic!("no such word: {word}"),
        }
    }
    submission
}

/// A request and where it comes from.
struct Asked {
    request: Request,
    browser: String,
    cross_site: bool,
}

/// `POST /path?query as alice in her-phone content-type=text/plain: body`. Without a name it is one and the same browser. `form` is
/// the content type of forms; `cross-site`: another site's page sends it.
fn http(text: &str) -> Asked {
    let (head, body) = text.split_once(": ").unwrap_or((text, ""));
    let mut words = head.split(' ');
    let method = method(words.next().unwrap());
    let target = words.next().unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())],
        body: body_of(body),
        user_id: None,
    };
    let (mut browser, mut cross_site) = ("browser".to_owned(), false);
    while let Some(word) = words.next() {
        match word.split_once('=') {
            Some(("content-type", value)) => {
                request.headers = vec![("Content-Type".to_owned(), value.to_owned())]
            }
            _ if word == "form" => {
                let value = "application/x-www-form-urlencoded".to_owned();
                request.headers = vec![("Content-Type".to_owned(), value)];
            }
            _ if word == "as" => request.user_id = words.next().map(|name| format!("u-{name}")),
            _ if word == "in" => browser = words.next().unwrap().to_owned(),
            _ if word == "cross-site" => cross_site = true,
            _ => panic!("no such word: {word}"),
        }
    }
    Asked { request, browser, cross_site }
}

/// `signed at=-300s: body`: a delivery by Zoom with the right URL secret. `signed` adds a signature as of now or as of `at`, by the
/// secret `with`; `to=…` sends it to another path than `/webhook`, `bare` leaves the URL's secret out, `bom` puts a byte order mark
/// before the body.
pub(crate) fn webhook(text: &str, now_ms: u64) -> Request {
    let (head, body) = text.split_once(": ").unwrap();
    let mut body = body_of(body);
    let mut headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    let mut now_s = i64::try_from(now_ms / 1000).unwrap();
    let (mut secret, mut signed) = (SIGNING_SECRET, false);
    let (mut path, mut query) = ("/webhook", format!("secret={URL_SECRET}"));
    for word in head.split(' ') {
        match word.split_once('=') {
            Some(("at", offset)) => now_s += offset.trim_end_matches('s').parse::<i64>().unwrap(),
            Some(("with", other)) => secret = other,
            Some(("to", other)) => path = other,
            _ if word == "bare" => query.clear(),
            _ if word == "bom" => body.splice(..0, "\u{feff}".bytes()).for_each(drop),
            _ if word == "signed" => signed = true,
            _ if word == "plain" => {}
            _ => panic!("no such word: {word}"),
        }
    }
    if signed {
        let mut message = format!("v0:{now_s}:").into_bytes();
        message.extend_from_slice(&body);
        headers.push(("x-zm-request-timestamp".to_owned(), now_s.to_string()));
        headers.push((
            "x-zm-signature".to_owned(),
            format!("v0={}", hex(&hmac_sha256::HMAC::mac(message, secret))),
        ));
    }
    Request { method: Method::Post, path: path.to_owned(), query, headers, body, user_id: None }
}

/// The text, or `big N` for N bytes of JSON.
fn body_of(text: &str) -> Vec<u8> {
    match text.strip_prefix("big ").and_then(|n| n.parse::<usize>().ok()) {
        Some(n) => format!("\"{}\"", "x".repeat(n - 2)).into(),
        None => text.into(),
    }
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "POST" => Method::Post,
        other => panic!("no such method: {other}"),
    }
}

/// `\n`, `\t`, `\u{202e}` and `x*5000` (that many of the letter before the star), for what cannot stand in a line.
fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        text.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        text.push_str(rest);
    }
    let text = text.replace("\\n", "\n").replace("\\t", "\t");
    match text.split_once('*').and_then(|(front, n)| Some((front, n.parse::<usize>().ok()?))) {
        Some((front, n)) => {
            let letter = front.chars().next_back().unwrap_or('x').to_string();
            format!("{front}{}", letter.repeat(n - 1))
        }
        None => text,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
