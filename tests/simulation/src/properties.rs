//! What must hold: one table. `ARCHITECTURE.md` names them among the invariants.

use std::fmt;

/// A property by its name and what it says.
macro_rules! properties {
    ($($variant:ident $name:literal $says:literal)*) => {
        /// Something that must hold in every run.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Property { $(#[doc = $says] $variant,)* }

        impl Property {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name, for traces, tables and `ARCHITECTURE.md`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }
        }
    };
}

properties! {
    ShowsItsState "shows-its-state" "Once all is quiet, every post shows the state that is stored for its card."
    EndIsShown "end-is-shown" "A meeting whose end was reported is shown as ended under every card that is tied to it."
    NoJoinForEver "no-join-for-ever" "Days later no card says that a meeting runs or is to come, unless Zoom says that it runs."
    OwnTimes "own-times" "A card shows the times of one instance of its own meeting, which ran while the card stood or began soon after it."
    RunningCard "running-card" "A card that is posted for a number while its meeting runs belongs to what runs."
    OneCard "one-card" "A start has one card with one post; a channel that follows a meeting has one card an occurrence."
    EachPartOnce "each-part-once" "A part of a recording stands once under a card."
    ContentOfTheHost "content-of-the-host" "Recordings, chats, transcripts and their passcodes stand only under cards of the meeting's host, or of a subscription by whom may follow it."
    TokenOnce "token-once" "A refresh token is not used again by anybody who can know that it was used."
    OwnAccount "own-account" "Nobody's Zoom account is used by somebody else, or connected to somebody else's chat account."
    StaysConnected "stays-connected" "Whoever has connected an account stays connected until they disconnect or Zoom ends it."
    NoBypass "no-bypass" "A meeting is posted only where its author may post one."
    NoSecrets "no-secrets" "No secret is in any effect or answer but where it belongs."
    StrangersChangeNothing "strangers-change-nothing" "Whoever knows no secret changes nothing."
    AnswersOnce "answers-once" "Every hook that is not killed answers, once, in bounded effects and bounded time."
    KeysAreBounded "keys-are-bounded" "What is kept for ever is bounded by users, channels and meetings that are followed."
    NoPanic "no-panic" "Nothing panics."
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A property that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// What was seen.
    pub what: String,
    /// When, in milliseconds after the beginning.
    pub at_ms: u64,
}
