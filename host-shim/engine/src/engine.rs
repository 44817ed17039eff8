//! Calls the hooks of a loaded component.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use wasmtime::{Store, Trap};

use crate::admission::{Admission, Bodies, Drain, Party, Seat};
use crate::api::hooks::{
    Action, Command, CommandResponse, Event, Registration, Request, SettingProblem, Submission,
};
use crate::api::http_client::Response;
use crate::bindings::PluginPre;
use crate::bindings::exports::chat_plugin::api::hooks::Guest;
use crate::call::{Call, CallOf, Meter, may_go_on};
use crate::config::config;
use crate::error::{CallError, LoadError};
use crate::http::{AllowListClient, HttpClient, answer};
use crate::limits::{Limits, MAX_BODY, TRANSFER_BYTES};
use crate::load::{ComponentSource, load};
use crate::repeats::{Line, Repeats};
use crate::server::ChatServer;
use crate::ticker::Ticker;

/// One plugin, ready to be called. A clone is the same engine.
pub struct Engine<S: 'static, H: 'static = AllowListClient> {
    inner: Arc<Inner<S, H>>,
}

struct Inner<S: 'static, H: 'static> {
    server: Arc<S>,
    http: Arc<H>,
    limits: Arc<Limits>,
    plugin: PluginPre<Call<S, H>>,
    admission: Admission,
    bodies: Bodies,
    drain: Drain,
    repeats: Arc<Repeats>,
    woken: Notify,
    ticker: Ticker,
}

impl<S, H> Clone for Engine<S, H> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S: ChatServer, H: HttpClient> Engine<S, H> {
    /// Loads a component and checks that it fits the contract. Calls no hook. Takes milliseconds for a precompiled component.
    pub fn load(
        server: impl Into<Arc<S>>,
        http: impl Into<Arc<H>>,
        source: ComponentSource<'_>,
        mut limits: Limits,
    ) -> Result<Self, LoadError> {
        limits.rooms = limits.rooms.clamped();
        let failed = |error: &dyn std::fmt::Display| LoadError::Engine(error.to_string());
        let engine = wasmtime::Engine::new(&config()).map_err(|error| failed(&format!("{error:#}")))?;
        let inner = Inner {
            server: server.into(),
            http: http.into(),
            plugin: load(&engine, source)?,
            admission: Admission::new(&limits),
            bodies: Bodies::default(),
            drain: Drain::default(),
            repeats: Arc::default(),
            limits: Arc::new(limits),
            woken: Notify::new(),
            ticker: Ticker::start(engine).map_err(|error| failed(&error))?,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The chat server that the plugin talks to.
    pub fn server(&self) -> &Arc<S> {
        &self.inner.server
    }

    /// The client that sends the plugin's requests.
    pub fn http(&self) -> &Arc<H> {
        &self.inner.http
    }

    /// Bodies of requests on their way to [`serve_http`](Self::serve_http).
    pub fn bodies(&self) -> &Bodies {
        &self.inner.bodies
    }

    /// Writes a line to the server's log, as lines of the plugin are written in a call of this party: what says the same again and
    /// again is written once a minute, with how often.
    pub async fn log(&self, party: &Party, line: Line) {
        self.inner.repeats.write(&self.inner.server, party, line).await;
    }

    /// Writes how often lines were repeated, without waiting for the end of the minute.
    pub async fn flush_log(&self) {
        self.inner.repeats.flush(&*self.inner.server).await;
    }

    /// Refuses all further calls with [`CallError::Stopping`], those that wait for a place included, and waits for those under way.
    /// What is left after `limit` is cut off with [`CallError::Stopped`]. True if nothing was.
    pub async fn drain(&self, limit: Duration) -> bool {
        self.inner.admission.close();
        self.inner.bodies.close();
        self.inner.drain.wait(limit).await
    }

    /// Waits until a hook that asked for [`run_due`](Self::run_due) by `host.wake` has returned.
    pub async fn woken(&self) {
        self.inner.woken.notified().await;
    }

    /// What the plugin brings to the server.
    pub async fn describe(&self) -> Result<Registration, CallError> {
        self.call(&Party::Host, |hooks, store| Box::pin(hooks.call_describe(store))).await
    }

    /// Has the plugin check its settings; the inner error lists what is wrong with them.
    pub async fn configure(&self) -> Result<Result<(), Vec<SettingProblem>>, CallError> {
        self.call(&Party::Host, |hooks, store| Box::pin(hooks.call_configure(store))).await
    }

    /// A command that a user typed.
    pub async fn execute_command(&self, command: Command) -> Result<CommandResponse, CallError> {
        let party = Party::User(command.user_id.clone());
        self.call(&party, |hooks, store| {
            Box::pin(async move { hooks.call_execute_command(store, &command).await })
        })
        .await
    }

    /// A button that a user pressed.
    pub async fn handle_action(&self, action: Action) -> Result<CommandResponse, CallError> {
        let party = Party::User(action.user_id.clone());
        self.call(&party, |hooks, store| {
            Box::pin(async move { hooks.call_handle_action(store, &action).await })
        })
        .await
    }

    /// A dialog that a user sent or closed; the inner error lists fields and what is wrong with each.
    pub async fn submit_dialog(
        &self,
        submission: Submission,
    ) -> Result<Result<(), Vec<(String, String)>>, CallError> {
        let party = Party::User(submission.user_id.clone());
        self.call(&party, |hooks, store| {
            Box::pin(async move { hooks.call_submit_dialog(store, &submission).await })
        })
        .await
    }

    /// An HTTP request to the plugin's URL, of its user or of a stranger. A body over [`MAX_BODY`] is answered with 413 without
    /// asking the plugin. A host reads the body in [`bodies`](Self::bodies), so that those who are slow hold up nobody.
    pub async fn serve_http(&self, request: Request) -> Result<Response, CallError> {
        let party = Party::of(request.user_id.as_deref());
        self.serve_http_for(&party, "", request).await
    }

    /// The same, of a party that the host knows better. `source` says where the request comes from, such as the address of whoever
    /// sent it: where requests of one kind of party wait, sources take turns. Empty where it is not known.
    pub async fn serve_http_for(
        &self,
        party: &Party,
        source: &str,
        request: Request,
    ) -> Result<Response, CallError> {
        if request.body.len() > MAX_BODY {
            return Ok(answer::body_too_large());
        }
        let response = self
            .call_from(party, source, |hooks, store| {
                Box::pin(async move { hooks.call_serve_http(store, &request).await })
            })
            .await?;
        if (200..600).contains(&response.status) {
            Ok(response)
        } else {
            Err(CallError::BadAnswer(format!("{} is no HTTP status of an answer", response.status)))
        }
    }

    /// Something happened in the chat server.
    pub async fn handle_event(&self, event: Event) -> Result<(), CallError> {
        self.call(&Party::Event, |hooks, store| {
            Box::pin(async move { hooks.call_handle_event(store, &event).await })
        })
        .await
    }

    /// Work that is due. Returns the seconds until the plugin wants to be called again, if sooner than a minute. Hosts leave
    /// this to [`DueLoop`](crate::DueLoop).
    pub async fn run_due(&self) -> Result<Option<u32>, CallError> {
        let limit = self.inner.limits.due_call;
        let (answer, wake) = self
            .call_within(&Party::Host, "", limit, |hooks, store| Box::pin(hooks.call_run_due(store)))
            .await;
        // Waking itself means soon, not at once: it must not become a busy loop.
        answer.map(|wish| if wake { Some(0) } else { wish })
    }

    /// Calls a hook and tells [`woken`](Self::woken) when the plugin asked for it.
    async fn call<T>(&self, party: &Party, hook: impl Hook<S, H, T>) -> Result<T, CallError> {
        self.call_from(party, "", hook).await
    }

    async fn call_from<T>(
        &self,
        party: &Party,
        source: &str,
        hook: impl Hook<S, H, T>,
    ) -> Result<T, CallError> {
        let (answer, wake) = self.call_within(party, source, self.inner.limits.call, hook).await;
        if wake {
            self.inner.woken.notify_one();
        }
        answer
    }

    /// Calls a hook in a fresh instance. Also says whether the plugin asked for `run-due`, as a call that failed may have.
    async fn call_within<T>(
        &self,
        party: &Party,
        source: &str,
        limit: Duration,
        hook: impl Hook<S, H, T>,
    ) -> (Result<T, CallError>, bool) {
        let under_way = self.inner.drain.begin();
        // Given back after the store, and with it the instance, is gone.
        let seat = match self.inner.admission.seat(party, source).await {
            Ok(seat) => seat,
            Err(refusal) => return (Err(refusal), false),
        };
        let _running = self.inner.ticker.run();
        let meter = Arc::new(Meter::new());
        let mut store = self.inner.store(party, limit, Arc::clone(&meter), Arc::clone(&seat));
        let run = meter.measure(async {
            let plugin = self.inner.plugin.instantiate_async(&mut store).await?;
            hook(plugin.chat_plugin_api_hooks(), &mut store).await
        });
        let answer = match under_way.run(timeout(limit, run)).await {
            Some(Ok(answer)) => answer.map_err(|error| failure(&error)),
            Some(Err(_)) => Err(CallError::TimedOut(limit)),
            None => Err(CallError::Stopped),
        };
        store.data_mut().flush_printed().await;
        (answer, store.data().wake)
    }
}

/// Calls one hook of an instance.
trait Hook<S: 'static, H: 'static, T>:
    for<'a> FnOnce(&'a Guest, &'a mut Store<Call<S, H>>) -> Answer<'a, T> + Send
{
}

impl<S: 'static, H: 'static, T, F> Hook<S, H, T> for F where
    F: for<'a> FnOnce(&'a Guest, &'a mut Store<Call<S, H>>) -> Answer<'a, T> + Send
{
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = wasmtime::Result<T>> + Send + 'a>>;

impl<S: ChatServer, H: HttpClient> Inner<S, H> {
    fn store(&self, party: &Party, limit: Duration, meter: Arc<Meter>, seat: Arc<Seat>) -> Store<Call<S, H>> {
        let Self { server, http, limits, repeats, .. } = self;
        let call = Call::new(&CallOf { server, http, limits, repeats, party }, limit, meter, seat);
        let mut store = Store::new(self.plugin.engine(), call);
        store.limiter(|call| call);
        store.set_hostcall_fuel(TRANSFER_BYTES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(may_go_on);
        store
    }
}

/// What an error of wasmtime means.
fn failure(error: &wasmtime::Error) -> CallError {
    if let Some(error) = error.downcast_ref::<CallError>() {
        return error.clone();
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => return CallError::StackOverflow,
        Some(trap) => return CallError::Trapped(trap.to_string()),
        None => {}
    }
    let text = format!("{error:#}");
    // wasmtime has no type for this one.
    if text.contains("fuel allocated for hostcalls") {
        return CallError::TooLarge(TRANSFER_BYTES);
    }
    CallError::Engine(text)
}
