//! Files of a recording, from Zoom into a channel.

use super::LATEST_BEGIN_MS;
use super::text::Attachment;
use crate::account::api::Api;
use crate::account::recordings::{self, Recorded};
use crate::flow::{FileRequest, Io};
use crate::model::{FileError, HttpRequest, Level, Method};
use crate::settings::{Secret, Settings};
use crate::zoom::hosts;
use crate::zoom::recording::{Part, Recording, part_id};
use std::cell::RefCell;
use url::Url;

/// Largest file that is passed on.
const MAX_BYTES: u64 = 10 << 20;
/// For a whole download: what is this large comes within it over any line that a server has.
const TIMEOUT_MS: u32 = 100_000;
/// A file that is refused right after its event is not ready yet. One that is still refused after this needs another token.
const TOKEN_TRUSTED_MS: u64 = 3_600_000;

/// The files of one recording, while a run passes it on.
pub(super) struct Downloads<'a> {
    io: &'a Io,
    settings: &'a Settings,
    recording: &'a Recording,
    /// What Zoom said when it was asked for a new token: once a run. `None`: not asked yet.
    renewed: RefCell<Option<Recorded>>,
}

impl<'a> Downloads<'a> {
    pub(super) fn new(io: &'a Io, settings: &'a Settings, recording: &'a Recording) -> Self {
        Self { io, settings, recording, renewed: RefCell::default() }
    }

    /// Stores a part's file in a channel, and answers its id. Zoom is asked for a new token in the name of `user_id`.
    pub(super) async fn store(
        &self,
        part: &Part,
        file: Attachment,
        channel_id: &str,
        user_id: &str,
    ) -> Result<String, FileError> {
        let Some(url) = hosts::link(self.settings, &part.url) else {
            self.refused().await;
            return Err(FileError::Denied);
        };
        let first = self.fetch(url.clone(), self.recording.token.as_ref(), file, channel_id).await;
        let age_ms = self.io.now_ms().saturating_sub(self.recording.received_ms);
        // Zoom refuses a token with a status, or with a page to sign in to, which the host does not store.
        let may_be_refused = matches!(first, Err(FileError::Status(401 | 403) | FileError::Unavailable(_)));
        let took_ms = self.io.time().saturating_sub(self.io.now_ms());
        if !may_be_refused || age_ms < TOKEN_TRUSTED_MS || took_ms > LATEST_BEGIN_MS {
            return first;
        }
        if self.renewed.borrow().is_none() {
            let renewed = self.renew(user_id).await;
            self.renewed.replace(Some(renewed));
        }
        let (token, url) = {
            let renewed = self.renewed.borrow();
            let Some(Recorded { token: Some(token), files }) = renewed.as_ref() else { return first };
            let is_it = |file: &&recordings::File| {
                let session = file.session.as_deref().unwrap_or_default();
                part_id(&file.form, file.id.as_deref(), &self.recording.uuid, session) == part.id
            };
            let found = files.iter().find(is_it).map(|file| file.download_url.clone());
            (token.clone(), found.unwrap_or(url))
        };
        self.fetch(url, Some(&token), file, channel_id).await
    }

    /// Without an answer of Zoom's the file is tried again with what there is.
    async fn renew(&self, user_id: &str) -> Recorded {
        let asked = async {
            let user = self.io.find_user(user_id.to_owned()).await?;
            let zoom = Api::sign_in(self.io, self.settings, &user).await?;
            recordings::find(&zoom, &self.recording.uuid).await
        };
        match asked.await {
            Ok(recorded) => recorded,
            Err(error) => {
                let why = error
                    .log()
                    .map_or_else(|| "not possible for the card's author".to_owned(), |(_, why)| why);
                let what = "Zoom was asked for a new token for the files of a recording and gave none";
                self.io.log(Level::Info, what, &[("why", &why)]).await;
                Recorded::default()
            }
        }
    }

    async fn fetch(
        &self,
        url: Url,
        token: Option<&Secret>,
        file: Attachment,
        channel_id: &str,
    ) -> Result<String, FileError> {
        let bearer = token.map(|token| format!("Bearer {}", token.expose()));
        let request = HttpRequest {
            method: Method::Get,
            url: url.into(),
            headers: bearer.map(|bearer| ("authorization".to_owned(), bearer)).into_iter().collect(),
            body: Vec::new(),
            timeout_ms: TIMEOUT_MS,
        };
        let name = file.file_name().to_owned();
        let request = FileRequest { request, channel_id: channel_id.to_owned(), name, max_bytes: MAX_BYTES };
        self.io.store_response(request).await
    }

    /// Says that a URL of the recording is not Zoom's.
    pub(super) async fn refused(&self) {
        let why = "a recording's URL was refused: it does not lead to Zoom's cloud, or to the host of ZoomURL, ZoomAPIURL or one below";
        self.io.log(Level::Warn, why, &[]).await;
    }
}

/// Whether the same download can go well later: Zoom also says 401 and 404 of a file that is not ready yet, and a page in place of a
/// file is none.
pub(super) fn may_pass(why: &FileError) -> bool {
    match why {
        FileError::Status(status) => {
            matches!(status, 401 | 403 | 404 | 408 | 425 | 429) || !(300..500).contains(status)
        }
        FileError::Unavailable(_) | FileError::Other(_) => true,
        FileError::Denied | FileError::TooLarge(_) | FileError::Unsupported => false,
    }
}
