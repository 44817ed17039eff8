//! What travels between the server and the plugin: structs generated from Go's, and values of any type as JSON.

mod any;
mod wire;

pub(crate) use any::{
    ATTACHMENTS, Any, Props, attachments, error, error_text, holds_text, json_from_props, props_from_json,
    read_text, text, text_argument,
};
pub(crate) use gobwire::GoTime as Time;
pub(crate) use wire::*;

use crate::goplugin::Header;
use gobwire::{BinaryBytes, GoTime, Gob};

impl HTTPRequestSubset {
    /// The request's URL as text: path and query. Bytes that are no UTF-8 become replacement characters.
    pub(crate) fn url_text(&self) -> String {
        self.url.as_ref().map(|url| String::from_utf8_lossy(&url.0).into_owned()).unwrap_or_default()
    }
}

/// A moment, from milliseconds since the Unix epoch.
pub(crate) fn time_from_ms(ms: i64) -> Time {
    let nanoseconds = i32::try_from(ms.rem_euclid(1000) * 1_000_000).unwrap_or_default();
    Time::from_unix(ms.div_euclid(1000), nanoseconds, gobwire::Zone::Utc)
}
