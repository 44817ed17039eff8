//! What must hold once all is quiet.

use crate::cast::{self, SignIn, USERS};
use crate::chat::Posted;
use crate::model::{Card, wrong_instance};
use crate::properties::Property;
use crate::run::Sim;
use crate::world::{HookInfo, World};
use crate::zoom::Instance;
use serde_json::Value;
use zoom_chat::account::grants;
use zoom_chat::flow::{Effect, Flow, Io, Moment, Outcome, Step};
use zoom_chat::meeting::card::render;
use zoom_chat::meeting::records;
use zoom_chat::say::i18n::Localizer;
use zoom_chat::settings::Settings;

/// A meeting that ran for at least so long around a card's post is the one that the card is about.
const AROUND_MS: u64 = 120_000;

/// Keys of the plugin's own that are always there: since when it is here, when it heard of Zoom last, how it signs in itself.
const OWN_KEYS: usize = 3;

/// A meeting that is followed has its cards under one key, and drops old ones.
const LARGEST_VALUE: usize = 20_000;

impl Sim<'_> {
    pub(crate) fn verdict(&mut self) {
        if let Some(hook) = self.hooks.iter().flatten().next() {
            let what = format!("{} never answers", hook.info.name());
            self.world.violated(Property::AnswersOnce, what);
        }
        let cards = std::mem::take(&mut self.world.model.cards);
        for (card_id, card) in &cards {
            self.card(card_id, card);
        }
        self.world.model.cards = cards;
        self.kept();
        self.connections();
    }

    /// What must hold soon: much later everything is looked at once more, which would hide what was left out.
    pub(crate) fn soon(&mut self) {
        let cards = std::mem::take(&mut self.world.model.cards);
        for (card_id, card) in &cards {
            let _ = self.shown(card_id, card);
        }
        self.world.model.cards = cards;
    }

    /// The newest post of a card, if it shows what is stored. `None`: it does not, or need not.
    fn shown(&mut self, card_id: &str, card: &Card) -> Option<Posted> {
        let posted = self.world.chat.posts[*card.posts.last()?].clone();
        if posted.post.deleted || posted.out_of_reach {
            return None;
        }
        let world = &mut self.world;
        let id = card_id.to_owned();
        match look(world, |io| async move { records::load_card(&io, &id).await }) {
            Ok(Some(record)) => {
                let l10n = Localizer::of_locale(record.locale);
                let uuid = record.uuid.as_deref();
                let wanted =
                    render(card_id, &record.meeting, uuid, &record.creator, record.life, &l10n).card.data;
                if wanted != posted.post.data {
                    let (id, shown) = (&posted.post.id, &posted.post.data);
                    let what = format!("{id} shows {shown}, and what is stored is {wanted}");
                    world.violated(Property::ShowsItsState, what);
                    return None;
                }
                Some(posted)
            }
            Ok(None) => {
                let what = format!("nothing is stored of {}", posted.post.id);
                world.violated(Property::ShowsItsState, what);
                None
            }
            Err(error) => {
                world.violated(Property::ShowsItsState, format!("{error:?}"));
                None
            }
        }
    }

    fn card(&mut self, card_id: &str, card: &Card) {
        let Some(posted) = self.shown(card_id, card) else { return };
        let shown: Value = serde_json::from_str(&posted.post.data).unwrap_or_default();
        let ended = shown["meeting_status"] == "ENDED";
        let world = &mut self.world;
        let Some(number) = card.number else { return };
        let tied = shown["meeting_uuid"].as_str().and_then(|uuid| world.zoom.by_uuid(uuid)).cloned();
        if let Some(tied) = &tied
            && tied.end_reported
            && !ended
        {
            return world
                .violated(Property::EndIsShown, format!("{} of {number} still says Join", posted.post.id));
        }
        // A channel that follows a meeting may hear of an occurrence late, and has a card of each.
        let chosen = posted.post.user_id != "u-bot";
        let could_know = |tied: &&Instance| tied.end_reported || world.can_ask(tied.host);
        let wrong = tied.as_ref().filter(|_| chosen).filter(could_know);
        if let Some(why) = wrong.and_then(|tied| wrong_instance(card, tied)) {
            return world.violated(Property::OwnTimes, format!("{} of {number}: {why}", posted.post.id));
        }
        let made_ms = posted.post.created_ms;
        let around = world.zoom.instances.iter().find(|instance| {
            let ends_ms = instance.end_ms.unwrap_or(u64::MAX);
            instance.number == number
                && instance.start_ms + AROUND_MS < made_ms
                && made_ms + AROUND_MS < ends_ms
        });
        if let Some(around) = around
            && chosen
            && around.end_reported
            // What has shown an end stays as it is. What was heard of a number before anybody here asked for it is forgotten.
            && tied.as_ref().is_none_or(|tied| around.end_heard_ms.is_some_and(|ms| ms < tied.start_ms))
            && tied.as_ref().is_none_or(|tied| tied.uuid != around.uuid)
        {
            let what = format!("{} was posted while {} ran and shows {tied:?}", posted.post.id, around.uuid);
            return world.violated(Property::RunningCard, what);
        }
        if !ended && world.zoom.running(number).is_none() {
            world.violated(Property::NoJoinForEver, format!("{} of {number} says Join", posted.post.id));
        }
    }

    /// What is kept for ever: nothing but what somebody asked to be kept, however much happens.
    fn kept(&mut self) {
        let entries: Vec<(String, usize)> =
            self.world.store.kept().map(|(key, entry)| (key.clone(), entry.value.len())).collect();
        let most = OWN_KEYS + self.world.model.lasting();
        if entries.len() > most {
            let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
            let what = format!("{} keys, at most {most}: {keys:?}", keys.len());
            self.world.violated(Property::KeysAreBounded, what);
        }
        if let Some((key, bytes)) = entries.iter().find(|(_, bytes)| *bytes > LARGEST_VALUE) {
            self.world.violated(Property::KeysAreBounded, format!("{key} has {bytes} bytes"));
        }
    }

    /// A browser has seen how a visit to Zoom ended.
    pub(crate) fn connected(&mut self, hook: &HookInfo) {
        let Some(user) = hook.user.filter(|_| self.plan.shape.sign_in == SignIn::User) else { return };
        let world = &mut self.world;
        let in_order = world.zoom.sign_ins.in_order_since(user).is_some_and(|ms| ms >= hook.began_ms);
        // A removal within the same moment cannot be told from one after it: clocks differ.
        let clear = world.model.removed_ms[user] + 30_000 < world.now_ms;
        if in_order && clear && connection(world, user).is_some() {
            world.model.connected[user] = true;
        }
    }

    /// Whose Zoom account is whose here.
    fn connections(&mut self) {
        for user in 0..USERS {
            let world = &mut self.world;
            let connected = connection(world, user);
            if let Some(zoom_user) = &connected
                && cast::user_of(zoom_user) != Some(user)
            {
                world.violated(Property::OwnAccount, format!("{} has {zoom_user}", cast::username(user)));
            }
            let expected = world.model.connected[user] && world.zoom.sign_ins.in_order_since(user).is_some();
            if expected && !(connected.is_some() && has_grant(world, user)) {
                let what = format!("{} is not connected any more", cast::username(user));
                world.violated(Property::StaysConnected, what);
            }
        }
    }
}

/// The Zoom user whom a user has connected.
fn connection(world: &mut World, user: usize) -> Option<String> {
    let id = cast::user_id(user);
    look(world, |io| async move { grants::connection(&io, &id).await }).ok().flatten()
}

/// Whether the plugin still holds what a user has allowed it.
fn has_grant(world: &mut World, user: usize) -> bool {
    let Ok(settings) = Settings::parse(&world.settings_json) else { return false };
    look(world, |io| async move {
        let Some((client, _)) = settings.credentials.connectable() else { return false };
        let key = grants::user_key(client, &cast::zoom_id(user));
        grants::load(&io, &settings, &key).await.is_ok_and(|(_, grant)| grant.is_some())
    })
}

/// Looks into the store by the plugin's own door, as a hook would that nobody disturbs.
pub(crate) fn look<T, F>(world: &mut World, door: impl FnOnce(Io) -> F) -> T
where
    T: 'static,
    F: Future<Output = T> + 'static,
{
    let (mut flow, mut step) = Flow::start(Moment { now_ms: world.now_ms, entropy: [7; 32] }, door);
    loop {
        let effects = match step {
            Step::Done(value) => return value,
            Step::Ask(effects) => effects,
        };
        step = Step::Ask(Vec::new());
        for (id, effect) in effects {
            let Effect::KvGet(key) = &effect else { unreachable!("a look writes nothing: {effect:?}") };
            let found = world.store.get(key, world.now_ms).map(<[u8]>::to_vec);
            if let Ok(next) = flow.resume(world.now_ms, id, Outcome::Value(Ok(found))) {
                step = next;
            }
        }
    }
}
