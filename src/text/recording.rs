//! Sentences about recordings.

use crate::card::link_target;
use crate::model::FileError;
use crate::settings::Secret;
use crate::time::utc;
use url::Url;

/// Where a session is watched: one link, or one for each view.
pub fn video(started_ms: Option<u64>, links: &[Url], passcode: Option<&Secret>) -> String {
    let since = started_ms.map_or_else(String::new, |ms| format!(" from {}", utc(ms)));
    let link = |label: &str, url: &Url| format!("[{label}]({})", link_target(url.as_str()));
    let watch = match links {
        [only] => link("Watch the recording", only),
        views => {
            let views = views.iter().zip(1..).map(|(url, n)| link(&format!("View {n}"), url));
            format!("Watch it: {}", views.collect::<Vec<_>>().join(" · "))
        }
    };
    let passcode = passcode.map_or_else(String::new, |passcode| format!("\nPasscode: {}", code(passcode)));
    format!("The recording of this Zoom meeting{since} is ready. {watch}{passcode}")
}

/// What a file is called.
pub struct FileWords {
    /// What it is.
    pub noun: &'static str,
    /// Its name in the channel, as the official plugin names it.
    pub file_name: &'static str,
}

/// What was written.
pub const CHAT: FileWords = FileWords { noun: "chat", file_name: "Chat-history.txt" };
/// What was said.
pub const TRANSCRIPT: FileWords = FileWords { noun: "transcript", file_name: "transcription.txt" };

/// A file, with the post that has it.
pub fn attached(words: &FileWords) -> String {
    format!("The {} of this Zoom meeting is attached.", words.noun)
}

/// A file that does not come.
pub fn lost(words: &FileWords, why: &FileError) -> String {
    let reason = match why {
        FileError::TooLarge(_) => "it is larger than 10 MiB",
        FileError::Unsupported => "this server stores no files",
        FileError::Denied => "it does not lie on the Zoom server that is set; please tell your administrator",
        FileError::Status(_) | FileError::Unavailable(_) | FileError::Other(_) => "Zoom did not hand it out",
    };
    format!(
        "The {} of this Zoom meeting could not be posted here: {reason}. The meeting's host finds it in Zoom, under Recordings.",
        words.noun
    )
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
