//! What is behind the links of a recording: its files, and pages instead of a player.
//!
//! `/rec/webhook_download/{link}` and `/rec/download/{link}` want a token and lead on; what they lead to,
//! `/cmr/replay/{link}`, is open to whoever knows the address, as signed addresses are.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::body::{Body as HttpBody, Frame};
use serde_json::json;

use crate::{
    FileBody, RecordingFile, Redirect, Refusal, ZoomSim,
    api::{self, Hint},
    recordings::kind::Kind,
};

/// Endless bodies come in pieces of this size.
const CHUNK_BYTES: usize = 64 * 1024;

/// The files, with the same log and the same faults as the API.
pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/rec/webhook_download/{link}", get(download))
        .route("/rec/download/{link}", get(download))
        .route("/cmr/replay/{link}", get(replay))
        .layer(middleware::from_fn_with_state(sim.clone(), api::open_gate))
        .with_state(sim)
}

async fn download(State(sim): State<ZoomSim>, Path(link): Path<String>, headers: HeaderMap) -> Response {
    match admit(&sim, &link, &headers) {
        Err(refused)
            if refused.status == StatusCode::UNAUTHORIZED && sim.downloads().refusal == Refusal::SignIn =>
        {
            let mut response = found(&format!("{}/signin", sim.web_url()));
            response.extensions_mut().extend(refused.into_response().extensions().clone());
            response
        }
        Err(refused) => refused.into_response(),
        Ok(()) => lead_on(&sim, &link),
    }
}

async fn replay(State(sim): State<ZoomSim>, Path(link): Path<String>) -> Response {
    if sim.downloads().redirect == Redirect::Loop {
        let back = format!("{}/rec/webhook_download/{link}", sim.web_url());
        return found(&back);
    }
    send(&sim, &link)
}

/// Whether the caller may have the file: with the token of a delivery, or with one that the API takes.
fn admit(sim: &ZoomSim, link: &str, headers: &HeaderMap) -> Result<(), Refused> {
    let now_ms = sim.now_ms();
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let state = sim.state();
    let Some((recording, file)) = state.recordings.file(link) else {
        return Err(Refused::UNKNOWN);
    };
    let bearer = authorization
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map_or("", |(_, token)| token.trim());
    if !state.recordings.opens(bearer, recording.number, now_ms)
        && let Err(refused) = state.check_recordings_of(headers, &recording.host_id, now_ms)
    {
        let hint =
            format!("no token of a delivery of this recording, and as a token of the API: {}", refused.hint);
        return Err(Refused { status: StatusCode::UNAUTHORIZED, message: "Forbidden", hint: Some(hint) });
    }
    if now_ms < file.ready_ms {
        return Err(Refused { message: "This recording is still processing.", ..Refused::UNKNOWN });
    }
    Ok(())
}

fn lead_on(sim: &ZoomSim, link: &str) -> Response {
    let base = match sim.downloads().redirect {
        Redirect::None => return send(sim, link),
        Redirect::SameOrigin | Redirect::Loop => sim.web_url(),
        Redirect::OtherOrigin => sim.other_origin().unwrap_or_default(),
        Redirect::To(base) => base,
    };
    let next = {
        let state = &mut *sim.state();
        state.recordings.link_like(link, &mut state.ids)
    };
    match next {
        Some(next) => found(&format!("{base}/cmr/replay/{next}")),
        None => Refused::UNKNOWN.into_response(),
    }
}

fn found(location: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

fn send(sim: &ZoomSim, link: &str) -> Response {
    let body = sim.downloads().body;
    let state = sim.state();
    let Some((_, file)) = state.recordings.file(link) else {
        return Refused::UNKNOWN.into_response();
    };
    let length = match body {
        FileBody::Endless => None,
        FileBody::Announced(bytes) => Some(bytes),
        FileBody::Whole | FileBody::Cut => Some(file.content.len() as u64),
    };
    let content = match body {
        FileBody::Whole => Body::from(file.content.clone()),
        FileBody::Endless | FileBody::Announced(_) => Body::new(Filler::Endless),
        FileBody::Cut => Body::new(Filler::Part(file.content[..file.content.len() / 2].to_vec())),
    };
    let mut response = (StatusCode::OK, headers(file), content).into_response();
    if let Some(length) = length {
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    response
}

fn headers(file: &RecordingFile) -> [(header::HeaderName, String); 2] {
    let media_type =
        Kind::find(file.recording_type).map_or("application/octet-stream", |kind| kind.media_type);
    let name =
        format!("attachment; filename=\"{}.{}\"", file.recording_type, file.file_extension.to_lowercase());
    [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, name)]
}

/// A refusal; its form at Zoom's web site differs from the API's.
struct Refused {
    status: StatusCode,
    message: &'static str,
    hint: Option<String>,
}

impl Refused {
    const UNKNOWN: Self =
        Self { status: StatusCode::NOT_FOUND, message: "This recording does not exist.", hint: None };
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let code = self.status.as_u16();
        let body =
            json!({ "status": false, "errorCode": code, "errorMessage": self.message, "result": null });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(hint) = self.hint {
            response.extensions_mut().insert(Hint(hint));
        }
        response
    }
}

/// A body that is not what a caller hopes for.
enum Filler {
    Endless,
    /// This part, and then [`Filler::Sent`].
    Part(Vec<u8>),
    /// Waits once: what was given is sent only then.
    Sent,
    Broken,
}

impl HttpBody for Filler {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let piece = match &mut *self {
            Self::Endless => Bytes::from_static(&[0; CHUNK_BYTES]),
            Self::Part(part) => {
                let part = std::mem::take(part);
                *self = Self::Sent;
                part.into()
            }
            Self::Sent => {
                *self = Self::Broken;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Self::Broken => {
                let error = "the simulated Zoom ended the download, as a test asked it to";
                return Poll::Ready(Some(Err(io::Error::other(error))));
            }
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
