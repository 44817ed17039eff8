//! What users want of meetings, as data that outlives a hook.

use serde::{Deserialize, Serialize};

/// A meeting that a user wants. Stands in buttons, and outlives the way to Zoom and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Where its card shall stand.
    pub channel_id: String,
    /// The thread it shall stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_id: Option<String>,
    /// As typed. May be empty.
    #[serde(default)]
    pub topic: String,
    /// Which meeting. `None`: as the user has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MeetingId>,
    /// Although another meeting was started here just now.
    #[serde(default)]
    pub force: bool,
}

/// Which meeting is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingId {
    /// The user's personal one, whose number comes back.
    Personal,
    /// A new one.
    Unique,
    /// The one that this text names: its number or join link, then a topic. Zoom is not asked about it.
    Given(String),
}
