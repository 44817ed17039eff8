//! What can go wrong, each case comparable and with a sentence for a log.

use std::time::Duration;

/// Why a hook's call gave no answer. Nothing else is affected: the next call gets a fresh instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The plugin did something that WebAssembly forbids, or gave up (a panic). Holds the reason in short.
    #[error("the plugin crashed: {0}")]
    Trapped(String),
    /// The plugin computed longer than allowed.
    #[error("the plugin computed for more than {} ms and was stopped", .0.as_millis())]
    TooSlow(Duration),
    /// The whole call took longer than allowed.
    #[error("the call took more than {} s and was stopped", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The chat server did not answer an import in time that cannot report it to the plugin. Names the import.
    #[error("the chat server did not answer {import} within {} s", .limit.as_secs_f32())]
    ImportTimedOut {
        /// For example `host.settings`.
        import: &'static str,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The plugin asked for more memory than allowed. Holds the limit in bytes.
    #[error("the plugin wanted more than {} MiB of memory and was stopped", .0 >> 20)]
    OutOfMemory(usize),
    /// The plugin's calls nested too deeply.
    #[error("the plugin's functions nested too deeply and it was stopped")]
    StackOverflow,
    /// The plugin tried to hand over more than allowed, in an answer or to an import. Holds the limit in bytes.
    #[error("the plugin handed over more than {} MiB at once and was stopped", .0 >> 20)]
    TooLarge(usize),
    /// The plugin's answer is none that the contract allows. Says what is wrong with it.
    #[error("the plugin's answer is not valid: {0}")]
    BadAnswer(String),
    /// The plugin ended its own process.
    #[error("the plugin stopped itself")]
    Exited,
    /// All places for calls of this kind of party were taken for as long as the call may wait. Nothing was done, or the call ended
    /// where it would have had to wait.
    #[error("all places for calls of this kind are taken; try again soon")]
    Busy,
    /// The user has as many calls under way as one may have. Holds how many. Nothing was done.
    #[error("{0} calls of the same user are under way already; try again when they are done")]
    ShareTaken(usize),
    /// The engine is being stopped. Nothing was done.
    #[error("the plugin is being stopped")]
    Stopping,
    /// The engine was stopped before the call came to its end.
    #[error("the plugin was stopped before the call was done")]
    Stopped,
    /// The chat server failed an import that cannot report it to the plugin.
    #[error("the chat server failed {import}: {reason}")]
    Host {
        /// For example `host.settings`.
        import: &'static str,
        /// For logs.
        reason: String,
    },
    /// The engine itself failed. For logs.
    #[error("the plugin could not be run: {0}")]
    Engine(String),
}

/// Why a component was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read, or is no component made for this engine. Says what to do.
    #[error("{0}")]
    Unreadable(String),
    /// The component was made for another version of the contract.
    #[error(
        "the component speaks chat-plugin:api {component}, this host speaks {host}: install the host and the component of one release together"
    )]
    Version {
        /// What the component was made for.
        component: String,
        /// What this engine offers.
        host: &'static str,
    },
    /// The component wants imports that no plugin gets. Names them.
    #[error("the component wants {}, which the sandbox does not offer", .0.join(", "))]
    ForbiddenImports(Vec<String>),
    /// The component does not fit the contract for another reason.
    #[error("the component does not fit the contract: {0}")]
    Mismatch(String),
    /// The engine could not be set up.
    #[error("the WebAssembly engine could not be started: {0}")]
    Engine(String),
}
