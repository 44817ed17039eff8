//! The types of the `chat-plugin:api` contract, generated from `wit/`: one module for each interface.

pub use crate::bindings::chat_plugin::api::{
    directory, files, frontend, host, http_client, key_value, log, posts, presence,
};
pub use crate::bindings::exports::chat_plugin::api::hooks;
