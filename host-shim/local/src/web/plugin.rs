//! The plugin's own URL.

use super::{
    error::{ApiError, refuse},
    guard::Caller,
    session::signed_in,
};
use crate::{app::App, server::PLUGIN_PATH};
use axum::{
    Extension,
    body::{self, Body},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat_plugin_engine::{
    api::{
        hooks,
        http_client::{self, Method as PluginMethod},
    },
    limits::MAX_BODY,
    own_cookies,
};
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
    let Ok(body) = body::to_bytes(body, MAX_BODY).await else {
        return Ok(refuse(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 1 MiB."));
    };
    let request = hooks::Request {
        method,
        path: parts.uri.path().strip_prefix(PLUGIN_PATH).unwrap_or_default().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: seen_by_plugin(&parts.headers),
        body: body.to_vec(),
        user_id: signed_in(&app, caller, &parts.headers).await?,
    };
    Ok(answer(app.engine().serve_http(request).await?))
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
