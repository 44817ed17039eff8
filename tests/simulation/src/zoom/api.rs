//! Zoom's REST API and token endpoint.

use super::sign_in::Answer;
use super::{PartKind, Zoom};
use crate::cast;
use crate::times::iso;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use zoom_chat::model::{HttpRequest, HttpResponse, Method, header};

/// What came of a request, for the model.
pub(crate) struct Answered {
    pub(crate) response: HttpResponse,
    pub(crate) noted: Noted,
}

/// What a request did that others have to know.
#[derive(Debug)]
pub(crate) enum Noted {
    Nothing,
    /// A meeting was made, with a token of this user's where it is not the account's.
    Made {
        number: u64,
    },
    /// A refresh token was used a second time.
    SpentAgain(super::Spent),
}

impl Zoom {
    /// Answers a request of this hook's.
    pub(crate) fn answer(&mut self, request: &HttpRequest, hook: u32, now_ms: u64) -> Answered {
        self.calls += 1;
        let plain = |response| Answered { response, noted: Noted::Nothing };
        let Ok(url) = Url::parse(&request.url) else { return plain(refusal(404, 2300, "no such address")) };
        let segments: Vec<String> = url.path_segments().into_iter().flatten().map(decode).collect();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (request.method, path.as_slice()) {
            (Method::Post, ["oauth", "token"]) => self.token(request, hook, now_ms),
            (Method::Post, ["oauth", "revoke"]) => {
                let token = field(request, "token");
                self.sign_ins.revoke(&token);
                plain(answer(200, &json!({ "status": "success" })))
            }
            (method, ["v2", rest @ ..]) => {
                let bearer = header(&request.headers, "authorization").unwrap_or_default();
                match self.sign_ins.bearer(bearer, now_ms) {
                    Some(whose) => self.api(method, rest, whose, request, now_ms),
                    None => plain(refusal(401, 124, "Invalid access token.")),
                }
            }
            _ => plain(refusal(404, 2300, "no such address")),
        }
    }

    fn token(&mut self, request: &HttpRequest, hook: u32, now_ms: u64) -> Answered {
        let got = match field(request, "grant_type").as_str() {
            "account_credentials" => self.sign_ins.account(now_ms),
            "authorization_code" => self.sign_ins.exchange(&field(request, "code"), hook, now_ms),
            "refresh_token" => self.sign_ins.refresh(&field(request, "refresh_token"), hook, now_ms),
            _ => Answer::Invalid,
        };
        let invalid = || answer(400, &json!({ "reason": "Invalid Token!", "error": "invalid_grant" }));
        match got {
            Answer::Tokens { access, refresh } => {
                let body = json!({
                    "access_token": access, "refresh_token": refresh, "token_type": "bearer", "expires_in": 3599,
                });
                Answered { response: answer(200, &body), noted: Noted::Nothing }
            }
            Answer::Invalid => Answered { response: invalid(), noted: Noted::Nothing },
            Answer::Again(spent) => Answered { response: invalid(), noted: Noted::SpentAgain(spent) },
        }
    }

    fn api(
        &mut self,
        method: Method,
        path: &[&str],
        whose: Option<usize>,
        request: &HttpRequest,
        now_ms: u64,
    ) -> Answered {
        let plain = |response| Answered { response, noted: Noted::Nothing };
        match (method, path) {
            (Method::Get, ["users", id]) => match user(id, whose) {
                Some(user) => plain(answer(200, &user_json(user))),
                None => plain(refusal(404, 1001, "User does not exist.")),
            },
            (Method::Post, ["users", id, "meetings"]) => match user(id, whose) {
                Some(user) => self.create(user, request),
                None => plain(refusal(404, 1001, "User does not exist.")),
            },
            (Method::Get, ["meetings", number]) => plain(self.meeting(number, whose)),
            (Method::Get, ["past_meetings", id]) => plain(self.past(id, whose)),
            (Method::Get, ["past_meetings", id, "instances"]) => plain(self.past_instances(id, whose)),
            (Method::Get, ["meetings", id, "recordings"]) => plain(self.recordings(id, whose, now_ms)),
            _ => plain(refusal(404, 2300, "no such address")),
        }
    }

    fn create(&mut self, host: usize, request: &HttpRequest) -> Answered {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let topic = body["topic"].as_str().unwrap_or_default().to_owned();
        let number = self.make(host, 1, &topic);
        let response = answer(201, &self.meeting_json(number));
        Answered { response, noted: Noted::Made { number } }
    }

    fn meeting(&self, number: &str, whose: Option<usize>) -> HttpResponse {
        let unknown = || refusal(404, 3001, "Meeting does not exist.");
        let Some((number, room)) = number.parse().ok().and_then(|n: u64| Some((n, self.rooms.get(&n)?)))
        else {
            return unknown();
        };
        let over = room.kind == 1 && self.newest(number).is_some() && self.running(number).is_none();
        if over || whose.is_some_and(|user| user != room.host) {
            return unknown();
        }
        answer(200, &self.meeting_json(number))
    }

    fn meeting_json(&self, number: u64) -> Value {
        let room = &self.rooms[&number];
        let running = self.running(number).map(|index| &self.instances[index]);
        let mut meeting = json!({
            "id": number,
            "uuid": running.map_or_else(|| format!("next{number}=="), |instance| instance.uuid.clone()),
            "host_id": cast::zoom_id(room.host), "topic": room.topic, "type": room.kind,
            "status": if running.is_some() { "started" } else { "waiting" },
            "join_url": format!("https://example.zoom.us/j/{number}?pwd=ZmFrZXB3ZA.1"), "password": "k3Q9pz",
        });
        if let Some(running) = running {
            meeting["start_time"] = json!(iso(running.start_ms));
        }
        meeting
    }

    /// By UUID, or the newest of a number.
    fn past(&self, id: &str, whose: Option<usize>) -> HttpResponse {
        let number: Option<u64> = id.parse().ok();
        let is_it = |index: &usize| {
            let instance = &self.instances[*index];
            instance.end_ms.is_some() && (instance.uuid == id || Some(instance.number) == number)
        };
        let Some(index) = (0..self.instances.len()).rev().find(is_it) else {
            return refusal(404, 3001, "This meeting is not available or ID is not valid.");
        };
        let instance = &self.instances[index];
        if whose.is_some_and(|user| user != instance.host) {
            return refusal(400, 1010, "User not found on this account");
        }
        answer(
            200,
            &json!({
                "uuid": instance.uuid, "id": instance.number, "host_id": cast::zoom_id(instance.host),
                "topic": self.rooms[&instance.number].topic, "type": self.rooms[&instance.number].kind,
                "start_time": iso(instance.start_ms), "end_time": iso(instance.end_ms.unwrap_or_default()),
                "duration": (instance.end_ms.unwrap_or_default() - instance.start_ms) / 60_000,
                "participants_count": 2,
            }),
        )
    }

    fn past_instances(&self, id: &str, whose: Option<usize>) -> HttpResponse {
        let number: u64 = id.parse().unwrap_or_default();
        let is_its = |instance: &&super::Instance| {
            instance.number == number
                && instance.end_ms.is_some()
                && whose.is_none_or(|user| user == instance.host)
        };
        let list = self.instances.iter().filter(is_its);
        let list: Vec<Value> = list
            .map(|instance| json!({ "uuid": instance.uuid, "start_time": iso(instance.start_ms) }))
            .collect();
        answer(200, &json!({ "meetings": list }))
    }

    fn recordings(&self, uuid: &str, whose: Option<usize>, now_ms: u64) -> HttpResponse {
        let found = self.instances.iter().position(|instance| instance.uuid == uuid && instance.recorded);
        match found {
            Some(index) if whose.is_none_or(|user| user == self.instances[index].host) => {
                let mut object = self.recording_object(index, |kind| kind != PartKind::Transcript);
                object["download_access_token"] = json!(super::events::download_token(now_ms));
                answer(200, &object)
            }
            Some(_) | None => refusal(404, 3301, "There is no recording for this meeting."),
        }
    }
}

/// Whom a path means, asked with this token.
fn user(id: &str, whose: Option<usize>) -> Option<usize> {
    let id = match (id, whose) {
        ("me", Some(user)) => cast::zoom_id(user),
        ("me", None) => return None,
        (id, _) => id.to_owned(),
    };
    let user = cast::user_of(&id).filter(|_| !id.starts_with("u-"))?;
    // Somebody else's token sees nobody.
    whose.is_none_or(|whose| whose == user).then_some(user)
}

fn user_json(user: usize) -> Value {
    let pmi = cast::pmi(user);
    json!({
        "id": cast::zoom_id(user), "email": cast::email(user), "pmi": pmi,
        "personal_meeting_url": format!("https://example.zoom.us/j/{pmi}?pwd=cGFzcw.1"),
    })
}

fn field(request: &HttpRequest, name: &str) -> String {
    let found = form_urlencoded::parse(&request.body).find(|(given, _)| given == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Percent-decoded, twice where it was encoded twice.
fn decode(segment: &str) -> String {
    let once = |text: &str| {
        let text = format!("x={}", text.replace('+', "%2B"));
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    once(&once(segment))
}

pub(crate) fn answer(status: u16, body: &Value) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.to_string().into_bytes() }
}

pub(crate) fn refusal(status: u16, code: u32, message: &str) -> HttpResponse {
    answer(status, &json!({ "code": code, "message": message }))
}
