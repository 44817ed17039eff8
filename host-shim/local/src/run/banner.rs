//! What the terminal says at the start.

use crate::{app::App, args::Args, server::PLUGIN_PATH};
use serde_json::Value;
use std::io::{self, Write as _};

/// Prints what runs here, where it is, and what to do.
pub(super) fn print(app: &App, args: &Args) -> io::Result<()> {
    let mut text = format!("\n  The chat is at {}\n\n", app.server().addresses().local);
    if app.zoom().is_some() {
        text.push_str(SIMULATED);
    } else {
        text.push_str(&account(app, args));
    }
    for problem in app.problems() {
        let message = problem["message"].as_str().unwrap_or_default();
        text.push_str(&format!("  Settings: {message}\n"));
    }
    text.push_str("\n  Ctrl-C ends it. What was written stays for the next time; --fresh begins anew.\n");
    say(&text)
}

/// Prints a line.
pub(super) fn say(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

const SIMULATED: &str = "  \
  It is a small team chat with the Zoom plugin in it, and a simulated Zoom beside it: no account is needed.
  Type /zoom start Sprint review, then start and end the meeting in the panel on the right.
  Nobody but this machine can reach it.
";

fn account(app: &App, args: &Args) -> String {
    let settings: Value = serde_json::from_str(&app.server().settings_json()).unwrap_or_default();
    let Some(secret) = settings["WebhookSecret"].as_str().filter(|secret| !secret.is_empty()) else {
        return "  It uses the Zoom account of your settings file.\n".to_owned();
    };
    let secret: String = url::form_urlencoded::byte_serialize(secret.trim().as_bytes()).collect();
    let address = format!("{}{PLUGIN_PATH}/webhook?secret={secret}", app.server().addresses().public);
    let what_next = if args.public_url.is_some() {
        format!(
            "  In your Zoom app, under Feature > Event Subscriptions, give Zoom this event notification URL:\n\n    {address}\n\n  \
             Tick the events \"Start Meeting\" and \"End Meeting\" there, and copy the app's Secret Token into ZoomWebhookSecret.\n"
        )
    } else {
        "  Zoom cannot reach this machine, so cards will not say that a meeting has ended. Start a tunnel to this\n  \
         port, and start again with --public-url and the tunnel's address: then you are told which URL to give Zoom.\n"
            .to_owned()
    };
    format!("  It uses the Zoom account of your settings file.\n{what_next}")
}
