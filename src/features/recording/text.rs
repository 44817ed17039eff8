//! Sentences about recordings.

use crate::model::FileError;
use crate::say::i18n::Localizer;
use crate::say::text::link_target;
use crate::say::text::time::utc;
use crate::settings::Secret;
use url::Url;

/// Where a session is watched: one link, or one for each view.
pub fn video(started_ms: Option<u64>, links: &[Url], passcode: Option<&Secret>, l10n: &Localizer) -> String {
    let watch = match links {
        [only] => link(&l10n.recording_watch(), only),
        views => {
            let views = views
                .iter()
                .zip(1..)
                .map(|(url, n): (_, usize)| link(&l10n.recording_view(&n.to_string()), url));
            l10n.recording_watch_views(&views.collect::<Vec<_>>().join(" · "))
        }
    };
    ready(started_ms, &watch, passcode, l10n)
}

/// Where sound alone is listened to.
pub fn audio(started_ms: Option<u64>, url: &Url, passcode: Option<&Secret>, l10n: &Localizer) -> String {
    ready(started_ms, &link(&l10n.recording_listen(), url), passcode, l10n)
}

fn ready(started_ms: Option<u64>, links: &str, passcode: Option<&Secret>, l10n: &Localizer) -> String {
    let ready = match started_ms {
        Some(ms) => l10n.recording_ready_from(&utc(ms, l10n)),
        None => l10n.recording_ready(),
    };
    let passcode = passcode
        .map_or_else(String::new, |passcode| format!("\n{}", l10n.recording_passcode(&code(passcode))));
    format!("{ready} {links}{passcode}")
}

fn link(label: &str, url: &Url) -> String {
    format!("[{label}]({})", link_target(url.as_str()))
}

/// A file of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// What was written.
    Chat,
    /// What was said.
    Transcript,
}

impl Attachment {
    /// The kind of card that shows it, as the official plugin names it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Chat => "custom_zoom_chat",
            Self::Transcript => "custom_zoom_transcript",
        }
    }

    /// Its name in the channel, as the official plugin names it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Chat => "Chat-history.txt",
            Self::Transcript => "transcription.txt",
        }
    }
}

/// A file, with the post that has it.
pub fn attached(file: Attachment, l10n: &Localizer) -> String {
    match file {
        Attachment::Chat => l10n.recording_chat_attached(),
        Attachment::Transcript => l10n.recording_transcript_attached(),
    }
}

/// A file that does not come.
pub fn lost(file: Attachment, why: &FileError, l10n: &Localizer) -> String {
    let why = match why {
        FileError::TooLarge(_) => l10n.recording_too_large(),
        FileError::Unsupported => l10n.recording_no_files(),
        FileError::Denied => l10n.recording_elsewhere(),
        FileError::Status(_) | FileError::Unavailable(_) | FileError::Other(_) => {
            l10n.recording_not_handed_out()
        }
    };
    match file {
        Attachment::Chat => l10n.recording_chat_lost(&why),
        Attachment::Transcript => l10n.recording_transcript_lost(&why),
    }
}

/// What the administrator reads in the log about a file.
pub fn file_log(why: &FileError) -> String {
    match why {
        FileError::Denied => "the host is not allowed".to_owned(),
        FileError::Status(status) => format!("Zoom answered with status {status}"),
        FileError::TooLarge(bytes) => format!("too large: {bytes} bytes or more"),
        FileError::Unsupported => "not supported by this server".to_owned(),
        FileError::Unavailable(why) => format!("unavailable: {why}"),
        FileError::Other(why) => why.clone(),
    }
}

/// A text as code, whatever backticks it holds.
fn code(text: &Secret) -> String {
    let text: String = text.expose().chars().filter(|c| !c.is_control()).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank on both sides is not part of the code.
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
