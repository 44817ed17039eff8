//! From what happened to an instance to the next state of its cards, and to their posts.

use super::record::{Applied, Record, Subscription};
use super::{Meeting, follow, records, show};
use crate::error::Error;
use crate::flow::Io;
use crate::model::Level;
use crate::say::i18n::{Locale, Localizer};
use crate::settings::Settings;
use crate::store::{self, Work};
use crate::zoom::event::MeetingEvent;
use std::cell::RefCell;

/// Of how many events without a card one is noted.
const NOTED_OF: u8 = 32;

/// One read, one compare-and-set, then posts: what belongs together is decided by the record alone.
pub(crate) async fn apply(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let (number, now_ms) = (event.number, io.now_ms());
    let loaded = records::load_record(io, number).await?;
    let is_known = loaded.record.is_known();
    let follows = !loaded.record.follows.is_empty();
    let locale = if follows { Localizer::of_server(io).await.locale } else { Locale::default() };
    let meeting = Meeting::of_number(settings, number, &event.topic)?;
    let follower = |subscription: &Subscription| follow::card(subscription, event, &meeting, now_ms, locale);
    let applied = RefCell::new(Applied::default());
    let change = |record: &mut Record| {
        applied.replace(record.apply(event, now_ms, &follower));
    };
    let record = records::update_record(io, number, Some(loaded), &change).await?.record;
    if !is_known {
        now_and_then_noted(io).await;
    }
    let applied = applied.take();
    records::log_dropped(io, applied.dropped).await;
    if applied.changed.is_empty() && applied.unchanged.is_empty() && applied.announce.is_empty() {
        io.log(Level::Debug, "an event of a meeting without a card", &[]).await;
    }
    if !applied.announce.is_empty() {
        let jobs: Vec<Work> = applied.announce.into_iter().map(Work::Announce).collect();
        store::add_jobs(io, &jobs).await?;
    }
    let card = |id: &str| record.entry(id).map(|entry| &entry.card);
    if applied.changed.iter().filter_map(|id| card(id)).any(|card| records::is_due(card, now_ms)) {
        // Its number was looked at before the meeting began.
        store::watch(io, number, now_ms).await?;
    }
    for id in &applied.changed {
        if let Some(card) = card(id) {
            show::show(io, id, card).await?;
        }
    }
    for id in &applied.unchanged {
        if let Some(card) = card(id) {
            show::repair(io, id, card).await?;
        }
    }
    Ok(())
}

/// For the administrator's eyes alone: no reason to let Zoom send anything again.
pub(crate) async fn noted(io: &Io) {
    let _ = store::note_webhook_seen(io).await;
}

/// Of many events that concern nobody here one is noted: those that do are noted in their records.
pub(crate) async fn now_and_then_noted(io: &Io) {
    let [chance] = io.random();
    if chance % NOTED_OF == 0 {
        noted(io).await;
    }
}
