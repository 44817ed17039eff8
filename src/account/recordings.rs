//! Zoom's cloud recordings. Source: "Get meeting recordings".

use super::api::{Answer, Api, uuid_segment};
use crate::error::Error;
use crate::json::Shape;
use crate::settings::{Secret, Settings};
use crate::zoom::hosts;
use crate::zoom::read::Members;
use crate::zoom::recording::{FILES, is_header_value};
use url::Url;

/// How long a token for downloads shall live, in seconds: they follow at once.
const TOKEN_LIFE_S: &str = "3600";

/// The recording of an instance, as far as its files are to be downloaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Lets files be downloaded.
    pub token: Option<Secret>,
    /// Those with a URL of Zoom's.
    pub files: Vec<File>,
}

/// A file of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Zoom's own id.
    pub id: Option<String>,
    /// `recording_type`: what it shows. May be empty.
    pub form: String,
    /// When its recording session began, as Zoom writes it.
    pub session: Option<String>,
    /// Where it is downloaded.
    pub download_url: Url,
}

impl Answer for Recorded {
    const WANTED: Shape =
        Shape::Members(&[("download_access_token", Shape::Plain), ("recording_files", FILES)]);

    fn read(answer: Members<'_>, settings: &Settings) -> Option<Self> {
        let file = |file: Members<'_>| {
            Some(File {
                id: file.text("id"),
                form: file.text("recording_type").unwrap_or_default(),
                session: file.text("recording_start"),
                download_url: hosts::link(settings, &file.text("download_url")?)?,
            })
        };
        let token = answer.text("download_access_token").filter(|token| is_header_value(token));
        Some(Self {
            token: Some(Secret::new(token?)),
            files: answer.items("recording_files").filter_map(file).collect(),
        })
    }
}

/// `GET /meetings/{uuid}/recordings`, with a token for downloads.
///
/// # Errors
/// Zoom errors; bugs.
pub async fn find(api: &Api<'_>, uuid: &str) -> Result<Recorded, Error> {
    let query = [("include_fields", "download_access_token"), ("ttl", TOKEN_LIFE_S)];
    api.get(&["meetings", &uuid_segment(uuid), "recordings"], &query).await
}
