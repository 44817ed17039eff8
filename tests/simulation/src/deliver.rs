//! Zoom's deliveries: once, twice, late, out of order, or never; again after what it takes for a failure.

use crate::cast::URL_SECRET;
use crate::hook::{Answer, Caller};
use crate::rng::{mix, percent, stream};
use crate::run::{Next, Sim};
use crate::world::NOBODYS;
use crate::zoom::events::{self, Event};
use zoom_chat::hooks;
use zoom_chat::model::{Headers, Method, Request};

/// Zoom waits so long for an answer.
const PATIENCE_MS: u64 = 3_000;
/// When it tries again.
const RETRIES_MS: [u64; 3] = [300_000, 1_200_000, 3_600_000];
const HOUR_MS: u64 = 3_600_000;

/// A delivery.
pub(crate) struct Delivery {
    event: Event,
    body: String,
    /// When it was signed first. Some retries are signed anew.
    signed_ms: u64,
    attempt: usize,
    key: u64,
}

impl Sim<'_> {
    /// Zoom has something to report.
    pub(crate) fn report(&mut self, event: Event, key: u64) {
        let mut rng = stream(self.plan.seed, mix(0xe7e27, key));
        let now_ms = self.world.now_ms;
        let soon = 200 + rng.u64(0..2_500);
        let later: &[u64] = match rng.u32(0..100) {
            0..66 => &[soon],
            66..78 => &[soon, soon + rng.u64(0..8_000)],
            78..84 => &[soon, soon + rng.u64(60_000..80 * 60_000)],
            84..94 => &[rng.u64(2 * 60_000..5 * HOUR_MS)],
            _ => &[],
        };
        for (twin, wait_ms) in later.iter().enumerate() {
            let body = self.world.zoom.body(event, now_ms);
            // A twin may be the very same request.
            let signed_ms = now_ms + if percent(&mut rng, 50) { twin as u64 * 1000 } else { 0 };
            let key = mix(key, twin as u64);
            self.deliveries.push(Delivery { event, body, signed_ms, attempt: 0, key });
            let at_ms = now_ms + wait_ms;
            // What comes very late is signed when it is sent.
            if *wait_ms > HOUR_MS / 2
                && let Some(delivery) = self.deliveries.last_mut()
            {
                delivery.signed_ms = at_ms;
            }
            self.at(at_ms, Next::Deliver(self.deliveries.len() - 1));
        }
    }

    pub(crate) fn deliver(&mut self, index: usize) {
        let delivery = &self.deliveries[index];
        let key = mix(delivery.key, 100 + delivery.attempt as u64);
        let event = delivery.event;
        self.say(|| format!("Zoom delivers {event:?}"));
        self.stir();
        self.may_disconnect(index);
        let Some(node) = self.node(key) else { return self.delivered(index, 502, 0) };
        let delivery = &self.deliveries[index];
        let headers: Headers = match self.world.settings.signed {
            true => events::by_zoom(&delivery.body, delivery.signed_ms),
            false => vec![("content-type".to_owned(), "application/json".to_owned())],
        };
        let own_address = matches!(delivery.event, Event::Deauthorized(..)) && key.is_multiple_of(2);
        let request = Request {
            method: Method::Post,
            path: if own_address { "/deauthorization" } else { "/webhook" }.to_owned(),
            query: format!("secret={URL_SECRET}"),
            headers,
            body: delivery.body.clone().into_bytes(),
            user_id: None,
        };
        let info = self.info("event", node, None, NOBODYS);
        self.spawn(info, Caller::Delivery(index), key, |io| async move {
            Answer::Http(hooks::http::serve(io, request).await)
        });
    }

    /// Zoom has its answer, or gives up waiting for it.
    pub(crate) fn delivered(&mut self, index: usize, status: u16, took_ms: u64) {
        let now_ms = self.world.now_ms;
        self.may_disconnect(index);
        let delivery = &mut self.deliveries[index];
        let (signed, removal) =
            (self.world.settings.signed, matches!(delivery.event, Event::Deauthorized(_, None)));
        if signed && removal && (200..300).contains(&status) {
            self.world.model.handled.insert((delivery.body.clone(), delivery.signed_ms / 1000));
        }
        if let (0..300, Event::Started(index) | Event::Ended(index)) = (status, delivery.event) {
            let instance = &mut self.world.zoom.instances[index];
            instance.heard_ms.get_or_insert(now_ms);
            if matches!(delivery.event, Event::Ended(_)) {
                instance.end_heard_ms.get_or_insert(now_ms);
                instance.end_reported = true;
            }
        }
        // 3xx and 4xx are final.
        if (300..500).contains(&status) || (status < 300 && took_ms <= PATIENCE_MS) {
            return;
        }
        let Some(wait_ms) = RETRIES_MS.get(delivery.attempt) else { return };
        delivery.attempt += 1;
        if stream(delivery.key, delivery.attempt as u64).bool() {
            delivery.signed_ms = now_ms + wait_ms;
        }
        self.at(now_ms + wait_ms, Next::Deliver(index));
    }

    /// A delivery comes again as it was, of those that take something away if there was one.
    pub(crate) fn replay(&mut self, key: u64) {
        let takes = |delivery: &&Delivery| matches!(delivery.event, Event::Deauthorized(..));
        let any = self.deliveries.get(key as usize % self.deliveries.len().max(1));
        let Some(first) = self.deliveries.iter().rfind(takes).or(any) else { return };
        let (event, body, signed_ms) = (first.event, first.body.clone(), first.signed_ms);
        self.deliveries.push(Delivery { event, body, signed_ms, attempt: RETRIES_MS.len(), key });
        self.deliver(self.deliveries.len() - 1);
    }

    /// A removal of which Zoom does not say when it was counts whenever it comes; not again where its signature was answered.
    fn may_disconnect(&mut self, index: usize) {
        let delivery = &self.deliveries[index];
        let Event::Deauthorized(user, None) = delivery.event else { return };
        let model = &mut self.world.model;
        if !model.handled.contains(&(delivery.body.clone(), delivery.signed_ms / 1000)) {
            model.removed_ms[user] = self.world.now_ms;
            model.connected[user] = false;
        }
    }

    /// What somebody who knows no secret sends.
    pub(crate) fn forge(&mut self, kind: usize, key: u64) {
        let Some(node) = self.node(key) else { return };
        let now_ms = self.world.now_ms;
        let life = match self.world.zoom.instances.len() {
            0 => r#"{"event":"meeting.ended","payload":{"object":{"id":"5000000001","uuid":"forged==","start_time":"2026-01-05T09:30:00Z"}}}"#.to_owned(),
            n => self.world.zoom.body(Event::Ended(key as usize % n), now_ms),
        };
        let removal =
            self.world.zoom.body(Event::Deauthorized(key as usize % 4, Some(now_ms + 1000)), now_ms);
        let foreign =
            removal.replace("account-id", "another-account").replace("app_deauthorized", "meeting.started");
        let plain: Headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let (path, query, headers, body) = match kind {
            0 => ("/webhook", "secret=guess", plain, life),
            1 => ("/webhook", "", events::signed(&life, "guess", now_ms), life),
            2 => ("/deauthorization", "", plain, removal),
            3 => ("/deauthorization", "", events::signed(&removal, "guess", now_ms), removal),
            // What Zoom signed for somebody else.
            4 if self.world.settings.signed => {
                ("/deauthorization", "", events::by_zoom(&foreign, now_ms), foreign)
            }
            _ => ("/webhook", "secret=", plain, removal),
        };
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.into_bytes(),
            user_id: None,
        };
        let mut info = self.info("forged", node, None, NOBODYS);
        info.stranger = true;
        self.spawn(info, Caller::Nobody, key, |io| async move {
            Answer::Http(hooks::http::serve(io, request).await)
        });
    }
}
