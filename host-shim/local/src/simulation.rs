//! The simulated Zoom beside the chat, and what its panel shows.

mod sign_in;

pub use sign_in::SignIn;

use crate::{
    model::User,
    seed::UNKNOWN_TO_ZOOM,
    server::{Addresses, PLUGIN_PATH},
    settings::Settings,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};
use tokio::net::TcpListener;
use zoom_sim::{
    Clock, Delay, Delivery, Fault, FaultAnswer, Instance, MeetingStatus, MeetingView, NewRecording, NewUser,
    Recording, Redelivery, Release, RetryAfter, SimConfig, SimError, WebhookConfig, ZoomSim,
};

/// Where Zoom's pages are, below the chat's own address: those behind join links, recordings, and signing in.
pub const ZOOM_PATH: &str = "/zoom-sim";

/// Where Zoom's API is, below its own address.
const API_PATH: &str = "/v2";
/// The page where people allow an app: a browser asks for it, not the plugin.
const AUTHORIZE_PATH: &str = "/oauth/authorize";
/// Calls and events that the panel lists.
const LISTED_MAX: usize = 12;
/// Longer than the plugin waits for an answer, in milliseconds.
const TOO_LATE_MS: u64 = 12_000;
/// How long a transcript takes, in milliseconds: at Zoom it is minutes.
const TRANSCRIPT_AFTER_MS: u64 = 2000;
/// People from outside who drop in.
const GUESTS: [&str; 6] =
    ["Ana Silva", "Ben Carter", "Chloé Martin", "Dmitri Orlov", "Emi Sato", "Farid Rahimi"];

/// What the next call of the plugin meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mishap {
    /// 401: the app's credentials are refused.
    Unauthorized,
    /// 404: no such user.
    UnknownUser,
    /// 429: too many calls.
    RateLimit,
    /// 502, and a page in HTML.
    BadGateway,
    /// 200, and an error in the body.
    FalseSuccess,
    /// An answer that comes too late.
    Slow,
    /// No answer at all.
    Dropped,
}

/// The simulated Zoom with its own API port on loopback.
#[derive(Debug)]
pub struct Simulation {
    sim: ZoomSim,
    api_url: String,
    sign_in: SignIn,
    account_id: String,
    secrets: Secrets,
    mishap: Mutex<Option<Mishap>>,
    guests: AtomicUsize,
    /// Held while the clock is ahead, so that two ends do not mix.
    ending: Mutex<()>,
}

/// What the plugin and Zoom know of each other, drawn anew at each start.
#[derive(Debug)]
struct Secrets {
    client_id: String,
    client_secret: String,
    encryption_key: String,
    url_secret: String,
    signing: String,
}

impl Simulation {
    /// Starts a Zoom for these users, whose links lead below the program's own address. The first one owns the account there. It
    /// has one app, by which the plugin signs in, and which leads people back to where they find the chat.
    ///
    /// # Errors
    /// When no port can be had, or two users have one address.
    pub async fn start(addresses: &Addresses, users: &[User], sign_in: SignIn) -> anyhow::Result<Self> {
        let secrets = Secrets {
            client_id: random_text(48)?,
            client_secret: random_text(48)?,
            encryption_key: random_text(32)?,
            url_secret: random_text(48)?,
            signing: random_text(48)?,
        };
        let clock = Clock::real();
        let config = SimConfig {
            api_key: secrets.client_id.clone(),
            api_secret: secrets.client_secret.clone(),
            // Meetings of an earlier run are forgotten here but not in the chat: no number may come twice.
            seed: clock.now_ms().unsigned_abs(),
            clock,
            web_url: format!("{}{ZOOM_PATH}", addresses.own),
            require_passcode: true,
            ..SimConfig::default()
        };
        let account_id = config.account_id.clone();
        let sim = ZoomSim::new(config);
        // In the place of the JWT app, which has the same id.
        sim.put_app(sign_in.app(&secrets, &addresses.local))?;
        for user in users.iter().filter(|user| user.id != UNKNOWN_TO_ZOOM) {
            let Some(email) = user.email.clone() else { continue };
            sim.add_user(NewUser { display_name: Some(user.display_name.clone()), ..NewUser::new(email) })?;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let api_url = format!("http://{}{API_PATH}", listener.local_addr()?);
        tokio::spawn(sim.clone().serve(listener));
        let (mishap, guests, ending) = (Mutex::default(), AtomicUsize::default(), Mutex::default());
        Ok(Self { sim, api_url, sign_in, account_id, secrets, mishap, guests, ending })
    }

    /// The handle.
    pub fn sim(&self) -> &ZoomSim {
        &self.sim
    }

    /// How the plugin signs in.
    pub fn sign_in(&self) -> SignIn {
        self.sign_in
    }

    /// The plugin's settings for this Zoom, whose pages are below `own`.
    pub fn settings(&self, own: &str) -> Settings {
        let mut settings = self.sign_in.settings(&self.secrets, &self.account_id);
        settings.insert("ZoomURL".to_owned(), format!("{own}{ZOOM_PATH}").into());
        settings.insert("ZoomAPIURL".to_owned(), self.api_url.clone().into());
        settings.insert("WebhookSecret".to_owned(), self.secrets.url_secret.clone().into());
        settings.insert("ZoomWebhookSecret".to_owned(), self.secrets.signing.clone().into());
        settings
    }

    /// `ZoomWebhookSecret` with signing on or off.
    pub fn signing_secret(&self, on: bool) -> &str {
        if on { &self.secrets.signing } else { "" }
    }

    /// Has Zoom send its events to the plugin, signed or not. The plugin has to be there: a signed URL is validated.
    ///
    /// # Errors
    /// When the plugin fails the validation.
    pub async fn subscribe(&self, own: &str, signed: bool) -> Result<(), SimError> {
        let url = format!("{own}{PLUGIN_PATH}/webhook?secret={}", self.secrets.url_secret);
        let config = if signed {
            WebhookConfig::signed(url, self.secrets.signing.clone())
        } else {
            WebhookConfig::new(url)
        };
        self.sim.save_webhook(config).await
    }

    /// What the next call of the API meets; `None`: the right answer. Pages and signing in are left out of it.
    pub fn set_mishap(&self, mishap: Option<Mishap>) {
        self.sim.clear_faults();
        *self.mishap.lock().unwrap_or_else(PoisonError::into_inner) = mishap;
        if let Some(mishap) = mishap {
            self.sim.add_fault(Fault { path: Some(format!("{API_PATH}/")), ..mishap.fault() });
        }
    }

    /// Ends a meeting for all; with `minutes`, as if that long had passed since its start.
    ///
    /// # Errors
    /// When it does not run.
    pub fn end(&self, id: u64, minutes: Option<u32>) -> Result<Instance, SimError> {
        let Some(minutes) = minutes else { return self.sim.end_meeting(id) };
        let _one_at_a_time = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        let running = self.sim.meeting(id).ok_or(SimError::NoSuchMeeting(id))?.meeting.running;
        let started_ms = running.ok_or(SimError::NotStarted(id))?.started_ms;
        // Zoom's clock is at the meeting's end while its events are written, and right again when they are sent.
        let clock = self.sim.clock();
        self.sim.hold_webhooks();
        clock.set_ms(started_ms + i64::from(minutes) * 60_000);
        let ended = self.sim.end_meeting(id);
        clock.set_ms(Clock::real().now_ms());
        self.sim.release_webhooks(&Release::InOrder);
        ended
    }

    /// Sends the last event once more, as Zoom does now and then. Gives its name.
    ///
    /// # Errors
    /// When there is nowhere to send it.
    pub fn redeliver_last(&self) -> Result<Option<String>, SimError> {
        let deliveries = self.sim.deliveries();
        let last = deliveries.iter().rev().find(|delivery| delivery.event.starts_with("meeting."));
        let Some(last) = last else { return Ok(None) };
        self.sim.redeliver(last.redelivery_of.unwrap_or(last.id), Redelivery::default())?;
        Ok(Some(last.event.clone()))
    }

    /// Zoom has recorded the last session of a meeting; the transcript comes a moment later.
    ///
    /// # Errors
    /// When it was never held.
    pub fn record(&self, id: u64) -> Result<Recording, SimError> {
        let how = NewRecording { transcript_after_ms: Some(TRANSCRIPT_AFTER_MS), ..NewRecording::default() };
        self.sim.record_meeting(id, &how)
    }

    /// A name for the next one from outside.
    pub fn next_guest(&self) -> String {
        let index = self.guests.fetch_add(1, Ordering::Relaxed);
        GUESTS[index % GUESTS.len()].to_owned()
    }

    /// The connection of the last one who came to a running meeting and is still there.
    pub fn last_who_came(&self, id: u64) -> Option<String> {
        let running = self.sim.meeting(id)?.meeting.running?;
        running.present().last().map(|participant| participant.user_id.clone())
    }

    /// Everything that the panel shows.
    pub fn show(&self) -> Value {
        let mut meetings = self.sim.meetings();
        meetings.sort_by_key(|view| std::cmp::Reverse(view.meeting.created_ms));
        let (personal, made): (Vec<_>, Vec<_>) =
            meetings.into_iter().partition(|view| self.is_personal(view.meeting.id));
        let used = |view: &MeetingView| view.meeting.running.is_some() || !view.meeting.past.is_empty();
        let (used, unused): (Vec<_>, Vec<_>) = personal.into_iter().partition(used);
        let waiting = self
            .sim
            .faults()
            .first()
            .and_then(|_| *self.mishap.lock().unwrap_or_else(PoisonError::into_inner));
        json!({
            "signed": self.sim.webhook().is_some_and(|webhook| webhook.secret_token.is_some()),
            "mishap": waiting,
            "meetings": made.iter().chain(&used).map(|view| self.meeting(view)).collect::<Vec<_>>(),
            "personal": unused.iter().map(|view| self.meeting(view)).collect::<Vec<_>>(),
            "events": self.sim.deliveries().iter().rev().take(LISTED_MAX).map(event).collect::<Vec<_>>(),
            "calls": self.calls(),
        })
    }

    fn is_personal(&self, id: u64) -> bool {
        self.sim.users().iter().any(|user| user.pmi == id)
    }

    fn meeting(&self, view: &MeetingView) -> Value {
        let meeting = &view.meeting;
        let host = self.sim.user(&meeting.host_id).map_or_else(String::new, |user| user.display_name);
        let last = meeting.running.as_ref().or_else(|| meeting.past.last());
        let present: Vec<Value> = meeting
            .running
            .iter()
            .flat_map(Instance::present)
            .map(|who| json!({ "user_id": who.user_id, "name": who.user_name, "email": who.email }))
            .collect();
        json!({
            "id": meeting.id,
            "topic": meeting.topic,
            "host": host,
            "host_email": meeting.host_email,
            "join_url": meeting.join_url,
            // A number that is over can be started again, as at Zoom.
            "status": match view.status {
                MeetingStatus::Started => "started",
                MeetingStatus::Waiting | MeetingStatus::Ended if last.is_some() => "ended",
                MeetingStatus::Waiting | MeetingStatus::Ended => "waiting",
            },
            "started_ms": last.map(|instance| instance.started_ms),
            "ended_ms": last.and_then(|instance| instance.ended_ms),
            "present": present,
            "recording": last.and_then(|instance| self.recording_of(&instance.uuid)),
        })
    }

    /// The link to the recording of a session.
    fn recording_of(&self, uuid: &str) -> Option<String> {
        let recordings = self.sim.recordings().into_iter();
        recordings.filter(|recording| recording.uuid == uuid).map(|recording| recording.share_url).next()
    }

    fn calls(&self) -> Vec<Value> {
        let requests = self.sim.requests();
        let last = requests.iter().rev().filter(|call| call.path != AUTHORIZE_PATH).take(LISTED_MAX);
        last.map(|call| {
            json!({ "id": call.id, "at_ms": call.at_ms, "method": call.method, "path": call.path, "status": call.status })
        })
        .collect()
    }
}

impl Mishap {
    fn fault(self) -> Fault {
        let error = |status, code, message: &str| {
            Fault::next(FaultAnswer::Error { status, code, message: message.to_owned() })
        };
        match self {
            Self::Unauthorized => error(401, 124, "Invalid access token."),
            Self::UnknownUser => error(404, 1001, "User does not exist."),
            Self::RateLimit => {
                Fault::next(FaultAnswer::RateLimited { retry_after: RetryAfter::Seconds, seconds: 30 })
            }
            Self::BadGateway => Fault::next(FaultAnswer::BadGateway),
            Self::FalseSuccess => error(200, 300, "Request failed."),
            Self::Slow => Fault::slow(Delay::RealMs(TOO_LATE_MS)),
            Self::Dropped => Fault::next(FaultAnswer::Disconnect),
        }
    }
}

fn event(delivery: &Delivery) -> Value {
    let last = delivery.attempts.last();
    json!({
        "id": delivery.id,
        "event": delivery.event,
        "at_ms": last.map_or(delivery.created_ms, |attempt| attempt.at_ms),
        "again": delivery.redelivery_of.is_some(),
        "state": delivery.state,
        "status": last.and_then(|attempt| attempt.status),
        "answer": last.map(|attempt| attempt.answer.clone()),
    })
}

/// So many hexadecimal digits that nobody can guess.
fn random_text(digits: usize) -> anyhow::Result<String> {
    let mut bytes = vec![0_u8; digits / 2];
    getrandom::fill(&mut bytes)?;
    Ok(base16ct::lower::encode_string(&bytes))
}
