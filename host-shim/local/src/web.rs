//! The page, what it asks for, and the plugin's own URL.

mod assets;
mod chat;
mod error;
mod events;
pub mod guard;
mod plugin;
mod public;
mod regional;
mod session;
mod settings;
mod told;
mod zoom;

use crate::{app::App, server::PLUGIN_PATH};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{any, delete, get, post},
};
use guard::Guard;
use std::{path::PathBuf, sync::Arc};

/// What the page may load: its own files and nothing else, and no script that stands in the page itself.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Largest body that the page sends, in bytes: a long message with room to spare.
const PAGE_BODY_BYTES_MAX: usize = 256 * 1024;

/// Everything that is served. `public` is the folder of the plugin's web client, where there is one.
pub fn router(app: Arc<App>, guard: Guard, public: Option<PathBuf>) -> Router {
    let page = Router::new()
        .route("/", get(assets::page))
        .route("/assets/{name}", get(assets::asset))
        .route("/health", get(assets::health))
        .route("/files/{id}", get(chat::file))
        .route("/api/state", get(chat::state))
        .route("/api/events", get(events::stream))
        .route("/api/log", get(chat::log))
        .route("/api/me", post(session::switch))
        .route("/api/regional", post(regional::note))
        .route("/api/settings", get(settings::show).post(settings::change))
        .route("/api/channels/{id}/posts", get(chat::posts).post(told::say))
        .route("/api/channels/{id}/read", post(chat::read))
        .route("/api/posts/{id}", delete(chat::remove))
        .route("/api/posts/{id}/actions/{button}", post(told::press))
        .route("/api/private/{id}", delete(chat::dismiss))
        .route("/api/forms/{id}", post(told::answer))
        .merge(zoom::router(&app))
        .layer(DefaultBodyLimit::max(PAGE_BODY_BYTES_MAX));
    let below_plugin = format!("{PLUGIN_PATH}/{{*path}}");
    let public_file = get(move |Path(path)| public::file(public, path));
    Router::new()
        .route(&format!("{PLUGIN_PATH}/public/{{*path}}"), public_file)
        .route(&below_plugin, any(plugin::serve).layer(DefaultBodyLimit::disable()))
        .merge(page)
        .with_state(app)
        .layer(middleware::from_fn(add_headers))
        .layer(middleware::from_fn_with_state(Arc::new(guard), check))
}

async fn check(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    match guard.judge(request.method(), request.uri().path(), request.headers()) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refusal) => error::refuse(refusal.status, &refusal.reason),
    }
}

async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Join links hold passcodes.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
