//! Loads a component and calls its hooks.

use std::path::Path;
use std::sync::Arc;

use crate::api::hooks::{
    Action, Command, CommandResponse, Event, Registration, Request, SettingProblem, Submission,
};
use crate::api::http_client::Response;
use crate::error::{CallError, LoadError};
use crate::http::{AllowListClient, HttpClient};
use crate::limits::Limits;
use crate::server::ChatServer;

/// Where a component comes from.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ComponentSource<'a> {
    /// A `.cwasm` file that `precompile` made for this very engine. It holds machine code: load only the bundle's own file.
    Precompiled(&'a Path),
    /// A `.wasm` component, compiled on the spot.
    #[cfg(feature = "compile")]
    Wasm(&'a [u8]),
}

/// One plugin, ready to be called. A clone is the same engine.
pub struct Engine<S, H = AllowListClient> {
    inner: Arc<Inner<S, H>>,
}

struct Inner<S, H> {
    server: Arc<S>,
    http: Arc<H>,
    woken: tokio::sync::Notify,
}

impl<S, H> Clone for Engine<S, H> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S: ChatServer, H: HttpClient> Engine<S, H> {
    /// Loads a component and checks that it fits the contract. Calls no hook.
    pub fn load(
        server: impl Into<Arc<S>>,
        http: impl Into<Arc<H>>,
        _source: ComponentSource<'_>,
        _limits: Limits,
    ) -> Result<Self, LoadError> {
        let inner = Inner { server: server.into(), http: http.into(), woken: tokio::sync::Notify::new() };
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

    /// Waits until a hook that asked for [`run_due`](Self::run_due) by `host.wake` has returned.
    pub async fn woken(&self) {
        self.inner.woken.notified().await;
    }

    /// What the plugin brings to the server.
    pub async fn describe(&self) -> Result<Registration, CallError> {
        Err(CallError::Exited)
    }

    /// Has the plugin check its settings; the inner error lists what is wrong with them.
    pub async fn configure(&self) -> Result<Result<(), Vec<SettingProblem>>, CallError> {
        Err(CallError::Exited)
    }

    /// A command that a user typed.
    pub async fn execute_command(&self, _command: Command) -> Result<CommandResponse, CallError> {
        Err(CallError::Exited)
    }

    /// A button that a user pressed.
    pub async fn handle_action(&self, _action: Action) -> Result<CommandResponse, CallError> {
        Err(CallError::Exited)
    }

    /// A dialog that a user sent or closed; the inner error lists fields and what is wrong with each.
    pub async fn submit_dialog(
        &self,
        _submission: Submission,
    ) -> Result<Result<(), Vec<(String, String)>>, CallError> {
        Err(CallError::Exited)
    }

    /// An HTTP request to the plugin's URL. A body over [`MAX_BODY`](crate::limits::MAX_BODY) is answered with 413 without asking the plugin.
    pub async fn serve_http(&self, _request: Request) -> Result<Response, CallError> {
        Err(CallError::Exited)
    }

    /// Something happened in the chat server.
    pub async fn handle_event(&self, _event: Event) -> Result<(), CallError> {
        Err(CallError::Exited)
    }

    /// Work that is due. Returns the seconds until the plugin wants to be called again, if sooner than a minute. Hosts leave
    /// this to [`DueLoop`](crate::DueLoop).
    pub async fn run_due(&self) -> Result<Option<u32>, CallError> {
        Err(CallError::Exited)
    }
}
