//! The pages behind the links of meetings and recordings, so that a link in a chat leads somewhere.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderName, StatusCode, header},
    response::Html,
    routing::get,
};
use serde::Deserialize;

use crate::{Instance, MeetingStatus, MeetingView, Recording, ZoomSim};

pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/j/{id}", get(join))
        .route("/rec/play/{key}", get(recording))
        .route("/rec/share/{key}", get(recording))
        .route("/signin", get(sign_in))
        .with_state(sim)
}

/// Nothing is loaded, whatever a host around this allows; the style stands in the page.
pub(crate) type Page = ([(HeaderName, &'static str); 1], Html<String>);
const POLICY: (HeaderName, &str) =
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");

#[derive(Deserialize)]
struct Passcode {
    pwd: Option<String>,
}

async fn join(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
    Query(passcode): Query<Passcode>,
) -> (StatusCode, Page) {
    let view = id.parse().ok().and_then(|id| sim.meeting(id));
    match view {
        None => (StatusCode::NOT_FOUND, page("This meeting link is invalid", &[])),
        Some(view) => {
            let lines = [state(&view), protection(&view, passcode.pwd.as_deref())];
            (StatusCode::OK, page(&view.meeting.topic, &lines))
        }
    }
}

/// Where whoever is not signed in ends, with the status of a success.
async fn sign_in() -> Page {
    page("Sign In", &["Zoom would ask for an e-mail address and a password.".to_owned()])
}

/// What somebody brings to the player of a recording.
#[derive(Deserialize)]
struct Viewer {
    /// In the link.
    pwd: Option<String>,
    /// In the player's form.
    typed: Option<String>,
}

/// A recording, by the link to its player or to all of its files. Of its two passcodes `password` is what the player asks
/// for, and `recording_play_passcode` opens it in the link alone.
async fn recording(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
    Query(viewer): Query<Viewer>,
) -> (StatusCode, Page) {
    let end = format!("/{key}");
    let leads_here = |recording: &&Recording| {
        let mut links = recording.files.iter().filter_map(|file| file.play_url.as_ref());
        recording.share_url.ends_with(&end) || links.any(|link| link.ends_with(&end))
    };
    let recordings = sim.recordings();
    let Some(recording) = recordings.iter().find(leads_here) else {
        return (StatusCode::NOT_FOUND, page("This recording does not exist", &[]));
    };
    let is_open = viewer.pwd.as_ref() == Some(&recording.play_passcode)
        || viewer.typed.as_ref() == Some(&recording.password);
    let protection = match recording.password.as_str() {
        "" => "Everyone with the link may see it.",
        _ if is_open => "It plays.",
        _ if viewer.typed.is_some() => "That is not the passcode: Zoom would ask again.",
        _ => "Zoom would ask for its passcode.",
    };
    let length = format!("A recording of {} min. {protection}", recording.minutes());
    let files = recording.files.iter().map(|file| format!("{}: {} bytes", file.recording_type, file.size));
    let lines: Vec<String> = std::iter::once(length).chain(files).collect();
    (StatusCode::OK, page(&recording.topic, &lines))
}

fn state(view: &MeetingView) -> String {
    let id = view.meeting.id;
    match view.status {
        MeetingStatus::Waiting => format!("Meeting {id} waits for its host to start it."),
        MeetingStatus::Ended => format!("Meeting {id} is over."),
        MeetingStatus::Started => {
            let people =
                view.meeting.running.as_ref().map_or(0, |running| Instance::present(running).count());
            format!("Meeting {id} is running. People in it: {people}.")
        }
    }
}

fn protection(view: &MeetingView, said: Option<&str>) -> String {
    let wanted = view.meeting.encrypted_password.as_str();
    match said {
        _ if wanted.is_empty() => "It has no passcode: people wait in the waiting room.",
        Some(said) if said == wanted => "The link carries the right passcode.",
        Some(_) => "The passcode in the link is wrong: Zoom would ask for the right one.",
        None => "The link carries no passcode: Zoom would ask for it.",
    }
    .to_owned()
}

fn page(title: &str, lines: &[String]) -> Page {
    let lines: String = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
    let note = "<p>This is a simulated Zoom: there is no picture and no sound here.</p>\n";
    document(title, &format!("{lines}{note}"))
}

/// A page with this title above `body`, which is HTML.
pub(crate) fn document(title: &str, body: &str) -> Page {
    let title = escaped(title);
    let html = Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <body style=\"font: 1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem\">\n\
         <h1>{title}</h1>\n{body}"
    ));
    ([POLICY], html)
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
