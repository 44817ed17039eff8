//! What people read, in their own language: the messages of `i18n/*.json`, one method of [`Localizer`] each.
//!
//! What one person alone reads is in that person's language; what a whole channel reads is in the server's ([`Localizer::for_all`]).
//! Logs, and answers that only programs read, are English and stand where they are written.

mod locale;
mod message;
mod plural;

pub use locale::Locale;

use crate::flow::Io;
use crate::model::{HostError, Server, User};
use message::{Value, format};

// One method a message, and the tables: made from the catalogue by `build.rs`.
include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The server, and what it says in one language. Each message of the catalogue is a method: `zoom.user.no_email` is
/// [`user_no_email`](Self::user_no_email). Messages may use `{server}` and `{prefix}`; all else is given by the caller, who
/// escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localizer {
    /// The chat server.
    pub server: Server,
    /// The language.
    pub locale: Locale,
    /// Whose language it is, where that user was looked up: once a hook.
    pub reader: Option<Box<User>>,
}

impl Localizer {
    /// For a reader with this language tag (BCP 47); the server's own where it is empty.
    pub fn new(server: Server, tag: &str) -> Self {
        let locale = Locale::of(if tag.is_empty() { &server.locale } else { tag });
        Self { server, locale, reader: None }
    }

    /// For this user, who comes along for whatever else there is to know. One who cannot be found reads the server's language.
    pub async fn with_user(io: &Io, user_id: &str) -> (Self, Result<User, HostError>) {
        let (server, user) = (io.about(), io.find_user(user_id.to_owned()));
        let (server, user) = (server.await, user.await);
        let l10n = Self::new(server, user.as_ref().map_or("", |user| &user.locale));
        (Self { reader: user.as_ref().ok().cloned().map(Box::new), ..l10n }, user)
    }

    /// For this user.
    pub async fn of_user(io: &Io, user_id: &str) -> Self {
        Self::with_user(io, user_id).await.0
    }

    /// For whoever made a request: a user, or nobody in particular.
    pub async fn of_visitor(io: &Io, user_id: Option<&str>) -> Self {
        match user_id {
            Some(user_id) => Self::of_user(io, user_id).await,
            None => Self::of_server(io).await,
        }
    }

    /// For all who read along.
    pub async fn of_server(io: &Io) -> Self {
        Self::new(io.about().await, "")
    }

    /// The user with this id.
    ///
    /// # Errors
    /// The host's.
    pub async fn user(&self, io: &Io, user_id: &str) -> Result<User, HostError> {
        match &self.reader {
            Some(reader) if reader.id == user_id => Ok(User::clone(reader)),
            Some(_) | None => io.find_user(user_id.to_owned()).await,
        }
    }

    /// The same server's words for all who read along.
    pub fn for_all(&self) -> Self {
        Self::new(self.server.clone(), "")
    }

    /// A language alone, for messages that do not speak of the server.
    pub fn of_locale(locale: Locale) -> Self {
        Self { server: Server::default(), locale, reader: None }
    }

    fn message(&self, index: usize, values: &[Value<'_>]) -> String {
        let table = match self.locale {
            Locale::En => &EN,
            Locale::De => &DE,
            Locale::Fr => &FR,
            Locale::Es => &ES,
            Locale::PtBr => &PT_BR,
            Locale::Ja => &JA,
            Locale::ZhCn => &ZH_CN,
            Locale::Ar => &AR,
        };
        let mut out = String::new();
        format(&mut out, table.message(index), values, self);
        out
    }
}

/// A locale's messages behind one another.
struct Table {
    texts: &'static str,
    /// Where each message ends, in bytes.
    ends: &'static [u16],
}

impl Table {
    fn message(&self, index: usize) -> &'static str {
        let end = |index: usize| self.ends.get(index).copied().map_or(0, usize::from);
        let start = index.checked_sub(1).map_or(0, end);
        self.texts.get(start..end(index)).unwrap_or_default()
    }
}
