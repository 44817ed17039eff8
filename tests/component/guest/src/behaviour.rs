//! What the words of the command do.

use std::hash::BuildHasher as _;
use std::hint::black_box;
use std::io::Read as _;

use crate::bindings::chat_plugin::api::directory::Permission;
use crate::bindings::chat_plugin::api::http_client::{Method, Request};
use crate::bindings::chat_plugin::api::key_value::Condition;
use crate::bindings::chat_plugin::api::posts::Draft;
use crate::bindings::chat_plugin::api::{
    directory, files, frontend, host, http_client, key_value, log, posts,
};
use crate::bindings::exports::chat_plugin::api::hooks::Command;
use crate::shown::{button_post, dialog, patch, transcript};

/// Does what the command says and answers with what came of it.
pub(crate) fn run(command: &Command) -> String {
    let (word, rest) = command.arguments.split_once(' ').unwrap_or((&command.arguments, ""));
    misbehave(word);
    match word {
        "button" => format!("{:?}", posts::create(&button_post(command))),
        "delete" => format!("{:?}", posts::delete(rest)),
        "dialog" => format!("{:?}", frontend::open_dialog(&command.trigger_id, &dialog())),
        "env" => environment(),
        "errand" => errand(rest),
        "fetch" => format!("{:?}", http_client::send(&get(rest))),
        "findings" => format!("{:?}", host::findings(rest)),
        "file" => format!("{:?}", files::store_response(&get(rest), &command.channel_id, "file.txt", 1000)),
        #[cfg(feature = "greedy")]
        "greedy" => {
            format!("{:?} {:?}", std::fs::read("/etc/passwd"), std::net::TcpStream::connect("127.0.0.1:1"))
        }
        "huge" => "x".repeat(20 << 20),
        "huge-import" => format!("{:?}", key_value::set("k", &vec![1; 20 << 20], None, &Condition::Always)),
        "kv" => kv(rest),
        "may" => may(command, rest),
        "log-flood" => {
            (0..1_000).for_each(|i| log::write(log::Level::Info, &format!("line {i}"), &[]));
            "flooded".into()
        }
        "log-long" => {
            log::write(log::Level::Warn, &"ä".repeat(10_000), &[("name".into(), "v".repeat(10_000))]);
            "logged".into()
        }
        "pause" => {
            host::pause(rest.parse().unwrap_or_default());
            "paused".into()
        }
        "preference" => format!("{:?}", directory::preference(&command.user_id, rest)),
        "private" => {
            format!(
                "{:?}",
                posts::send_private(&command.user_id, &button_post(command), posts::Privacy::Must)
            )
        }
        "private-delete" => format!("{:?}", posts::delete_private(&command.user_id, rest)),
        "private-update" => {
            format!("{:?}", posts::update_private(&command.user_id, rest, &button_post(command)))
        }
        "print" => {
            print(&rest.replace('|', "\n"));
            "printed".into()
        }
        "once" => {
            let draft = Draft { idempotency_key: Some(rest.into()), ..button_post(command) };
            format!("{:?}", posts::create(&draft))
        }
        "recent" => recent(command, rest),
        "random" => std::collections::hash_map::RandomState::new().hash_one(0).to_string(),
        "settings" => host::settings(),
        "sleep-import" => format!("{:?}", posts::get("slow")),
        "time" => now_ms().to_string(),
        "transcript" => {
            match files::store_response(&get(rest), &command.channel_id, "transcript.txt", 1000) {
                Ok(file_id) => format!("{:?}", posts::create(&transcript(command, &file_id))),
                Err(error) => format!("{error:?}"),
            }
        }
        "update" => format!("{:?}", posts::update(rest, &patch())),
        "user" => format!("{:?}", directory::find_user(rest)),
        "wake" => {
            host::wake();
            "woke".into()
        }
        _ => "ok".into(),
    }
}

/// The behaviours that do not come back.
fn misbehave(word: &str) {
    match word {
        "bomb" => {
            let mut hoard = Vec::new();
            loop {
                hoard.push(black_box(vec![1_u8; 1 << 20]));
            }
        }
        "exit" => std::process::exit(1),
        "loop" => loop {
            black_box(());
        },
        "loop-import" => loop {
            let _ = black_box(key_value::get("nothing"));
        },
        "panic" => panic!("on purpose"),
        "recurse" => {
            black_box(depth(black_box(1)));
        }
        "trap" => core::arch::wasm32::unreachable(),
        _ => {}
    }
}

/// Calls itself for ever. Adding after the call keeps it from becoming a loop.
fn depth(n: u64) -> u64 {
    if black_box(n) == 0 { 0 } else { depth(n + 1).wrapping_add(black_box(n)) }
}

/// Everything that the sandbox lets the component see of the machine.
fn environment() -> String {
    let mut stdin = String::new();
    let read = std::io::stdin().read_to_string(&mut stdin);
    format!("vars {} args {} stdin {read:?}", std::env::vars().count(), std::env::args().count())
}

/// Notes that it sets out, fetches a URL, and notes what it brings home: the shape of all work that must survive a crash.
fn errand(url: &str) -> String {
    let write = |key: &str, value: &str| key_value::set(key, value.as_bytes(), None, &Condition::Always);
    let out = write("errand_out", "1");
    let brought = http_client::send(&get(url)).map(|response| response.status);
    let home = write("errand_home", &format!("{brought:?}"));
    let back = key_value::delete("errand_out", &Condition::Always);
    format!("{out:?} {brought:?} {home:?} {back:?}")
}

/// `post`, `manage` or `administer`, in the command's channel.
fn may(command: &Command, permission: &str) -> String {
    let permission = match permission {
        "post" => Permission::CreatePost,
        "manage" => Permission::ManageChannel,
        _ => Permission::Administer,
    };
    format!("{:?}", directory::may(&command.user_id, permission, Some(&command.channel_id)))
}

/// Posts of the command's channel since a moment in milliseconds: id, kind and whether the plugin made it, each in a line.
fn recent(command: &Command, since_ms: &str) -> String {
    match posts::recent(&command.channel_id, since_ms.parse().unwrap_or_default()) {
        Ok(found) => {
            let line = |post: &posts::Post| format!("{} {} {}", post.id, post.kind, post.by_plugin);
            found.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Err(error) => format!("{error:?}"),
    }
}

fn get(url: &str) -> Request {
    Request {
        method: Method::Get,
        url: url.into(),
        headers: vec![("authorization".into(), "Bearer secret".into())],
        body: Vec::new(),
        timeout_ms: 1_000,
    }
}

/// `get K`, `list PREFIX LIMIT [AFTER]`, `delete K`, `set K V`, `add K V`, `swap K OLD NEW`, `brief K SECONDS V`.
fn kv(rest: &str) -> String {
    let words: Vec<&str> = rest.split(' ').collect();
    match words[..] {
        ["get", key] => match key_value::get(key) {
            Ok(Some(value)) => String::from_utf8_lossy(&value).into_owned(),
            other => format!("{other:?}"),
        },
        ["list", prefix, limit] => format!("{:?}", key_value::list(prefix, None, number(limit))),
        ["list", prefix, limit, after] => {
            format!("{:?}", key_value::list(prefix, Some(after), number(limit)))
        }
        ["delete", key] => format!("{:?}", key_value::delete(key, &Condition::Always)),
        ["set", key, value] => {
            format!("{:?}", key_value::set(key, value.as_bytes(), None, &Condition::Always))
        }
        ["add", key, value] => {
            format!("{:?}", key_value::set(key, value.as_bytes(), None, &Condition::Absent))
        }
        ["swap", key, old, new] => {
            format!("{:?}", key_value::set(key, new.as_bytes(), None, &Condition::Equals(old.into())))
        }
        ["brief", key, seconds, value] => {
            let seconds = seconds.parse().ok();
            format!("{:?}", key_value::set(key, value.as_bytes(), seconds, &Condition::Always))
        }
        _ => "no such word".into(),
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_default()
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the point is to see where the lines go")]
fn print(text: &str) {
    println!("{text}");
    eprint!("{text}");
}

fn now_ms() -> u128 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| age.as_millis())
}
