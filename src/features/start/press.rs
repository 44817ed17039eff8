//! What buttons hold.

use crate::meeting::wanted::Wanted;
use crate::store::Preference;
use serde::{Deserialize, Serialize};

/// What a button does, as it stands in its context. The host hands back only what this plugin gave to the button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// Starts a meeting, once.
    Start {
        /// Names the question that the button answers: only one answer counts.
        question: String,
        /// The answer.
        wanted: Wanted,
    },
    /// Chooses whether the personal meeting is used.
    Preference {
        /// The choice.
        preference: Preference,
        /// The thread that the buttons are in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root_id: Option<String>,
    },
}

impl Press {
    /// The button's context.
    pub fn context(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
