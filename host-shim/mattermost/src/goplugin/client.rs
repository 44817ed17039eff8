//! Calls to the host.

use std::time::Duration;

use gobwire::{Decode, Encode};
use tokio::io::{AsyncRead, AsyncWrite};

use super::rpc::{CallError, Rpc};

/// How long the host may take for one call. Longer means that the server or its database hangs; a component's own calls
/// are cut off earlier by the engine.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a lost connection may belong to an orderly end: the host closes all its streams at once, and the process ends
/// when it sees the last of them go.
const ORDERLY_END: Duration = Duration::from_secs(3);

/// Why a call to the host gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RpcError {
    /// The host refused the call as such: an older server does not know it.
    #[error("the server did not take the call {method}: {reason}")]
    Refused { method: &'static str, reason: String },
    /// No answer in time. The call may have had its effect.
    #[error("the server did not answer {method} within {} s", CALL_TIMEOUT.as_secs())]
    TimedOut { method: &'static str },
    /// The answer holds what cannot be read. The call may have had its effect; other calls go on.
    #[error("the server's answer to {method} could not be read: {reason}")]
    Unreadable { method: &'static str, reason: String },
    /// The connection is gone. The call may have had its effect.
    #[error("the connection to the server was lost during {method}: {reason}")]
    Lost { method: &'static str, reason: String },
}

/// The calls that the host offers. A clone is the same connection.
#[derive(Clone)]
pub(crate) struct Client {
    rpc: Rpc,
}

impl Client {
    /// Takes over a stream on which the host serves calls.
    pub(crate) fn new<T: AsyncRead + AsyncWrite + Send + 'static>(stream: T) -> Self {
        Self { rpc: Rpc::new(stream) }
    }

    /// Calls `method` and waits for its answer.
    ///
    /// The call runs on a task of its own: its future may be dropped at any time, and a write that stops half-way would
    /// spoil the stream for all later calls.
    pub(crate) async fn call<A, R>(&self, method: &'static str, args: A) -> Result<R, RpcError>
    where
        A: Encode + Send + Sync + 'static,
        R: Decode + Default + Send + 'static,
    {
        self.call_without(&[], method, args).await
    }

    /// The same, without what structs in the answer have in fields of these names: it is passed over as it arrives.
    pub(crate) async fn call_without<A, R>(
        &self,
        leave_out: &'static [&'static str],
        method: &'static str,
        args: A,
    ) -> Result<R, RpcError>
    where
        A: Encode + Send + Sync + 'static,
        R: Decode + Default + Send + 'static,
    {
        let rpc = self.rpc.clone();
        let call =
            tokio::spawn(
                async move { rpc.call_without(leave_out, &format!("Plugin.{method}"), &args).await },
            );
        match tokio::time::timeout(CALL_TIMEOUT, call).await {
            Err(_) => Err(RpcError::TimedOut { method }),
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(CallError::Refused(reason)))) => Err(RpcError::Refused { method, reason }),
            Ok(Ok(Err(CallError::Unreadable(reason)))) => Err(RpcError::Unreadable { method, reason }),
            Ok(Ok(Err(CallError::Lost(reason)))) => Err(lost(method, reason)),
            Ok(Err(stopped)) => Err(RpcError::Unreadable { method, reason: stopped.to_string() }),
        }
    }
}

/// A stream of gob values cannot be picked up again once it broke, so the plugin could do nothing more. It ends itself: the
/// server's next health check then starts it anew.
fn lost(method: &'static str, reason: String) -> RpcError {
    let why = reason.clone();
    tokio::spawn(async move {
        tokio::time::sleep(ORDERLY_END).await;
        tracing::error!(
            method,
            reason = why,
            "The connection to the server broke. The plugin ends itself, so that the server starts it again."
        );
        std::process::exit(1);
    });
    RpcError::Lost { method, reason }
}
