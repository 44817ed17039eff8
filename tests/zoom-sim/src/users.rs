//! The account's users.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{clock::UnixMs, ids::Ids};

/// A user to add; what is left out is made up from the e-mail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewUser {
    /// The address Zoom knows the user by; needed, and one user has it.
    pub email: String,
    /// Zoom's id of the user.
    pub id: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Name shown in meetings.
    pub display_name: Option<String>,
    /// 1 basic, 2 licensed, 3 on-premises, 99 none; licensed if absent.
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    /// Active if absent.
    pub status: Option<UserStatus>,
    /// Number of the personal meeting.
    pub pmi: Option<u64>,
    /// Whether the personal meeting can be used.
    pub personal_meeting: PersonalMeeting,
    /// Zoom's preference "use the personal meeting for instant meetings".
    pub use_pmi: bool,
    /// IANA name; UTC if absent.
    pub timezone: Option<String>,
}

impl NewUser {
    /// A licensed, active user with this address.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), ..Self::default() }
    }
}

/// Whether a user may use the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// May meet.
    #[default]
    Active,
    /// Switched off by the administrator.
    Inactive,
    /// Invited and not yet come.
    Pending,
}

/// Whether a user's personal meeting can be used, and what `GET /users/{id}` says where it cannot: both
/// answers were seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalMeeting {
    /// It can.
    #[default]
    On,
    /// Switched off: `pmi` is 0, and the link ends in `/j/0`.
    Zero,
    /// Switched off: there is neither `pmi` nor link.
    Absent,
}

/// A user, serialised as `GET /users/{id}` answers, with `personal_meeting` beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Zoom's id.
    pub id: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Name shown in meetings.
    pub display_name: String,
    /// Address; compared without regard to case.
    pub email: String,
    /// 1 basic, 2 licensed, 3 on-premises, 99 none.
    #[serde(rename = "type")]
    pub kind: u8,
    /// `Owner` for the first user of the account, then `Member`.
    pub role_name: &'static str,
    /// `0` is the owner's role, `2` that of members.
    pub role_id: &'static str,
    /// Number of the personal meeting, also while it is switched off; a JSON number here, a string in
    /// meetings.
    pub pmi: u64,
    /// Whether that meeting can be used.
    pub personal_meeting: PersonalMeeting,
    /// Zoom's preference "use the personal meeting for instant meetings".
    pub use_pmi: bool,
    /// Link to the personal meeting with its passcode.
    pub personal_meeting_url: String,
    /// IANA name.
    pub timezone: String,
    /// Always verified.
    pub verified: u8,
    /// Department, always empty.
    pub dept: &'static str,
    /// ISO time.
    pub created_at: String,
    /// ISO time.
    pub last_login_time: String,
    /// Address of the picture.
    pub pic_url: String,
    /// Host and client cluster.
    pub cluster: &'static str,
    /// `en-US`.
    pub language: &'static str,
    /// `active`, `inactive` or `pending`.
    pub status: UserStatus,
    /// The account's id.
    pub account_id: String,
}

impl User {
    /// As Zoom answers it.
    pub(crate) fn document(&self) -> Value {
        let mut document = serde_json::to_value(self).unwrap_or_default();
        let Some(fields) = document.as_object_mut() else { return document };
        fields.remove("personal_meeting");
        match self.personal_meeting {
            PersonalMeeting::On => {}
            PersonalMeeting::Zero => {
                let room = self.personal_meeting_url.split("/j/").next().unwrap_or_default();
                fields.insert("pmi".into(), 0.into());
                fields.insert("personal_meeting_url".into(), format!("{room}/j/0").into());
            }
            PersonalMeeting::Absent => {
                fields.remove("pmi");
                fields.remove("personal_meeting_url");
            }
        }
        document
    }
}

/// The users in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Users(Vec<User>);

impl Users {
    /// By id or address.
    pub(crate) fn find(&self, key: &str) -> Option<&User> {
        self.0.iter().find(|user| user.id == key || user.email.eq_ignore_ascii_case(key))
    }

    /// The account's owner, who is `me` for a token of the account.
    pub(crate) fn owner(&self) -> Option<&User> {
        self.0.first()
    }

    pub(crate) fn is_active(&self, key: &str) -> bool {
        self.find(key).is_some_and(|user| user.status == UserStatus::Active)
    }

    pub(crate) fn all(&self) -> &[User] {
        &self.0
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<User> {
        let index = self.0.iter().position(|user| user.id == key || user.email.eq_ignore_ascii_case(key))?;
        Some(self.0.remove(index))
    }

    pub(crate) fn find_mut(&mut self, key: &str) -> Option<&mut User> {
        self.0.iter_mut().find(|user| user.id == key || user.email.eq_ignore_ascii_case(key))
    }

    /// Adds a user whose personal meeting has the number `pmi` and the link `personal_meeting_url`.
    pub(crate) fn add(&mut self, new: NewUser, made: Made<'_>) -> User {
        let (given, family) = names_from(&new.email);
        let first_name = new.first_name.unwrap_or(given);
        let last_name = new.last_name.unwrap_or(family);
        let display_name =
            new.display_name.unwrap_or_else(|| format!("{first_name} {last_name}").trim_end().to_owned());
        let user = User {
            id: new.id.unwrap_or_else(|| made.ids.token(22)),
            display_name,
            first_name,
            last_name,
            kind: new.kind.unwrap_or(2),
            role_name: if self.0.is_empty() { "Owner" } else { "Member" },
            role_id: if self.0.is_empty() { "0" } else { "2" },
            pmi: made.pmi,
            personal_meeting: new.personal_meeting,
            use_pmi: new.use_pmi,
            personal_meeting_url: made.personal_meeting_url,
            timezone: new.timezone.unwrap_or_else(|| "UTC".into()),
            verified: 1,
            dept: "",
            created_at: crate::clock::iso(made.now_ms),
            last_login_time: crate::clock::iso(made.now_ms),
            pic_url: String::new(),
            cluster: "us06",
            language: "en-US",
            status: new.status.unwrap_or_default(),
            account_id: made.account_id.to_owned(),
            email: new.email,
        };
        self.0.push(user.clone());
        user
    }
}

/// What the account gives a new user.
pub(crate) struct Made<'a> {
    pub(crate) ids: &'a mut Ids,
    pub(crate) pmi: u64,
    pub(crate) personal_meeting_url: String,
    pub(crate) account_id: &'a str,
    pub(crate) now_ms: UnixMs,
}

/// `alice.example@…` is Alice Example.
fn names_from(email: &str) -> (String, String) {
    let name = email.split('@').next().unwrap_or_default();
    let mut words = name.split(['.', '_', '-', '+']).map(capitalised);
    (words.next().unwrap_or_default(), words.collect::<Vec<_>>().join(" "))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
