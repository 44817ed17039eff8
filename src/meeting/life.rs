//! The meeting's life: a total state machine. Any event may come in any state, twice, late or out of order.

use crate::error::Error;
use crate::settings::Settings;
use crate::zoom::event::{Event, Time};
use crate::zoom::{MeetingNumber, join_link};
use serde::{Deserialize, Serialize};
use url::Url;

/// What a card is about: everything but where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its number. `None` for a personal link with a name: no event can be tied to it.
    pub number: Option<MeetingNumber>,
    /// The instance that Zoom expected next when it made the meeting. For the card alone: events name their own.
    pub expected_uuid: Option<String>,
    /// One line, never empty, at most [`MAX_TOPIC_CHARS`].
    pub topic: String,
    /// Where people join.
    pub join_url: Url,
    /// The passcode, where the link does not carry it.
    pub passcode: Option<String>,
    /// A personal meeting, whose number comes back.
    pub personal: bool,
    /// Named by whoever shared it: its number may come back, and the card need not be its host's.
    #[serde(default)]
    pub shared: bool,
}

impl Meeting {
    /// A meeting of which the number is known alone, and perhaps what it is about.
    ///
    /// # Errors
    /// [`Error::Bug`]
    pub fn of_number(
        settings: &Settings,
        number: MeetingNumber,
        topic_of_event: &str,
    ) -> Result<Self, Error> {
        let join_url =
            join_link::url(&settings.zoom_url, number).ok_or(Error::Bug("Zoom's base URL takes no path"))?;
        Ok(Self {
            number: Some(number),
            expected_uuid: None,
            topic: topic(topic_of_event),
            join_url,
            passcode: None,
            personal: false,
            shared: false,
        })
    }

    /// Whether it is a webinar, as far as its link says: Zoom knows those by other calls.
    pub fn is_webinar(&self) -> bool {
        self.join_url.path_segments().is_some_and(|mut segments| segments.any(|segment| segment == "w"))
    }
}

/// How far an instance has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// Nobody has been in it yet, as far as we know.
    Waiting,
    /// It runs.
    Started {
        /// Since when.
        started: Time,
    },
    /// It is over.
    Ended {
        /// When it began. `None` when nobody said so.
        started: Option<Time>,
        /// When it was over.
        ended: Time,
    },
    /// It is over, and nobody has said when: Zoom forgets to, and does not tell everybody who asks.
    Closed {
        /// When it began. `None` when nobody said so.
        started: Option<Time>,
        /// Zoom says that nobody has been in it.
        unjoined: bool,
    },
}

/// Longest topic that Zoom takes.
pub const MAX_TOPIC_CHARS: usize = 200;
/// The topic where none was given.
pub const DEFAULT_TOPIC: &str = "Zoom Meeting";

/// The next state. An end is final; Zoom's own times replace those of receipt and are never replaced themselves.
#[must_use]
pub fn advance(life: Life, event: Event) -> Life {
    match (life, event) {
        (Life::Waiting, Event::Started { started }) => Life::Started { started },
        (Life::Waiting, Event::Ended { started, ended }) => Life::Ended { started, ended },
        (Life::Started { started }, Event::Started { started: again }) => {
            Life::Started { started: better(started, again) }
        }
        (Life::Started { started }, Event::Ended { started: said, ended }) => {
            Life::Ended { started: Some(said.map_or(started, |said| better(started, said))), ended }
        }
        (Life::Ended { started, ended }, Event::Started { started: late }) => {
            Life::Ended { started: Some(started.map_or(late, |known| better(known, late))), ended }
        }
        (Life::Closed { started, .. }, Event::Started { started: late }) => {
            Life::Closed { started: Some(started.map_or(late, |known| better(known, late))), unjoined: false }
        }
        (Life::Closed { started, .. }, Event::Ended { started: said, ended }) => {
            Life::Ended { started: best(started, said), ended }
        }
        (Life::Ended { started, ended }, Event::Ended { started: said, ended: again }) => {
            Life::Ended { started: best(started, said), ended: better(ended, again) }
        }
    }
}

/// The better of what was known and what is said now.
fn best(known: Option<Time>, said: Option<Time>) -> Option<Time> {
    match (known, said) {
        (Some(known), Some(said)) => Some(better(known, said)),
        (known, said) => known.or(said),
    }
}

fn better(known: Time, said: Time) -> Time {
    if said.by_zoom && !known.by_zoom { said } else { known }
}

impl Life {
    /// Whether no event can say it better: Zoom's own times of beginning and end.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Ended { started: Some(started), ended } if started.by_zoom && ended.by_zoom)
    }

    /// How long it lasted, in milliseconds. `None` before the end, or when no start is known.
    pub fn length_ms(self) -> Option<u64> {
        match self {
            Self::Ended { started: Some(started), ended } => Some(ended.ms.saturating_sub(started.ms)),
            Self::Waiting
            | Self::Started { .. }
            | Self::Closed { .. }
            | Self::Ended { started: None, .. } => None,
        }
    }
}

/// What people typed, made fit for Zoom and for a card: one line, no control, direction or invisible characters, cut at the limit.
pub fn topic(typed: &str) -> String {
    let mut spaced = String::new();
    for c in typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }) {
        if is_visible(c) || joins(spaced.chars().next_back(), c) {
            spaced.push(c);
        }
    }
    let line = spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        0 => DEFAULT_TOPIC.to_owned(),
        n if n <= MAX_TOPIC_CHARS => line,
        _ => {
            let cut: String = line.chars().take(MAX_TOPIC_CHARS - 1).collect();
            format!("{}…", cut.trim_end())
        }
    }
}

/// Neither a control character nor one that Unicode calls ignorable by default (`Default_Ignorable_Code_Point`): marks of direction,
/// soft hyphens, fillers, tags.
fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether an invisible character does something where it stands: it joins or parts letters, as Persian and the languages of India need
/// it, joins emoji, or says how the one before it looks.
fn joins(before: Option<char>, c: char) -> bool {
    let selects = |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}');
    let Some(before) = before.filter(|before| *before != ' ') else { return false };
    match c {
        '\u{200c}' | '\u{200d}' => !before.is_ascii() && (is_visible(before) || selects(before)),
        // `1️⃣` begins with a digit.
        _ => selects(c) && is_visible(before) && !before.is_ascii_alphabetic(),
    }
}
