//! The Zoom that a scenario plays in.

use super::World;
use serde_json::{Value, json};
use zoom_chat::model::{HttpError, HttpRequest, HttpResponse, Method, header};
use zoom_chat::time::parse_ms;

impl World {
    /// What was queued, else what a Zoom in good health says.
    pub(super) fn zoom(&mut self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        if let Some(Some(answer)) = self.zoom.pop_front() {
            return answer;
        }
        if header(&request.headers, "authorization").is_none() {
            let refusal = json!({ "code": 124, "message": "Invalid access token." });
            let date = ("Date".to_owned(), http_date(self.now_ms));
            return Ok(HttpResponse { headers: vec![date], ..json_response(401, &refusal) });
        }
        if request.url.contains("/past_meetings/") {
            // Nothing is over here, unless a scenario says so.
            let refusal = json!({ "code": 3001, "message": "Meeting does not exist." });
            return Ok(json_response(404, &refusal));
        }
        if let (Method::Get, Some((_, id))) = (request.method, request.url.split_once("/meetings/")) {
            let meeting = json!({
                "id": id, "uuid": "next==", "host_id": "z-alice", "type": 8, "topic": "Weekly",
                "join_url": format!("https://example.zoom.us/j/{id}?pwd=cGFzcw.1"), "password": "k3Q9pz",
            });
            return Ok(json_response(200, &meeting));
        }
        let name = asked_for(&request.url);
        if request.method == Method::Get {
            let user = json!({ "id": format!("z-{name}"), "email": format!("{name}@example.com") });
            return Ok(json_response(200, &user));
        }
        let id = self.next_number;
        self.next_number += 1;
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let meeting = json!({
            "id": id, "uuid": "b7Qe2hXkTnqPz0aVw1yCdA==", "host_id": format!("z-{name}"), "topic": body["topic"],
            "password": "k3Q9pz",
            "join_url": format!("https://example.zoom.us/j/{id}?pwd=ZmFrZXB3ZA.1"),
            "start_url": "https://example.zoom.us/s/host-key",
        });
        Ok(json_response(201, &meeting))
    }
}

/// Whose name a path of `/users/` has, by e-mail address or by Zoom's own id. A token of a user's own is Alice's.
fn asked_for(url: &str) -> &str {
    let user = url.split_once("/users/").map_or("me", |(_, user)| user);
    let user = user.split(['/', '@', '%']).next().unwrap_or_default();
    if user == "me" { "alice" } else { user.trim_start_matches("z-") }
}

/// `unreachable`, `timed-out`, `denied`, `too-large`, `broken`, or `404 body`, or `429 retry-after: 30 body`, or
/// `401 date: 2026-01-05T09:30:00Z body`. `well`: what a Zoom in good health says.
pub(super) fn zoom_answer(text: &str) -> Result<HttpResponse, HttpError> {
    match text {
        "unreachable" => return Err(HttpError::Unreachable("connection refused".to_owned())),
        "timed-out" => return Err(HttpError::TimedOut),
        "denied" => return Err(HttpError::Denied),
        "too-large" => return Err(HttpError::TooLarge(1 << 20)),
        "broken" => return Err(HttpError::Other("connection reset".to_owned())),
        _ => {}
    }
    let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (mut headers, mut body) = (Vec::new(), rest);
    for name in ["retry-after", "date"] {
        if let Some(rest) = rest.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")) {
            let (value, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let value = if name == "date" { http_date(parse_ms(value).unwrap()) } else { value.to_owned() };
            headers.push((name.to_owned(), value));
            body = rest;
        }
    }
    Ok(HttpResponse { status: number(status), headers, body: body.into() })
}

/// `Mon, 05 Jan 2026 09:30:00 GMT`, as servers write it.
fn http_date(ms: u64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(i64::try_from(ms / 1000).unwrap()).unwrap();
    let short = |name: String| name[..3].to_owned();
    let (weekday, month) = (short(time.weekday().to_string()), short(time.month().to_string()));
    let (hour, minute, second) = time.to_hms();
    format!("{weekday}, {:02} {month} {} {hour:02}:{minute:02}:{second:02} GMT", time.day(), time.year())
}

fn number(text: &str) -> u16 {
    text.parse().unwrap()
}

fn json_response(status: u16, body: &Value) -> HttpResponse {
    HttpResponse { status, headers: Vec::new(), body: body.to_string().into() }
}
