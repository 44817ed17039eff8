//! `GET /users/{user}/meetings` and `GET /users/{user}/upcoming_meetings`

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ApiError, UserKey,
    paging::{self, PageQuery},
    users,
};
use crate::{
    Meeting, MeetingStatus, MeetingView, UnixMs, User, ZoomSim,
    clock::iso,
    meetings::{DAY_MS, Meetings, kind},
    sim::State as SimState,
};

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    r#type: Option<String>,
}

/// Which meetings are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Scheduled,
    Live,
    Upcoming,
    Previous,
}

/// `GET /users/{me|id|email}/meetings`: planned meetings only, never instant ones.
pub(crate) async fn list(
    State(sim): State<ZoomSim>,
    UserKey(key): UserKey,
    Query(query): Query<ListQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Value>, ApiError> {
    let user = users::find(&sim, &key)?;
    let wanted = wanted(query.r#type.as_deref())?;
    let now_ms = sim.now_ms();
    let state = &mut *sim.state();
    let all = entries(state, &user, wanted, now_ms);
    let list = format!("meetings of {}, {:?}", user.id, query.r#type);
    Ok(Json(paging::page(state, &page, ("meetings", &list), &all, now_ms)?))
}

/// `GET /users/{me|id|email}/upcoming_meetings`: what is planned for the next 24 hours. An unknown user is
/// 404/3001 here.
pub(crate) async fn upcoming(
    State(sim): State<ZoomSim>,
    UserKey(key): UserKey,
) -> Result<Json<Value>, ApiError> {
    let user = users::find(&sim, &key).map_err(|_| ApiError::no_meeting(&key))?;
    let now_ms = sim.now_ms();
    let state = sim.state();
    let views = hosted(&state, &user, now_ms).into_iter();
    let soon = views.filter_map(|view| {
        let start_ms = Meetings::next_start_ms(&view.meeting, now_ms)?;
        let planned = (now_ms..=now_ms.saturating_add(DAY_MS)).contains(&start_ms);
        planned.then(|| (start_ms, upcoming_entry(&view.meeting, start_ms)))
    });
    let mut soon: Vec<(UnixMs, Value)> = soon.collect();
    soon.sort_by_key(|(start_ms, _)| *start_ms);
    let meetings: Vec<Value> = soon.into_iter().map(|(_, entry)| entry).collect();
    Ok(Json(json!({ "total_records": meetings.len(), "meetings": meetings })))
}

fn entries(state: &SimState, user: &User, wanted: Wanted, now_ms: UnixMs) -> Vec<Value> {
    let mut entries: Vec<(UnixMs, Value)> = Vec::new();
    for view in all_planned(state, user, now_ms) {
        let meeting = &view.meeting;
        if wanted == Wanted::Previous {
            for instance in &meeting.past {
                let ended_ms = instance.ended_ms.unwrap_or(instance.started_ms);
                let minutes = (ended_ms - instance.started_ms).max(0).unsigned_abs().div_ceil(60_000);
                let entry = entry(meeting, &instance.uuid, Some(instance.started_ms), minutes);
                // Newest first.
                entries.push((-instance.started_ms, entry));
            }
            continue;
        }
        let start_ms = Meetings::next_start_ms(meeting, now_ms);
        let is_live = view.status == MeetingStatus::Started;
        let is_ahead = start_ms.is_none_or(|start_ms| start_ms >= now_ms);
        let shown = match wanted {
            Wanted::Live => is_live,
            Wanted::Upcoming => view.status != MeetingStatus::Ended && (is_live || is_ahead),
            Wanted::Scheduled | Wanted::Previous => view.status != MeetingStatus::Ended,
        };
        if shown {
            let uuid = state.meetings.room(meeting.id).map_or(&meeting.uuid, |room| &room.uuid);
            let entry = entry(meeting, uuid, start_ms, u64::from(meeting.duration_min));
            entries.push((start_ms.unwrap_or(meeting.created_ms), entry));
        }
    }
    entries.sort_by_key(|(order, _)| *order);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The user's planned meetings that are not over.
fn hosted(state: &SimState, user: &User, now_ms: UnixMs) -> Vec<MeetingView> {
    let mut views = all_planned(state, user, now_ms);
    views.retain(|view| view.status != MeetingStatus::Ended);
    views
}

fn all_planned(state: &SimState, user: &User, now_ms: UnixMs) -> Vec<MeetingView> {
    let is_planned = |meeting: &&Meeting| {
        meeting.host_id == user.id && ![kind::INSTANT, kind::PERSONAL].contains(&meeting.kind)
    };
    let ids: Vec<u64> = state.meetings.all().filter(is_planned).map(|meeting| meeting.id).collect();
    ids.into_iter().filter_map(|id| state.meeting_view(id, now_ms)).collect()
}

/// A meeting in a list. Of one that repeats there is one entry, as the list was seen to hold the whole series.
fn entry(meeting: &Meeting, uuid: &str, start_ms: Option<UnixMs>, minutes: u64) -> Value {
    let mut entry = json!({
        "uuid": uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.kind,
        "duration": minutes,
        "timezone": meeting.timezone,
        "agenda": meeting.agenda,
        "created_at": iso(meeting.created_ms),
        "join_url": meeting.join_url,
    });
    if let Some(start_ms) = start_ms {
        entry["start_time"] = iso(start_ms).into();
    }
    if let Some(pmi) = meeting.pmi {
        entry["pmi"] = pmi.to_string().into();
    }
    entry
}

fn upcoming_entry(meeting: &Meeting, start_ms: UnixMs) -> Value {
    json!({
        "id": meeting.id,
        "topic": meeting.topic,
        "type": meeting.kind,
        "start_time": iso(start_ms),
        "duration": meeting.duration_min,
        "timezone": meeting.timezone,
        "created_at": iso(meeting.created_ms),
        "join_url": meeting.join_url,
        "passcode": meeting.password,
        "use_pmi": meeting.pmi.is_some(),
        "is_host": true,
    })
}

fn wanted(text: Option<&str>) -> Result<Wanted, ApiError> {
    match text.unwrap_or("scheduled") {
        "scheduled" => Ok(Wanted::Scheduled),
        "live" => Ok(Wanted::Live),
        "upcoming" | "upcoming_meetings" => Ok(Wanted::Upcoming),
        "previous_meetings" => Ok(Wanted::Previous),
        _ => Err(ApiError::fields(vec!["type".into()])),
    }
}
