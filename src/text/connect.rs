//! Sentences about connecting a Zoom account.

use crate::model::{Server, User};
use crate::zoom::auth::MustConnect;

/// Nobody has to connect anything.
pub const NOTHING_TO_CONNECT: &str =
    "Nobody has to connect a Zoom account here: people are found by their e-mail address.";
/// There was no connection to end.
pub const NOT_CONNECTED: &str = "No Zoom account is connected.";
/// The connection has ended.
pub const DISCONNECTED: &str = "The Zoom account is disconnected, and what was stored about it is deleted.";
/// The connection has ended here; Zoom could not be told.
pub const DISCONNECTED_HERE: &str = "What was stored about the Zoom account is deleted here, but Zoom could not be told. To end it there too, remove the app in the Zoom App Marketplace under Manage > Added Apps.";
/// Zoom reported that the app was removed.
pub const DEAUTHORIZED: &str = "Zoom reports that you removed this app from your Zoom account. Everything that was stored about it here is deleted. To start meetings again, connect your account again.";
/// A question was asked in the channel.
pub const ASKED: &str = "There is a question for you in the channel where you wanted the meeting.";
/// The end of a page.
pub const CLOSE: &str = "You can close this window.";
/// On the button that leads to Zoom.
pub const CONTINUE: &str = "Continue to Zoom";
/// Not for everybody.
pub const ONLY_ADMINS: &str =
    "This Zoom app is connected for the whole organisation. Only an administrator may do that.";

/// Heading: there is nothing to connect.
pub const TITLE_NOTHING: &str = "Nothing to connect";
/// Heading: the link is used or old.
pub const TITLE_STALE: &str = "This link no longer works";
/// Heading: the link is somebody else's.
pub const TITLE_FOREIGN: &str = "This link is not yours";
/// Heading: not for everybody.
pub const TITLE_NOT_ALLOWED: &str = "Only for administrators";
/// Heading: before Zoom.
pub const TITLE_CONNECT: &str = "Connect Zoom";
/// Heading: Zoom was told no.
pub const TITLE_REFUSED: &str = "Zoom is not connected";
/// Heading: something failed.
pub const TITLE_FAILED: &str = "That did not work";
/// Heading: all is well.
pub const TITLE_CONNECTED: &str = "Zoom is connected";

/// The link, and what it is for.
pub fn invitation(url: &str, whose: MustConnect, afterwards: bool) -> String {
    let whose = match whose {
        MustConnect::User => "your Zoom account",
        MustConnect::Account => "the organisation's Zoom account",
    };
    let then = if afterwards { " What you wanted is done right after it." } else { "" };
    format!("[Connect {whose}]({url})\n\nThe link is for you alone, for one use within ten minutes.{then}")
}

/// Whose chat account it is about.
pub fn question(server: &Server, user: &User) -> Vec<String> {
    vec![
        format!(
            "You are about to connect Zoom to the {} account @{} ({}).",
            server.name, user.username, user.display_name
        ),
        "If that is not you, close this window: somebody else's meetings would be started in your name."
            .to_owned(),
    ]
}

/// The link was used, or is too old.
pub fn stale(server: &Server) -> String {
    format!(
        "It was used already, or is older than ten minutes. Type {}zoom connect in {} for a new one.",
        server.command_prefix, server.name
    )
}

/// The browser is signed in as somebody else.
pub fn foreign(server: &Server) -> String {
    format!(
        "It was made for another {} account than the one you are signed in with here. Nothing was connected.",
        server.name
    )
}

/// The user did not allow it.
pub fn refused(server: &Server) -> String {
    format!(
        "Zoom was not allowed to give access, so nothing was connected. Type {}zoom connect in {} to try again.",
        server.command_prefix, server.name
    )
}

/// Who is connected now.
pub fn connected(server: &Server, user: &User, whose: MustConnect) -> String {
    match whose {
        MustConnect::User => {
            format!("Your Zoom account is now connected to the {} account @{}.", server.name, user.username)
        }
        MustConnect::Account => {
            format!("The organisation's Zoom account is now connected to {}.", server.name)
        }
    }
}
