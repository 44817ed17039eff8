//! Start, change of settings, stop.

use std::time::Duration;

use chat_plugin_engine::api::hooks::Registration;
use chat_plugin_engine::{AllowListClient, DueLoop, Engine, KnownService, Origins, Party};

use tokio::time::timeout;

use super::{Hooks, event};
use crate::api::{Api, LogLevel};
use crate::command;
use crate::goplugin::{Client, Empty};
use crate::manifest::{ICON_PNG, MANIFEST};
use crate::model::{
    self, Bot, OnActivateArgs, OnActivateReturns, OnConfigurationChangeReturns, OnDeactivateReturns,
};
use crate::server::{Facts, Mattermost};

/// How long calls under way may still take when the plugin is switched off or replaced: most meetings are made within a second or
/// two. A server that is itself being shut down waits ten seconds and no more.
const DRAIN: Duration = Duration::from_secs(8);
/// How long the answers of those calls may take on their way.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

type Answer<T> = Result<T, String>;

impl Hooks {
    /// The hooks that the server is to call: hooks that are not named cost nothing. `OnActivate` is always called.
    pub(super) async fn implemented(&self, _: Empty) -> Answer<Vec<String>> {
        let mut names: Vec<_> =
            ["OnActivate", "OnDeactivate", "OnConfigurationChange", "ExecuteCommand", "ServeHTTP"]
                .map(str::to_owned)
                .into();
        // Asked once in a life of the process. A component that cannot be loaded is reported at the activation.
        if let Ok(engine) = self.engine()
            && let Ok(registration) = engine.describe().await
        {
            names.extend(
                registration.events.iter().filter_map(|name| event::hook_of(name)).map(str::to_owned),
            );
        }
        Ok(names)
    }

    /// The server opens its API and the plugin starts. An error text fails the activation, and the System Console shows it.
    pub(super) async fn on_activate(&self, args: OnActivateArgs) -> Answer<OnActivateReturns> {
        let broker = &self.inner.broker;
        let connected = tokio::try_join!(broker.dial(args.api_mux_id), broker.dial(args.driver_mux_id));
        // The second stream leads to the server's database, for which the plugin has no use; the server waits for it all the same.
        let (stream, database) = connected.map_err(|error| error.to_string())?;
        drop(database);
        self.server().connect(Api::new(Client::new(stream)));
        let failure = self.activate().await.err();
        Ok(OnActivateReturns { a: failure.and_then(model::error) })
    }

    pub(super) async fn on_configuration_change(&self, _: Empty) -> Answer<OnConfigurationChangeReturns> {
        // Before the activation there is nobody to ask, and it asks by itself.
        let failure = match self.api() {
            Ok(api) => self.reload(api).await.err(),
            Err(_) => None,
        };
        Ok(OnConfigurationChangeReturns { a: failure.and_then(model::error) })
    }

    pub(super) async fn on_deactivate(&self, _: Empty) -> Answer<OnDeactivateReturns> {
        // Without a limit of its own a change of settings under way could hold up the end.
        let due = match timeout(DRAIN, self.inner.due.lock()).await {
            Ok(mut due) => due.take(),
            Err(_) => None,
        };
        let stop_due = async {
            if let Some(due) = due {
                due.stop().await;
            }
        };
        if let Ok(engine) = self.running() {
            tokio::join!(stop_due, engine.drain(DRAIN));
            // The component has answered; now the server gets the answers.
            let _ = timeout(LAST_ANSWERS, self.inner.under_way.none()).await;
            engine.flush_log().await;
        }
        Ok(OnDeactivateReturns::default())
    }

    async fn activate(&self) -> Answer<()> {
        let mut due = self.inner.due.lock().await;
        let engine = self.engine().map_err(|error| error.to_string())?;
        let api = self.api().map_err(|error| error.to_string())?;
        self.learn(api, engine, String::new()).await?;
        let registration = describe(engine).await?;
        let bot = Bot {
            username: registration.bot_username.clone(),
            display_name: registration.bot_display_name.clone(),
            description: registration.bot_description.clone(),
        };
        let bot_id = api
            .ensure_bot(bot)
            .await
            .map_err(|error| format!("The bot account could not be made: {error}"))?;
        self.server().set_facts(self.server().facts().with_bot(bot_id.clone()));
        self.offer(api, engine, &registration).await?;
        *due = Some(DueLoop::start(engine.clone()));
        // The server scales pictures at leisure, and the plugin can work without one.
        tokio::spawn(give_picture(api.clone(), bot_id));
        Ok(())
    }

    async fn reload(&self, api: &Api) -> Answer<()> {
        let due = self.inner.due.lock().await;
        if due.is_none() {
            return Ok(());
        }
        let engine = self.running()?;
        self.learn(api, engine, self.server().facts().bot_id.clone()).await?;
        let registration = describe(engine).await?;
        self.offer(api, engine, &registration).await
    }

    /// Asks the server for all settings, and lets the component reach what they allow.
    async fn learn(&self, api: &Api, engine: &Engine<Mattermost>, bot_id: String) -> Answer<()> {
        let facts = Facts::load(api, bot_id)
            .await
            .map_err(|error| format!("The server's settings could not be read: {error}"))?;
        let origins = Origins::new(&MANIFEST.props.http_origins, &facts.settings)?;
        self.set_known(KnownService::new(MANIFEST.props.service_requests.clone(), &facts.settings));
        let http: &AllowListClient = engine.http();
        http.set_origins(origins);
        self.server().set_facts(facts);
        Ok(())
    }

    /// Offers the command, and has the component check the settings. With problems the plugin stays active: it says to its
    /// users what is missing, and the administrator finds it in the log.
    async fn offer(&self, api: &Api, engine: &Engine<Mattermost>, registration: &Registration) -> Answer<()> {
        api.register_command(command::command(registration))
            .await
            .map_err(|error| format!("The command could not be offered: {error}"))?;
        match engine.configure().await {
            Ok(Ok(())) => {}
            Ok(Err(problems)) => {
                let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
                let sentences: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
                let message = format!("The settings need an administrator. {}", sentences.join(" "));
                api.note(LogLevel::Error, &message, &[("settings", &keys.join(", "))]).await;
            }
            Err(error) => {
                self.failed(&Party::Host, "configure", &error).await;
            }
        }
        Ok(())
    }
}

/// Gives the bot a picture, unless it has one: the administrator's own stays. The server counts a default picture below zero.
async fn give_picture(api: Api, bot_id: String) {
    let given = match api.user(bot_id.clone()).await {
        Ok(bot) if bot.last_picture_update > 0 => Ok(()),
        Ok(_) => api.set_profile_image(bot_id, ICON_PNG.to_vec()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = given {
        api.note(LogLevel::Info, "The bot has no picture.", &[("error", &error.to_string())]).await;
    }
}

async fn describe(engine: &Engine<Mattermost>) -> Answer<Registration> {
    engine
        .describe()
        .await
        .map_err(|error| format!("The component could not be asked what it offers: {error}"))
}
