//! `GET /meetings/{id|uuid}/recordings`

use axum::{
    Json,
    extract::{Query, Request, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, past_meetings};
use crate::{
    Recording, RecordingFile, ZoomSim,
    clock::{UnixMs, iso},
};

/// A token of the API lives so long if nothing is said, in seconds: as long as one of a delivery.
const TTL_S_MAX: i64 = 604_800;

#[derive(Deserialize)]
pub(crate) struct Extras {
    include_fields: Option<String>,
    ttl: Option<String>,
}

/// By number the last instance that was recorded; by uuid that one. `id` and `type` are strings here.
pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Query(extras): Query<Extras>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let key = past_meetings::key(request.uri().path(), "/meetings/", "/recordings");
    let life_ms = life_ms(extras.ttl.as_deref())?;
    let wants_token = extras.include_fields.is_some_and(|fields| fields.contains("download_access_token"));
    let now_ms = sim.now_ms();
    let state = &mut *sim.state();
    let id = key.parse::<u64>().ok();
    let found = match id {
        Some(id) => state.recordings.by_meeting(id),
        None => state.recordings.by_uuid(&key),
    };
    let recording = match found {
        Some(recording) => recording.clone(),
        None if id.is_some_and(|id| state.meetings.get(id).is_some())
            || state.meetings.past_by_uuid(&key).is_some() =>
        {
            let message = "There is no recording for this meeting.";
            return Err(ApiError::new(StatusCode::NOT_FOUND, 3301, message));
        }
        None => return Err(ApiError::no_meeting(&key)),
    };
    let files: Vec<Value> = recording
        .files
        .iter()
        .map(|file| {
            let link = state.recordings.link(recording.number, &file.id, &mut state.ids);
            let link = format!("{}/rec/download/{link}", state.config.web_url);
            file_document(&recording, file, &link, now_ms)
        })
        .collect();
    let mut document = document(&recording, &state.config.account_id, files);
    if wants_token {
        let token = state.recordings.token(recording.number, life_ms, &mut state.ids, now_ms);
        document["download_access_token"] = token.into();
    }
    Ok(Json(document))
}

fn document(recording: &Recording, account_id: &str, files: Vec<Value>) -> Value {
    json!({
        "uuid": recording.uuid,
        "id": recording.meeting_id.to_string(),
        "account_id": account_id,
        "host_id": recording.host_id,
        "topic": recording.topic,
        "type": recording.kind.to_string(),
        "start_time": iso(recording.started_ms),
        "timezone": recording.timezone,
        "host_email": recording.host_email,
        "duration": recording.minutes(),
        "total_size": recording.files.iter().map(|file| file.size).sum::<u64>(),
        "recording_count": files.len(),
        "share_url": recording.share_url,
        "password": recording.password,
        "recording_play_passcode": recording.play_passcode,
        "recording_files": files,
    })
}

fn file_document(recording: &Recording, file: &RecordingFile, link: &str, now_ms: UnixMs) -> Value {
    let mut document = json!({
        "id": file.id,
        "meeting_id": recording.uuid,
        "recording_start": iso(file.starts_ms),
        "recording_end": iso(file.ends_ms),
        "recording_type": file.recording_type,
        "file_type": file.file_type,
        "file_extension": file.file_extension,
        "file_size": file.size,
        "download_url": link,
        "status": file.status(now_ms),
    });
    if let Some(play_url) = &file.play_url {
        document["play_url"] = play_url.as_str().into();
    }
    document
}

fn life_ms(ttl: Option<&str>) -> Result<Option<i64>, ApiError> {
    let Some(ttl) = ttl else { return Ok(None) };
    let seconds = ttl.parse().ok().filter(|seconds| (0..=TTL_S_MAX).contains(seconds));
    seconds.map(|seconds: i64| Some(seconds * 1000)).ok_or_else(|| ApiError::fields(vec!["ttl".into()]))
}
