//! Replies below one card.

use super::{Kind, Part, Recording, ids};
use crate::error::Error;
use crate::flow::{FileRequest, Io};
use crate::i18n::Localizer;
use crate::model::{Author, Card, Draft, FileError, HostError, HttpRequest, Level, Method};
use crate::settings::{Secret, Settings};
use crate::store;
use crate::text::host_log;
use crate::text::recording::{self as text, Attachment};
use crate::time::parse_ms;
use crate::zoom::hosts;
use serde_json::json;

/// Largest file that is passed on.
const MAX_BYTES: u64 = 10 << 20;
/// For a whole download: what is this large comes within it over any line that a server has.
const TIMEOUT_MS: u32 = 100_000;

/// Where replies go.
pub(super) struct Thread<'a> {
    pub(super) io: &'a Io,
    pub(super) settings: &'a Settings,
    pub(super) recording: &'a Recording,
    pub(super) card_id: &'a str,
    pub(super) channel_id: String,
    pub(super) root_id: String,
    pub(super) last: bool,
    /// In the card's language.
    pub(super) l10n: Localizer,
}

impl Thread<'_> {
    /// Makes the reply of these parts, at least one. Answers whether that is over.
    pub(super) async fn reply(&self, parts: &[&Part]) -> Result<bool, Error> {
        match parts[0].kind {
            Kind::Video => self.video(parts).await,
            Kind::Chat => self.file(parts[0], Attachment::Chat).await,
            Kind::Transcript => self.file(parts[0], Attachment::Transcript).await,
        }
    }

    async fn video(&self, parts: &[&Part]) -> Result<bool, Error> {
        let mut links = Vec::new();
        for part in parts {
            match hosts::link(self.settings, &part.url) {
                Some(url) if links.contains(&url) => {}
                Some(url) => links.push(url),
                None => self.refused().await,
            }
        }
        if links.is_empty() {
            return Ok(true);
        }
        let passcode = self.recording.passcode.as_ref().filter(|_| self.settings.post_recording_passcode);
        let message = text::video(parse_ms(&parts[0].session), &links, passcode, &self.l10n);
        self.post(message, None, Vec::new(), &ids(parts)).await
    }

    async fn file(&self, part: &Part, file: Attachment) -> Result<bool, Error> {
        if let Some(file_id) = store::stored_file(self.io, self.card_id, &part.id).await? {
            return self.attach(part, file, file_id).await;
        }
        let why = match self.download(part, file).await {
            Ok(file_id) => {
                store::note_stored_file(self.io, self.card_id, &part.id, &file_id).await?;
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
        self.post(text::lost(file, &why, &self.l10n), None, Vec::new(), &format!("{}/lost", part.id)).await
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

    async fn download(&self, part: &Part, file: Attachment) -> Result<String, FileError> {
        let Some(url) = hosts::link(self.settings, &part.url) else {
            self.refused().await;
            return Err(FileError::Denied);
        };
        let bearer = |token: &Secret| format!("Bearer {}", token.expose());
        let token = self.recording.token.as_ref().map(bearer);
        let request = HttpRequest {
            method: Method::Get,
            url: url.into(),
            headers: token.map(|token| ("authorization".to_owned(), token)).into_iter().collect(),
            body: Vec::new(),
            timeout_ms: TIMEOUT_MS,
        };
        let name = file.file_name().to_owned();
        let request =
            FileRequest { request, channel_id: self.channel_id.clone(), name, max_bytes: MAX_BYTES };
        self.io.store_response(request).await
    }

    async fn refused(&self) {
        let why = "a recording's URL was refused: it does not lead to Zoom's cloud, or to the host of ZoomURL, ZoomAPIURL or one below";
        self.io.log(Level::Warn, why, &[]).await;
    }

    /// `key` names the reply below its card. Answers whether it is over: it stands, or never will.
    async fn post(
        &self,
        message: String,
        card: Option<Card>,
        file_ids: Vec<String>,
        key: &str,
    ) -> Result<bool, Error> {
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
            // The thread is gone.
            Ok(_) | Err(HostError::NotFound) => Ok(true),
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

/// Whether the same download can go well later: Zoom also says 404 of a file that is not ready yet.
fn may_pass(why: &FileError) -> bool {
    match why {
        FileError::Status(status) => matches!(status, 404 | 408 | 425 | 429) || !(300..500).contains(status),
        FileError::Unavailable(_) | FileError::Other(_) => true,
        FileError::Denied | FileError::TooLarge(_) | FileError::Unsupported => false,
    }
}
