//! Someone removes an app at Zoom.

use serde::Serialize;

use super::Grant;
use crate::{
    App, AppKind, Change, SimError, WebhookConfig, ZoomSim,
    clock::{UnixMs, iso_ms},
    sim::State,
};

/// Unlike other events it goes to a URL of its own.
#[derive(Serialize)]
struct Deauthorized<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_ts: Option<UnixMs>,
    payload: Payload<'a>,
}

#[derive(Serialize)]
struct Payload<'a> {
    account_id: &'a str,
    user_id: &'a str,
    /// An id; it signs nothing.
    signature: String,
    /// With milliseconds, as no other time in a webhook.
    deauthorization_time: String,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_ts: Option<UnixMs>,
}

const EVENT: &str = "app_deauthorized";

impl ZoomSim {
    /// A user removes an app: what the user allowed it ends, and the app is told at its deauthorisation
    /// URL. Gives the numbers of the deliveries: none where the app has no such URL.
    pub fn deauthorize(&self, client_id: &str, user: &str) -> Result<Vec<u64>, SimError> {
        let user = self.user(user).ok_or_else(|| SimError::NoSuchUser(user.to_owned()))?;
        self.end_grants(client_id, Some(&user.id))
    }

    /// The account removes an app: all that anybody allowed it ends. There is an event for each user who
    /// had allowed it; for Server-to-Server OAuth there is none, as nobody had.
    pub fn deauthorize_account(&self, client_id: &str) -> Result<Vec<u64>, SimError> {
        self.end_grants(client_id, None)
    }

    fn end_grants(&self, client_id: &str, user_id: Option<&str>) -> Result<Vec<u64>, SimError> {
        let now_ms = self.now_ms();
        let deliveries = {
            let state = &mut *self.state();
            let app = state.apps.find(client_id).cloned();
            let app = app.ok_or_else(|| SimError::NoSuchApp(client_id.to_owned()))?;
            let meant = |of: &str, by: Option<&str>| of == client_id && (user_id.is_none() || user_id == by);
            let ended = state.oauth.grants.end(meant);
            if ended.is_empty() {
                return Err(SimError::NothingAllowed(client_id.to_owned()));
            }
            state.tell(&app, &users_of(&ended), now_ms)
        };
        self.changed(Change::Grants);
        Ok(deliveries)
    }
}

/// Each once: one who has allowed the app anew may have two grants.
fn users_of(grants: &[Grant]) -> Vec<String> {
    let mut users: Vec<String> = grants.iter().filter_map(|grant| grant.user_id.clone()).collect();
    users.sort();
    users.dedup();
    users
}

impl State {
    fn tell(&mut self, app: &App, users: &[String], now_ms: UnixMs) -> Vec<u64> {
        let Some(url) = app.deauthorization_url.clone().filter(|_| app.kind != AppKind::ServerToServer)
        else {
            return Vec::new();
        };
        let config = WebhookConfig { secret_token: app.secret_token.clone(), ..WebhookConfig::new(url) };
        let beside = self.oauth.options.deauthorized_ts_beside;
        let mut deliveries = Vec::new();
        for user_id in users {
            let payload = Payload {
                account_id: &self.config.account_id,
                user_id,
                signature: self.ids.hex(64),
                deauthorization_time: iso_ms(now_ms),
                client_id: &app.client_id,
                event_ts: (!beside).then_some(now_ms),
            };
            let event = Deauthorized { event: EVENT, event_ts: beside.then_some(now_ms), payload };
            let body = serde_json::to_string(&event).expect("plain structs of text and numbers are JSON");
            deliveries.push(self.webhook.enqueue_to(config.clone(), EVENT, &body, now_ms));
        }
        deliveries
    }
}
