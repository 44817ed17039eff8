//! `GET /meetings/{id}/invitation`

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{ApiError, meetings::number};
use crate::{
    Meeting, ZoomSim,
    clock::{UnixMs, timestamp},
    meetings::{Meetings, kind},
};

/// The text that hosts paste into mails: link, passcode, numbers to dial.
pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now_ms = sim.now_ms();
    let id = number(&id)?;
    let state = sim.state();
    let meeting = state.visible(id, now_ms).ok_or_else(|| ApiError::no_meeting(id))?;
    let host = state.users.find(&meeting.host_id).map_or("", |host| host.display_name.as_str());
    Ok(Json(json!({ "invitation": text(meeting, host, now_ms), "sip_links": [] })))
}

fn text(meeting: &Meeting, host: &str, now_ms: UnixMs) -> String {
    let number = spaced(meeting.pmi.unwrap_or(meeting.id));
    let mut lines = vec![format!("{host} asks you to a Zoom meeting."), String::new()];
    lines.push(format!("Topic: {}", meeting.topic));
    if let Some(time) = time(meeting, now_ms) {
        lines.push(format!("Time: {time}"));
    }
    lines.extend([String::new(), "Join".into(), meeting.join_url.clone(), String::new()]);
    lines.push(format!("Meeting ID: {number}"));
    if !meeting.password.is_empty() {
        lines.push(format!("Passcode: {}", meeting.password));
    }
    lines.extend([String::new(), "---".into(), String::new(), "By telephone".into()]);
    let numbers = meeting.settings.get("global_dial_in_numbers").and_then(Value::as_array);
    for dial_in in numbers.into_iter().flatten() {
        let part = |name: &str| dial_in[name].as_str().unwrap_or_default();
        let digits: String = part("number").chars().filter(char::is_ascii_digit).collect();
        let passcode = match meeting.dial_in_password.as_str() {
            "" => String::new(),
            passcode => format!(",,,,*{passcode}#"),
        };
        let id = meeting.pmi.unwrap_or(meeting.id);
        lines.push(format!("+{digits},,{id}#{passcode} {} ({})", part("country"), part("city")));
    }
    lines.join("\r\n")
}

/// When it is planned, in the meeting's own time zone.
fn time(meeting: &Meeting, now_ms: UnixMs) -> Option<String> {
    if [kind::INSTANT, kind::PERSONAL, kind::RECURRING].contains(&meeting.kind) {
        return None;
    }
    let start = timestamp(Meetings::next_start_ms(meeting, now_ms)?);
    let local = start.in_tz(&meeting.timezone).ok()?;
    Some(format!("{} {}", local.strftime("%b %-d, %Y %I:%M %p"), meeting.timezone))
}

/// `823 4567 8901`, as people read it.
fn spaced(id: u64) -> String {
    let digits = id.to_string();
    let (first, rest) = digits.split_at(digits.len().min(3));
    let (second, third) = rest.split_at(rest.len().saturating_sub(4));
    [first, second, third].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
