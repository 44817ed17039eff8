//! The page behind a join link, so that a link in a chat leads somewhere.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use serde::Deserialize;

use crate::{Instance, MeetingStatus, MeetingView, ZoomSim};

pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new().route("/j/{id}", get(join)).with_state(sim)
}

#[derive(Deserialize)]
struct Passcode {
    pwd: Option<String>,
}

async fn join(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
    Query(passcode): Query<Passcode>,
) -> (StatusCode, Html<String>) {
    let view = id.parse().ok().and_then(|id| sim.meeting(id));
    match view {
        None => (StatusCode::NOT_FOUND, page("This meeting link is invalid", &[])),
        Some(view) => {
            let lines = [state(&view), protection(&view, passcode.pwd.as_deref())];
            (StatusCode::OK, page(&view.meeting.topic, &lines))
        }
    }
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

fn page(title: &str, lines: &[String]) -> Html<String> {
    let title = escaped(title);
    let lines: String = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
    Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <body style=\"font: 1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem\">\n\
         <h1>{title}</h1>\n{lines}<p>This is a simulated Zoom: there is no picture and no sound here.</p>\n"
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
