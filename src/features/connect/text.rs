//! Sentences about connecting a Zoom account.

use crate::features::connect::Connected;
use crate::model::User;
use crate::say::i18n::Localizer;
use crate::settings::credentials::MustConnect;

/// The link, and what it is for.
pub fn invitation(url: &str, whose: MustConnect, afterwards: bool, l10n: &Localizer) -> String {
    let label = match whose {
        MustConnect::User => l10n.connect_link_own(),
        MustConnect::Account => l10n.connect_link_account(),
    };
    let then = if afterwards { format!(" {}", l10n.connect_done_after()) } else { String::new() };
    format!("[{label}]({url})\n\n{}{then}", l10n.connect_for_you_alone())
}

/// Whose chat account it is about.
pub fn question(user: &User, l10n: &Localizer) -> Vec<String> {
    vec![l10n.connect_question(&user.display_name, &user.username), l10n.connect_not_you()]
}

/// Who is connected now.
pub fn connected(user: &User, connected: &Connected, l10n: &Localizer) -> String {
    match connected {
        Connected::Own(zoom_user) => l10n.connect_connected_own(zoom_user.name(), &user.username),
        Connected::Account => l10n.connect_connected_account(),
    }
}
