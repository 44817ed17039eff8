//! The page's own files, held in the program.

use super::session::{Me, sign_in_as};
use axum::{
    Json,
    extract::Path,
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

/// The page, and whoever opens it for the first time is signed in as the one whom it shows: the plugin is asked in their name.
pub(super) async fn page(Me(me): Me) -> ([(HeaderName, String); 1], Html<&'static str>) {
    ([sign_in_as(&me)], Html(include_str!("../../page/index.html")))
}

/// The page behind a simulated join link.
pub(super) fn meeting_page() -> Html<&'static str> {
    Html(include_str!("../../page/meeting.html"))
}

pub(super) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let Some((kind, content)) = find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], content).into_response()
}

fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    const STYLE: &str = "text/css; charset=utf-8";
    macro_rules! files {
        ($($kind:expr => $($name:literal),+;)+) => {
            match name {
                $($($name => Some(($kind, include_bytes!(concat!("../../page/", $name)).as_slice())),)+)+
                _ => None,
            }
        };
    }
    files! {
        SCRIPT => "theme.js", "app.js", "api.js", "model.js", "dom.js", "markdown.js", "sidebar.js", "timeline.js",
            "post.js", "card.js", "composer.js", "completion.js", "thread.js", "panel.js", "form.js", "menu.js", "people.js", "notice.js", "time.js", "icons.js", "meeting.js";
        STYLE => "base.css", "chat.css", "post.css", "panel.css", "meeting.css";
        "font/woff2" => "inter.woff2";
        "image/svg+xml" => "icon.svg";
    }
}
