//! The plugin's own URL.

use super::{
    error::{ApiError, refuse, say},
    guard::Caller,
    session::signed_in,
};
use crate::{app::App, server::PLUGIN_PATH};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat_plugin_engine::{
    Arriving, BodyError,
    api::{
        hooks,
        http_client::{self, Method as PluginMethod},
    },
    call_failed, own_cookies,
};
use futures_util::StreamExt as _;
use host_sentences::Sentence;
use std::sync::Arc;

/// Headers that this program sets itself.
const OURS: [HeaderName; 4] =
    [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH, header::UPGRADE];

/// Hands a request to the plugin, and its answer back.
pub(super) async fn serve(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let Some(method) = method(&parts.method) else {
        return Ok(refuse(StatusCode::METHOD_NOT_ALLOWED, "The plugin knows no such method."));
    };
    let path = parts.uri.path().strip_prefix(PLUGIN_PATH).unwrap_or_default().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let user_id = signed_in(&app, caller, &parts.headers).await?;
    let party = app.party(&path, &query, user_id.as_deref());
    // Held until the request is answered.
    let mut arriving = app.engine().bodies().admit(party.clone());
    let body = match read(body, &mut arriving).await {
        Ok(Some(body)) => body,
        Ok(None) => return Ok(refuse(StatusCode::BAD_REQUEST, "The body cannot be read.")),
        Err(refusal) => {
            let mut response = refusal.response();
            if let Some(sentence) = Sentence::of_body(refusal) {
                response.body = say(&app, user_id.as_deref(), sentence).await.into_bytes();
            }
            return Ok(answer(response));
        }
    };
    let headers = seen_by_plugin(&parts.headers);
    let request = hooks::Request { method, path, query, headers, body, user_id: user_id.clone() };
    Ok(answer(match app.engine().serve_http_for(&party, "", request).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!("{error}");
            let body = say(&app, user_id.as_deref(), Sentence::of(&error)).await.into_bytes();
            http_client::Response { body, ..call_failed(&error) }
        }
    }))
}

/// The whole body; `None` if the client breaks it off.
async fn read(body: Body, arriving: &mut Arriving) -> Result<Option<Vec<u8>>, BodyError> {
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(piece) = arriving.wait(pieces.next()).await? {
        let Ok(piece) = piece else { return Ok(None) };
        arriving.grow(piece.len())?;
        whole.extend_from_slice(&piece);
    }
    arriving.end()?;
    Ok(Some(whole))
}

fn method(method: &Method) -> Option<PluginMethod> {
    let known = [
        (Method::GET, PluginMethod::Get),
        (Method::HEAD, PluginMethod::Head),
        (Method::OPTIONS, PluginMethod::Options),
        (Method::POST, PluginMethod::Post),
        (Method::PUT, PluginMethod::Put),
        (Method::PATCH, PluginMethod::Patch),
        (Method::DELETE, PluginMethod::Delete),
    ];
    known.into_iter().find(|(name, _)| name == method).map(|(_, method)| method)
}

fn seen_by_plugin(headers: &HeaderMap) -> Vec<(String, String)> {
    let seen = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let value = if name == header::COOKIE { own_cookies(&value)? } else { value };
        Some((name.to_string(), value))
    };
    headers.iter().filter_map(seen).collect()
}

fn answer(plugin: http_client::Response) -> Response {
    let Ok(status) = StatusCode::from_u16(plugin.status) else {
        tracing::error!("the plugin answered with status {}, which is none", plugin.status);
        return refuse(StatusCode::BAD_GATEWAY, "The plugin's answer makes no sense.");
    };
    let mut response = (status, Body::from(plugin.body)).into_response();
    // The text of a body has no type until the plugin says so.
    response.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in plugin.headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            continue;
        };
        if !OURS.contains(&name) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
