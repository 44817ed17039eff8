//! What the terminal says at the start.

use crate::{app::App, args::Args, seed::ADMINISTRATOR, server::PLUGIN_PATH, simulation::SignIn};
use serde_json::Value;
use std::io::{self, Write as _};

/// Prints what runs here, where it is, and what to do.
pub(super) fn print(app: &App, args: &Args) -> io::Result<()> {
    let mut text = format!("\n  The chat is at {}\n\n", app.server().addresses().own);
    if args.behind.is_some() {
        text.push_str(&format!("  Browsers find it behind {}\n\n", app.server().addresses().local));
    }
    if let Some(zoom) = app.zoom() {
        text.push_str(SIMULATED);
        text.push_str(&how_to_sign_in(zoom.sign_in()));
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

fn how_to_sign_in(way: SignIn) -> String {
    match way {
        SignIn::Jwt => {
            "  The plugin signs in to Zoom as a JWT app. With --sign-in it does so another way: --help has them all.\n".to_owned()
        }
        SignIn::ServerToServer => {
            "  The plugin signs in to Zoom as a Server-to-Server OAuth app: nobody has to connect anything.\n".to_owned()
        }
        SignIn::User => "  \
            Everybody connects their own Zoom account: the first /zoom start answers with a link. Follow it, allow the app as\n  \
            one of the people there, and the meeting you wanted is made.\n"
            .to_owned(),
        SignIn::Account => format!(
            "  First {ADMINISTRATOR}, the administrator, types /zoom connect, follows the link and allows the app: then all can\n  \
             start meetings.\n"
        ),
    }
}

fn account(app: &App, args: &Args) -> String {
    let settings: Value = serde_json::from_str(&app.server().settings_json()).unwrap_or_default();
    let Some(secret) = settings["WebhookSecret"].as_str().filter(|secret| !secret.is_empty()) else {
        return "  It uses the Zoom account of your settings file.\n".to_owned();
    };
    let secret: String = url::form_urlencoded::byte_serialize(secret.trim().as_bytes()).collect();
    let plugin = format!("{}{PLUGIN_PATH}", app.server().addresses().public);
    let what_next = if args.public_url.is_some() {
        format!(
            "  In your Zoom app, under Feature > Event Subscriptions, give Zoom this event notification URL:\n\n    {plugin}/webhook?secret={secret}\n\n  \
             Tick the events \"Start Meeting\", \"End Meeting\", \"All Recordings have completed\" and \"Recording Transcript files have\n  \
             completed\" there, and copy the app's Secret Token into ZoomWebhookSecret.\n{}",
            redirect(&settings, &plugin)
        )
    } else {
        "  Zoom cannot reach this machine, so cards will not say that a meeting has ended. Start a tunnel to this\n  \
         port, and start again with --public-url and the tunnel's address: then you are told which URL to give Zoom.\n"
            .to_owned()
    };
    format!("  It uses the Zoom account of your settings file.\n{what_next}")
}

/// What else an app has to know that people allow.
fn redirect(settings: &Value, plugin: &str) -> String {
    match settings["OAuthClientID"].as_str() {
        Some(id) if !id.trim().is_empty() => {
            format!(
                "  Under Basic Information, the OAuth Redirect URL is this one, in the allow list too:\n\n    {plugin}/oauth2/complete\n"
            )
        }
        Some(_) | None => String::new(),
    }
}
