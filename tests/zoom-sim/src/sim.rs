//! The handle to a simulated Zoom.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;
use tokio::sync::{Notify, broadcast};

use crate::{
    Attendee, Change, Clock, Fault, Instance, Meeting, MeetingView, NewUser, Participant, PersonalMeeting,
    RateLimits, SeenRequest, SimConfig, SimError, User, UserStatus,
    apps::{App, AppKind, Apps},
    clock::UnixMs,
    faults::Faults,
    ids::Ids,
    meetings::{Meetings, fields::MeetingFields},
    oauth::OAuth,
    pages::Pages,
    rate_limit::RateLimiter,
    recordings::Recordings,
    requests::RequestLog,
    users::{Made, Users},
    webhook::{self, Webhooks, event::Envelope},
};

/// Listeners that lag behind by more than this miss changes.
const CHANGES_MAX: usize = 1024;

/// A simulated Zoom. Clones are handles to the same one.
#[derive(Clone, Debug)]
pub struct ZoomSim(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    clock: Clock,
    state: Mutex<State>,
    changes: broadcast::Sender<Change>,
    /// Wakes the task that sends webhooks.
    wake: Arc<Notify>,
    /// Held while webhooks are sent.
    pub(crate) sending: tokio::sync::Mutex<()>,
    pub(crate) client: reqwest::Client,
    /// The second port for downloads, once it is wanted.
    pub(crate) other_origin: OnceLock<String>,
}

/// Everything that changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) config: SimConfig,
    pub(crate) apps: Apps,
    pub(crate) oauth: OAuth,
    pub(crate) ids: Ids,
    pub(crate) users: Users,
    pub(crate) meetings: Meetings,
    pub(crate) recordings: Recordings,
    pub(crate) rate: RateLimiter,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) pages: Pages,
    pub(crate) webhook: Webhooks,
}

/// The account: its users, its app, its limits.
impl ZoomSim {
    /// A Zoom without users, meetings and webhooks.
    ///
    /// # Panics
    /// Outside a tokio runtime: webhooks are sent by a task, which ends with the last handle.
    pub fn new(config: SimConfig) -> Self {
        let inner = Arc::new(Inner {
            clock: config.clock.clone(),
            changes: broadcast::Sender::new(CHANGES_MAX),
            wake: Arc::new(Notify::new()),
            sending: tokio::sync::Mutex::new(()),
            client: webhook::client(),
            other_origin: OnceLock::new(),
            state: Mutex::new(State::new(config)),
        });
        tokio::spawn(webhook::run(Arc::downgrade(&inner), inner.clock.clone(), Arc::clone(&inner.wake)));
        Self(inner)
    }

    /// The simulation's clock; moving it moves the simulation.
    pub fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// The clock's time.
    pub fn now_ms(&self) -> UnixMs {
        self.0.clock.now_ms()
    }

    /// What changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Adds a user with a personal meeting. The first one owns the account and is `me` of its tokens.
    pub fn add_user(&self, new: NewUser) -> Result<User, SimError> {
        let now_ms = self.now_ms();
        let user = self.state().add_user(new, now_ms)?;
        self.changed(Change::User { id: user.id.clone() });
        Ok(user)
    }

    /// The users in the order they were added.
    pub fn users(&self) -> Vec<User> {
        self.state().users.all().to_vec()
    }

    /// A user by id or address.
    pub fn user(&self, key: &str) -> Option<User> {
        self.state().users.find(key).cloned()
    }

    /// Removes a user; the meetings stay.
    pub fn remove_user(&self, key: &str) -> Result<User, SimError> {
        let user = self.state().users.remove(key).ok_or_else(|| SimError::NoSuchUser(key.to_owned()))?;
        self.changed(Change::User { id: user.id.clone() });
        Ok(user)
    }

    /// Switches a user on or off.
    pub fn set_user_status(&self, key: &str, status: UserStatus) -> Result<User, SimError> {
        self.user_changes(key, |user| user.status = status)
    }

    /// Switches a user's personal meeting on or off. One that runs goes on.
    pub fn set_personal_meeting(&self, key: &str, switch: PersonalMeeting) -> Result<User, SimError> {
        self.user_changes(key, |user| user.personal_meeting = switch)
    }

    /// Sets a user's preference "use the personal meeting for instant meetings".
    pub fn set_use_pmi(&self, key: &str, use_pmi: bool) -> Result<User, SimError> {
        self.user_changes(key, |user| user.use_pmi = use_pmi)
    }

    /// Whether Zoom takes the tokens of the JWT apps, which it has switched off on 2023-09-08. A deactivated
    /// one is answered 401/124.
    pub fn set_app_active(&self, active: bool) {
        self.state().apps.set_jwt_active(active);
    }

    /// The limits in force.
    pub fn rate_limits(&self) -> RateLimits {
        self.state().rate.limits()
    }

    /// Changes the limits; what was counted stays counted.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        self.state().rate.set_limits(limits);
    }
}

/// Meetings, as the host's Zoom client would handle them.
impl ZoomSim {
    /// Makes a meeting as `POST /users/{host}/meetings` with this body does, without counting against any
    /// limit. The host is an id or an address.
    pub fn create_meeting(&self, host: &str, body: &impl Serialize) -> Result<Meeting, SimError> {
        let now_ms = self.now_ms();
        let meeting = {
            let mut state = self.state();
            let host = state.users.find(host).cloned().ok_or_else(|| SimError::NoSuchUser(host.into()))?;
            let body = serde_json::to_value(body).unwrap_or_default();
            let body = body.as_object().ok_or_else(|| SimError::Fields(vec!["(body)".into()]))?;
            let fields = MeetingFields::read_new(body, &host.timezone).map_err(SimError::Fields)?;
            state.create_meeting(&host, fields, now_ms)?
        };
        self.changed(Change::Meeting { id: meeting.id });
        Ok(meeting)
    }

    /// Every meeting, the personal ones among them, by number.
    pub fn meetings(&self) -> Vec<MeetingView> {
        let now_ms = self.now_ms();
        let state = self.state();
        let ids: Vec<u64> = state.meetings.all().map(|meeting| meeting.id).collect();
        ids.into_iter().filter_map(|id| state.meeting_view(id, now_ms)).collect()
    }

    /// A meeting by number, also one that is over or deleted.
    pub fn meeting(&self, id: u64) -> Option<MeetingView> {
        let now_ms = self.now_ms();
        self.state().meeting_view(id, now_ms)
    }

    /// The host starts the meeting: a new instance with a uuid of its own. Works for a personal meeting's
    /// number, and again for a meeting that is over.
    pub fn start_meeting(&self, id: u64) -> Result<Instance, SimError> {
        self.meeting_changes(id, |state, now_ms| state.start_meeting(id, now_ms))
    }

    /// Someone joins the running meeting.
    pub fn join_meeting(&self, id: u64, who: &Attendee) -> Result<Participant, SimError> {
        self.meeting_changes(id, |state, now_ms| state.join_meeting(id, who, now_ms))
    }

    /// A connection, by its `user_id`, leaves the running meeting.
    pub fn leave_meeting(&self, id: u64, user_id: &str) -> Result<Participant, SimError> {
        self.meeting_changes(id, |state, now_ms| state.leave_meeting(id, user_id, now_ms))
    }

    /// The host ends the meeting for all.
    pub fn end_meeting(&self, id: u64) -> Result<Instance, SimError> {
        self.meeting_changes(id, |state, now_ms| state.end_meeting(id, now_ms))
    }

    fn user_changes(&self, key: &str, change: impl FnOnce(&mut User)) -> Result<User, SimError> {
        let user = {
            let mut state = self.state();
            let user = state.users.find_mut(key).ok_or_else(|| SimError::NoSuchUser(key.to_owned()))?;
            change(user);
            user.clone()
        };
        self.changed(Change::User { id: user.id.clone() });
        Ok(user)
    }

    pub(crate) fn meeting_changes<T>(
        &self,
        id: u64,
        change: impl FnOnce(&mut State, UnixMs) -> Result<T, SimError>,
    ) -> Result<T, SimError> {
        let now_ms = self.now_ms();
        let result = change(&mut self.state(), now_ms)?;
        self.changed(Change::Meeting { id });
        Ok(result)
    }
}

/// Faults, and what Zoom was asked.
impl ZoomSim {
    /// Adds a fault behind those that wait.
    pub fn add_fault(&self, fault: Fault) {
        self.state().faults.push(fault);
        self.changed(Change::Faults);
    }

    /// The faults that wait, in the order in which they are tried.
    pub fn faults(&self) -> Vec<Fault> {
        self.state().faults.all()
    }

    /// From now on Zoom answers rightly.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
        self.changed(Change::Faults);
    }

    /// Every call of the API so far, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state().requests.all()
    }

    /// Forgets the calls so far.
    pub fn clear_requests(&self) {
        self.state().requests.clear();
    }
}

impl ZoomSim {
    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere is reported there; the state itself is never left half changed by one.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells listeners, and the task that sends webhooks.
    pub(crate) fn changed(&self, change: Change) {
        self.0.wake.notify_one();
        // Nobody listening is fine.
        let _ = self.0.changes.send(change);
    }
}

impl From<Arc<Inner>> for ZoomSim {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The sending task sees that nobody is left, and ends.
        self.wake.notify_one();
    }
}

impl State {
    fn new(config: SimConfig) -> Self {
        Self {
            apps: Apps::with(App::new(AppKind::Jwt, &config.api_key, &config.api_secret)),
            oauth: OAuth::default(),
            ids: Ids::new(config.seed),
            users: Users::default(),
            meetings: Meetings::default(),
            recordings: Recordings::default(),
            rate: RateLimiter::new(config.rate_limits),
            faults: Faults::default(),
            requests: RequestLog::default(),
            pages: Pages::default(),
            webhook: Webhooks::default(),
            config,
        }
    }

    fn add_user(&mut self, new: NewUser, now_ms: UnixMs) -> Result<User, SimError> {
        if !new.email.contains('@') {
            return Err(SimError::NotAnAddress(new.email));
        }
        let taken = [Some(&new.email), new.id.as_ref()].into_iter().flatten();
        if let Some(key) = taken.into_iter().find(|key| self.users.find(key).is_some()) {
            return Err(SimError::UserExists(key.clone()));
        }
        let pmi = new.pmi.unwrap_or_else(|| self.free_personal_number());
        if self.meetings.get(pmi).is_some() {
            return Err(SimError::NumberTaken(pmi));
        }
        let password = self.ids.token(6);
        let encrypted_password = self.encrypted_password();
        let personal_meeting_url = self.join_url(pmi, &encrypted_password);
        let account_id = &self.config.account_id;
        let made = Made { ids: &mut self.ids, pmi, personal_meeting_url, account_id, now_ms };
        let user = self.users.add(new, made);
        self.personal_meeting(&user, (password, encrypted_password), now_ms);
        Ok(user)
    }

    fn free_personal_number(&mut self) -> u64 {
        loop {
            let number = self.ids.personal_number();
            if self.meetings.get(number).is_none() {
                return number;
            }
        }
    }

    /// The meeting as it is shown: with the instances of the room it takes place in.
    pub(crate) fn meeting_view(&self, id: u64, now_ms: UnixMs) -> Option<MeetingView> {
        let mut meeting = self.meetings.get(id)?.clone();
        if meeting.pmi.is_some() {
            let room = self.meetings.room(id)?;
            let own = |instance: &&Instance| instance.started_as == id;
            meeting.running = room.running.as_ref().filter(own).cloned();
            meeting.past = room.past.iter().filter(own).cloned().collect();
        }
        Some(MeetingView { status: self.meetings.status(id, now_ms), meeting })
    }

    /// Queues an event for the webhook.
    pub(crate) fn emit<P: Serialize>(
        &mut self,
        event: &str,
        now_ms: UnixMs,
        envelope: impl FnOnce(&str) -> Envelope<P>,
    ) {
        let envelope = envelope(&self.config.account_id);
        let body = serde_json::to_string(&envelope).expect("plain structs of text and numbers are JSON");
        self.webhook.enqueue(event, &body, now_ms);
    }
}
