//! Words that people know from elsewhere: from older pages about Zoom in Mattermost, and from Zoom's own app for other chats.

/// What somebody typed, in this plugin's own words. Anything that is no alias stays as it is.
pub(super) fn in_our_words(typed: &str) -> String {
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let ours = match word.to_lowercase().as_str() {
        "meeting" | "meet" => "start",
        "join" if rest.trim().eq_ignore_ascii_case("me") => return "start --personal".to_owned(),
        "join" => "share",
        "subscribe" => "subscription add",
        "unsubscribe" => "subscription remove",
        "subscriptions" => "subscription list",
        "login" | "log-in" | "signin" | "sign-in" => "connect",
        "logout" | "log-out" | "signout" | "sign-out" => "disconnect",
        "config" | "preferences" => "settings",
        _ => return typed.to_owned(),
    };
    format!("{ours} {rest}").trim_end().to_owned()
}
