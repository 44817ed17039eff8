//! Sentences of the pages behind a card's link.

use crate::model::Server;

/// Heading: the browser has no session.
pub const TITLE_SIGN_IN: &str = "Sign in first";
/// Heading: no such card.
pub const TITLE_UNKNOWN: &str = "There is no meeting here for you";
/// Heading: too late.
pub const TITLE_ENDED: &str = "The meeting has ended";

/// The browser has no session.
pub fn sign_in(server: &Server) -> String {
    format!(
        "Sign in to {} in this browser. Then go back to the message with the meeting and open its link again.",
        server.name
    )
}

/// No such card, or none for this user.
pub fn unknown(server: &Server) -> String {
    format!(
        "The link is mistyped or too old, or belongs to a channel of {} that you are not in. Ask whoever invited you for the meeting's own link, or to add you to the channel.",
        server.name
    )
}

/// The card's meeting is over.
pub fn ended(server: &Server) -> String {
    format!("To meet again, type {}zoom start in {}.", server.command_prefix, server.name)
}
