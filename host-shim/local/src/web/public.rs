//! What the plugin's web client fetches, from a folder. No session is needed, and the plugin is not asked: so do chat servers.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::path::{Path, PathBuf};

/// A file below the folder.
pub(super) async fn file(folder: Option<PathBuf>, path: String) -> Response {
    let Some(file) = folder.and_then(|folder| below(&folder, &path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = kind(&file);
    let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await;
    match read {
        Ok(Ok(content)) => ([(header::CONTENT_TYPE, kind)], content).into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Nothing above the folder, and nothing hidden in it.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    let parts: Vec<&str> = path.split('/').collect();
    parts.iter().all(|part| plain(part)).then(|| folder.join(parts.iter().collect::<PathBuf>()))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some(_) | None => "application/octet-stream",
    }
}
