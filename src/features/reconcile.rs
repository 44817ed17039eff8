//! What Zoom forgets to tell is asked for. Some hours after a card was posted its number is looked at: what has ended as it should costs
//! a read, and Zoom is asked about the rest, which is closed with what is true.

use crate::account::api::Api;
use crate::account::past::{self, Past};
use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::meeting::events;
use crate::meeting::record::{CardRecord, Entry, Record};
use crate::meeting::records::{self, is_due};
use crate::meeting::show;
use crate::model::{HostError, Level};
use crate::settings::Settings;
use crate::store::{self, After, Page, SPAN_MS, Watched, due_span};
use crate::zoom::MeetingNumber;
use crate::zoom::error::ZoomError;
use crate::zoom::event::{Event, MeetingEvent, Time};
use std::cell::Cell;

/// Zoom ends every meeting within thirty hours, whether or not anybody can be asked about it.
const LONGEST_MEETING_MS: u64 = 32 * 3_600_000;
/// A card of a meeting that is planned for later is looked at for so long.
const LONGEST_PLAN_MS: u64 = 30 * 86_400_000;
/// Numbers that Zoom is asked about in one run, with four calls each at most: it limits the calls of an account, and watches how many fail.
const MAX_ASKED: usize = 25;
/// Numbers that are listed at once.
const PAGE: u32 = 500;
/// A host ends a run of due work after five minutes: no number is begun later than this.
const LATEST_BEGIN_MS: u64 = 150_000;
/// So often a number is tried before it counts that its meeting is over and nobody can be found to ask about it.
const SURE_FAILED: u32 = 4;

/// Looks at the numbers that have been watched for long enough. `again`: a run before this one broke off, and may have closed cards whose
/// posts do not say so. Answers whether that was all. A number that cannot be looked at is left to a later look, and holds up no other.
///
/// # Errors
/// The store's.
pub async fn look(io: &Io, settings: &Settings, again: bool) -> Result<bool, Error> {
    let mut asked = Asked { number: 0, stopped: false, heard_ms: 0, again };
    let mut failed = Failed::default();
    let done = look_through(io, settings, &mut asked, &mut failed).await;
    failed.log(io).await;
    if !done? {
        return Ok(false);
    }
    store::note_heard(io, asked.heard_ms).await?;
    if asked.number > 0 {
        let meetings = asked.number.to_string();
        let what = "Zoom was asked about meetings whose end it has not reported";
        io.log(Level::Info, what, &[("meetings", &meetings)]).await;
    }
    Ok(true)
}

async fn look_through(
    io: &Io,
    settings: &Settings,
    asked: &mut Asked,
    failed: &mut Failed,
) -> Result<bool, Error> {
    let (last_span, mut after) = (due_span(io.now_ms()), After::Nothing);
    loop {
        let Page { numbers, next } = store::watched(io, after, PAGE).await?;
        for watched in numbers.iter().filter(|watched| watched.span <= last_span) {
            if io.time().saturating_sub(io.now_ms()) > LATEST_BEGIN_MS {
                return Ok(false);
            }
            if let Err(error) = look_at(io, settings, *watched, asked).await {
                // Not with the next attempt of this look: Zoom may have been asked, and would be each time. Where not even that can be
                // stored, it is the whole store that is away.
                let again = store::watch_on(io, *watched).await?;
                failed.add(io, watched.number, error, again).await;
            }
        }
        match next {
            Some(next) if numbers.last().is_none_or(|last| last.span <= last_span) => after = next,
            Some(_) | None => return Ok(true),
        }
    }
}

/// Numbers that could not be looked at.
#[derive(Debug, Default)]
struct Failed {
    later: usize,
    given_up: usize,
    /// Why not the first.
    why: Option<(Level, String)>,
}

impl Failed {
    async fn add(&mut self, io: &Io, number: MeetingNumber, error: Error, again: bool) {
        match again {
            true => self.later += 1,
            false => self.given_up += 1,
        }
        let (level, why) =
            error.log().unwrap_or_else(|| (Level::Warn, "nobody can sign in to Zoom".to_owned()));
        let number = number.to_string();
        io.log(
            Level::Debug,
            "a meeting number could not be looked at",
            &[("number", &number), ("why", &why)],
        )
        .await;
        self.why.get_or_insert((level, why));
    }

    async fn log(&self, io: &Io) {
        let Some((level, why)) = &self.why else { return };
        if self.later > 0 {
            let (numbers, what) = (
                self.later.to_string(),
                "meeting numbers could not be looked at, and are looked at again later",
            );
            io.log(*level, what, &[("numbers", &numbers), ("why", why)]).await;
        }
        if self.given_up > 0 {
            let (numbers, what) = (
                self.given_up.to_string(),
                "meeting numbers could not be looked at for days and are given up: their posts stay as they are",
            );
            io.log(Level::Error, what, &[("numbers", &numbers), ("why", why)]).await;
        }
    }
}

/// What a run has asked Zoom about.
struct Asked {
    /// How many numbers.
    number: usize,
    /// Zoom wants to be asked no more for now.
    stopped: bool,
    /// When Zoom was heard last of a number that was looked at.
    heard_ms: u64,
    /// A run before this one broke off.
    again: bool,
}

async fn look_at(io: &Io, settings: &Settings, watched: Watched, asked: &mut Asked) -> Result<(), Error> {
    let number = watched.number;
    let record = records::load_record(io, number).await?.record;
    asked.heard_ms = asked.heard_ms.max(record.heard_ms);
    let broke_off = asked.again || watched.failed > 0;
    let unsure = |entry: &&Entry| broke_off || entry.card.created_ms / SPAN_MS == watched.span;
    for entry in record.cards.iter().filter(unsure) {
        show::repair(io, &entry.id, &entry.card).await?;
    }
    if record.cards.iter().any(|entry| is_due(&entry.card, io.now_ms())) {
        if asked.stopped || asked.number >= MAX_ASKED {
            // With the next run.
            return Ok(());
        }
        asked.number += 1;
        match (Look { io, settings, number, failed: watched.failed }).at(&record).await? {
            Outcome::Settled => {}
            Outcome::Again => store::watch(io, number, io.now_ms()).await?,
            Outcome::Stop => {
                asked.stopped = true;
                return Ok(());
            }
        }
    }
    store::unwatch(io, watched).await
}

/// What came of looking at a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// No card is open any more.
    Settled,
    /// It is looked at again.
    Again,
    /// Zoom wants to be asked no more for now.
    Stop,
}

/// What Zoom says of something.
enum Said<T> {
    Answer(T),
    /// There is no such thing.
    Nothing,
    /// It cannot be asked, or does not say.
    Unknown,
    Stop,
}

impl<T> Said<T> {
    fn of(answer: Result<T, Error>) -> Result<Self, Error> {
        Ok(match answer {
            Ok(answer) => Self::Answer(answer),
            Err(Error::Zoom(ZoomError::MeetingUnknown)) => Self::Nothing,
            Err(Error::Zoom(ZoomError::RateLimited(_))) => Self::Stop,
            Err(Error::Zoom(_) | Error::User(_) | Error::Settings(_)) => Self::Unknown,
            Err(error @ (Error::Host(_) | Error::NotPosted(_) | Error::Bug(_))) => return Err(error),
        })
    }
}

struct Look<'a> {
    io: &'a Io,
    settings: &'a Settings,
    number: MeetingNumber,
    /// How often it could not be looked at before.
    failed: u32,
}

impl Look<'_> {
    async fn at(&self, record: &Record) -> Result<Outcome, Error> {
        let due: Vec<&CardRecord> = record
            .cards
            .iter()
            .map(|entry| &entry.card)
            .filter(|card| is_due(card, self.io.now_ms()))
            .collect();
        let zoom = self.sign_in(&due).await?;
        let mut instances: Vec<&str> = due.iter().filter_map(|card| card.uuid.as_deref()).collect();
        instances.sort_unstable();
        instances.dedup();
        let mut outcome = Outcome::Settled;
        for uuid in instances {
            let oldest_ms =
                due.iter().filter(|card| card.uuid.as_deref() == Some(uuid)).map(|card| card.created_ms);
            let age_ms = self.age_ms(oldest_ms.min());
            match self.instance(zoom.as_ref(), uuid, age_ms).await? {
                Outcome::Settled => {}
                Outcome::Again => outcome = Outcome::Again,
                Outcome::Stop => return Ok(Outcome::Stop),
            }
        }
        let waiting = due.iter().filter(|card| card.uuid.is_none()).map(|card| card.created_ms);
        if let Some(oldest_ms) = waiting.min() {
            let is_webinar = due.iter().any(|card| card.meeting.is_webinar());
            let zoom = zoom.as_ref().filter(|_| !is_webinar);
            match self.waiting(zoom, self.age_ms(Some(oldest_ms))).await? {
                Outcome::Settled => {}
                open @ (Outcome::Again | Outcome::Stop) => outcome = open,
            }
        }
        Ok(outcome)
    }

    fn age_ms(&self, created_ms: Option<u64>) -> u64 {
        created_ms.map_or(0, |created_ms| self.io.now_ms().saturating_sub(created_ms))
    }

    /// In the name of whoever posted a card, or let its channel follow the meeting. `None`: nobody can ask.
    async fn sign_in(&self, cards: &[&CardRecord]) -> Result<Option<Api<'_>>, Error> {
        let mut trouble = None;
        for card in cards {
            match self.sign_in_as(card.followed_by.as_ref().unwrap_or(&card.creator.id)).await {
                Ok(Some(zoom)) => return Ok(Some(zoom)),
                Ok(None) => {}
                Err(error) => trouble = Some(error),
            }
        }
        let too_old = self.age_ms(cards.iter().map(|card| card.created_ms).min()) >= LONGEST_MEETING_MS;
        match trouble {
            // It may pass. But no card stays open for ever because of whoever posted it.
            Some(error) if !too_old || (error.may_pass() && self.failed < SURE_FAILED) => Err(error),
            Some(_) | None => Ok(None),
        }
    }

    /// `None`: this user cannot ask.
    async fn sign_in_as(&self, user_id: &str) -> Result<Option<Api<'_>>, Error> {
        let user = match self.io.find_user(user_id.to_owned()).await {
            Ok(user) if !user.is_deactivated => user,
            Ok(_) | Err(HostError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match Api::sign_in(self.io, self.settings, &user).await {
            Ok(zoom) => Ok(Some(zoom)),
            Err(Error::User(UserError::NotConnected(_) | UserError::NoEmail) | Error::Zoom(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An instance whose beginning was reported, and no end.
    async fn instance(&self, zoom: Option<&Api<'_>>, uuid: &str, age_ms: u64) -> Result<Outcome, Error> {
        let too_old = age_ms >= LONGEST_MEETING_MS;
        if let Some(zoom) = zoom {
            match Said::of(past::instance(zoom, uuid).await)? {
                Said::Answer(past) => {
                    self.ended(&Past { uuid: uuid.to_owned(), ..past }).await?;
                    return Ok(Outcome::Settled);
                }
                Said::Stop => return Ok(Outcome::Stop),
                Said::Nothing | Said::Unknown => {}
            }
            match Said::of(past::present(zoom, self.number).await)? {
                Said::Answer(now) if now.runs && (now.uuid.is_empty() || now.uuid == uuid) => {
                    return Ok(Outcome::Again);
                }
                Said::Answer(_) | Said::Nothing => return self.close(Some(uuid), false).await,
                Said::Stop => return Ok(Outcome::Stop),
                Said::Unknown => {}
            }
        }
        if too_old { self.close(Some(uuid), false).await } else { Ok(Outcome::Again) }
    }

    /// Cards that no instance was reported for.
    async fn waiting(&self, zoom: Option<&Api<'_>>, age_ms: u64) -> Result<Outcome, Error> {
        let too_old = age_ms >= LONGEST_MEETING_MS;
        let Some(zoom) = zoom else {
            return if too_old { self.close(None, false).await } else { Ok(Outcome::Again) };
        };
        let nobody = match Said::of(past::latest(zoom, self.number).await)? {
            Said::Answer(past) => {
                // Whether it is the cards' is decided as for every event.
                self.ended(&past).await?;
                true
            }
            Said::Nothing => true,
            Said::Unknown => false,
            Said::Stop => return Ok(Outcome::Stop),
        };
        let record = records::load_record(self.io, self.number).await?.record;
        let is_open = |entry: &Entry| entry.card.uuid.is_none() && is_due(&entry.card, self.io.now_ms());
        if !record.cards.iter().any(is_open) {
            return Ok(Outcome::Settled);
        }
        match Said::of(past::present(zoom, self.number).await)? {
            Said::Answer(now) if now.runs => Ok(Outcome::Again),
            Said::Answer(now)
                if now.planned_ms.is_some_and(|planned_ms| planned_ms > self.io.now_ms())
                    && age_ms < LONGEST_PLAN_MS =>
            {
                Ok(Outcome::Again)
            }
            Said::Answer(_) => self.close(None, nobody).await,
            Said::Nothing => self.close(None, nobody).await,
            Said::Stop => Ok(Outcome::Stop),
            Said::Unknown if too_old => self.close(None, false).await,
            Said::Unknown => Ok(Outcome::Again),
        }
    }

    /// As if Zoom had reported it.
    async fn ended(&self, past: &Past) -> Result<(), Error> {
        let by_zoom = |ms| Time { ms, by_zoom: true };
        let event = Event::Ended { started: past.started_ms.map(by_zoom), ended: by_zoom(past.ended_ms) };
        let event =
            MeetingEvent { number: self.number, uuid: past.uuid.clone(), topic: String::new(), event };
        events::apply(self.io, self.settings, &event).await
    }

    async fn close(&self, uuid: Option<&str>, unjoined: bool) -> Result<Outcome, Error> {
        let (now_ms, closed) = (self.io.now_ms(), Cell::new(Vec::new()));
        let close = |record: &mut Record| {
            let is_due = |card: &CardRecord| is_due(card, now_ms);
            closed.set(record.close(uuid, unjoined, now_ms, &is_due));
        };
        let record = records::update_record(self.io, self.number, None, &close).await?.record;
        for id in closed.take() {
            if let Some(entry) = record.entry(&id) {
                show::show(self.io, &id, &entry.card).await?;
            }
        }
        Ok(Outcome::Settled)
    }
}
