//! Replies below one card.

use super::download::{Downloads, may_pass};
use super::stored;
use super::text::{self, Attachment};
use super::{ids, lost, reply_name};
use crate::error::Error;
use crate::flow::Io;
use crate::meeting::record::{CLOCK_SLACK_MS, Passing};
use crate::model::{Author, Card, Draft, HostError, Level, Post};
use crate::say::i18n::Localizer;
use crate::say::text::host_log;
use crate::settings::Settings;
use crate::store;
use crate::time::parse_ms;
use crate::zoom::hosts;
use crate::zoom::recording::{Kind, Part, Recording};
use serde_json::json;
use std::cell::RefCell;
use url::Url;

/// Where replies go.
pub(super) struct Thread<'a> {
    pub(super) io: &'a Io,
    pub(super) settings: &'a Settings,
    pub(super) recording: &'a Recording,
    pub(super) downloads: &'a Downloads<'a>,
    pub(super) card_id: &'a str,
    /// In whose name Zoom is asked about the recording.
    pub(super) user_id: &'a str,
    pub(super) channel_id: String,
    pub(super) root_id: String,
    /// Posts of replies that are known to stand, as [`Entry::replies`](crate::meeting::record::Entry::replies).
    pub(super) known: RefCell<Vec<String>>,
    pub(super) last: bool,
    /// In the card's language.
    pub(super) l10n: Localizer,
}

impl Thread<'_> {
    /// Makes the reply of these parts, at least one. Answers whether that is over.
    pub(super) async fn reply(&self, parts: &[&Part]) -> Result<bool, Error> {
        match parts[0].kind {
            Kind::Video | Kind::Audio => self.links(parts).await,
            Kind::Chat => self.file(parts[0], Attachment::Chat).await,
            Kind::Transcript => self.file(parts[0], Attachment::Transcript).await,
        }
    }

    async fn links(&self, parts: &[&Part]) -> Result<bool, Error> {
        let mut links = Vec::new();
        for part in parts {
            match hosts::link(self.settings, &part.url).map(|url| self.with_passcode(url)) {
                Some(url) if links.contains(&url) => {}
                Some(url) => links.push(url),
                None => self.downloads.refused().await,
            }
        }
        if links.is_empty() {
            return Ok(true);
        }
        // Nobody is asked for a passcode that the link carries.
        let passcode = self.recording.passcode.as_ref();
        let passcode = passcode
            .filter(|_| self.settings.post_recording_passcode && !links.iter().all(hosts::carries_passcode));
        let began_ms = parse_ms(&parts[0].session);
        let message = match parts[0].kind {
            Kind::Audio => text::audio(began_ms, &links[0], passcode, &self.l10n),
            Kind::Video | Kind::Chat | Kind::Transcript => {
                text::video(began_ms, &links, passcode, &self.l10n)
            }
        };
        self.post(message, None, Vec::new(), &ids(parts)).await
    }

    /// The link that lets people in without typing, where passcodes are posted and Zoom gives one for links.
    fn with_passcode(&self, mut url: Url) -> Url {
        let passcode = self.recording.link_passcode.as_ref();
        if let Some(passcode) = passcode.filter(|_| self.settings.post_recording_passcode)
            && !hosts::carries_passcode(&url)
        {
            url.query_pairs_mut().append_pair("pwd", passcode.expose());
        }
        url
    }

    async fn file(&self, part: &Part, file: Attachment) -> Result<bool, Error> {
        if let Some(file_id) = stored::stored_file(self.io, self.card_id, &part.id).await? {
            return self.attach(part, file, file_id).await;
        }
        let why = match self.downloads.store(part, file, &self.channel_id, self.user_id).await {
            Ok(file_id) => {
                stored::note_stored_file(self.io, self.card_id, &part.id, &file_id).await?;
                return self.attach(part, file, file_id).await;
            }
            Err(why) => why,
        };
        let given_up = self.last || !may_pass(&why);
        let level = if given_up { Level::Warn } else { Level::Info };
        let message = match given_up {
            true => "a file of a recording could not be passed on",
            false => "a file of a recording could not be passed on yet and is tried again",
        };
        let fields = [("file", file.file_name()), ("why", &text::file_log(&why))];
        self.io.log(level, message, &fields).await;
        if !given_up {
            return Ok(false);
        }
        self.post(text::lost(file, &why, &self.l10n), None, Vec::new(), &lost(part)).await
    }

    /// Type and props are the official plugin's: other plugins look for transcripts and chats by them.
    async fn attach(&self, part: &Part, file: Attachment, file_id: String) -> Result<bool, Error> {
        let message = text::attached(file, &self.l10n);
        let card = Card {
            kind: file.kind().to_owned(),
            fallback: message.clone(),
            data: json!({ "captions": [{ "file_id": file_id }] }).to_string(),
            ..Card::default()
        };
        self.post(message, Some(card), vec![file_id], &part.id).await
    }

    /// The reply of this kind that was made though nobody noted it, since it was noted that it would be. It is newer than the last that was
    /// noted before: the server says so by their order, as its clock may differ from this node's.
    async fn stands(&self, kind: &str, begun: &Passing) -> Result<Option<String>, Error> {
        let known = self.known.borrow().clone();
        let is_newer = |post: &Post| begun.after.as_ref() != Some(&post.id);
        let is_it = |post: &Post| {
            let here = post.root_id.as_deref() == Some(self.root_id.as_str());
            post.by_plugin && post.kind == kind && here && !known.contains(&post.id)
        };
        let since_ms = begun.since_ms.saturating_sub(CLOCK_SLACK_MS);
        match self.io.recent_posts(self.channel_id.clone(), since_ms).await {
            Ok(posts) => Ok(posts.into_iter().take_while(is_newer).find(is_it).map(|post| post.id)),
            Err(HostError::NotFound | HostError::Unsupported) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a reply once; `key` names it below its card. Servers forget soon which post was made under which key: a reply that was begun
    /// before is looked for among what stands there since. Answers whether it is over: it stands, or never will.
    async fn post(
        &self,
        message: String,
        card: Option<Card>,
        file_ids: Vec<String>,
        key: &str,
    ) -> Result<bool, Error> {
        let key = reply_name(key);
        let kind = card.as_ref().map_or("", |card| card.kind.as_str());
        if let Some(begun) = stored::begin_passing(self.io, self.card_id, &key).await?
            && let Some(post_id) = self.stands(kind, &begun).await?
        {
            self.known.borrow_mut().push(post_id);
            return Ok(true);
        }
        let draft = Draft {
            channel_id: self.channel_id.clone(),
            root_id: Some(self.root_id.clone()),
            author: Author::Bot,
            message,
            card,
            file_ids,
            idempotency_key: Some(store::card_id_for(&format!("{}/{key}", self.card_id))),
        };
        match self.io.create_post(draft).await {
            Ok(post_id) => {
                self.known.borrow_mut().push(post_id);
                Ok(true)
            }
            // The thread is gone.
            Err(HostError::NotFound) => Ok(true),
            Err(why @ (HostError::Unavailable(_) | HostError::Other(_))) => {
                let why = host_log(&why);
                let what = "a recording could not be posted and is tried again";
                self.io.log(Level::Warn, what, &[("why", &why)]).await;
                Ok(false)
            }
            Err(why @ (HostError::Forbidden | HostError::Invalid(_) | HostError::Unsupported)) => {
                let why = host_log(&why);
                self.io.log(Level::Error, "a recording could not be posted", &[("why", &why)]).await;
                Ok(true)
            }
        }
    }
}
