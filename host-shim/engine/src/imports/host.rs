use std::future::Future;
use std::time::Duration;

use crate::api::host::{Finding, Host, Server};
use crate::call::Call;
use crate::error::CallError;
use crate::limits::PAUSE;
use crate::server::{ChatServer, HostFault};

impl<S: ChatServer, H: Send + Sync + 'static> Host for Call<S, H> {
    async fn about(&mut self) -> wasmtime::Result<Server> {
        self.must("host.about", self.server.about()).await
    }

    async fn settings(&mut self) -> wasmtime::Result<String> {
        self.must("host.settings", self.server.settings()).await
    }

    async fn findings(&mut self, locale: String) -> wasmtime::Result<Vec<Finding>> {
        self.must("host.findings", self.server.findings(locale)).await
    }

    async fn personal_url(&mut self, user_id: String, path: String) -> wasmtime::Result<String> {
        self.must("host.personal-url", self.server.personal_url(user_id, path)).await
    }

    async fn wake(&mut self) -> wasmtime::Result<()> {
        self.wake = true;
        Ok(())
    }

    async fn pause(&mut self, ms: u32) -> wasmtime::Result<()> {
        self.park()?;
        // Half of what is left of the call, so that the plugin has time to say how it ended.
        let most = self.time_left() / 2;
        tokio::time::sleep(Duration::from_millis(ms.into()).min(PAUSE).min(most)).await;
        Ok(())
    }
}

impl<S, H> Call<S, H> {
    /// Waits for an answer that the contract has no error for: without it the call fails.
    async fn must<T>(
        &self,
        import: &'static str,
        answer: impl Future<Output = Result<T, HostFault>>,
    ) -> wasmtime::Result<T> {
        let limit = self.limits.import;
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(HostFault(reason))) => Err(CallError::Host { import, reason }.into()),
            Err(_) => Err(CallError::ImportTimedOut { import, limit }.into()),
        }
    }
}
