//! Deliveries that were refused, so that an administrator is told: Zoom does not say it, and sends no event a second time that was
//! answered with 4xx.

use super::signature::BadSignature;
use crate::flow::Io;
use crate::model::{Request, header};
use crate::store;
use serde::{Deserialize, Serialize};

/// Why a delivery was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The secret is missing from the URL.
    NoSecret,
    /// Another secret is in the URL.
    WrongSecret,
    /// No signature.
    Unsigned,
    /// Another signature.
    WrongSignature,
    /// Its timestamp is too old.
    Late,
    /// Its timestamp lies ahead.
    Early,
    /// Its body could not be read.
    Unreadable,
    /// Zoom wanted to validate the URL, and there is no secret to answer with.
    NoSigningSecret,
}

impl Why {
    /// Whoever sent it knew the secret of the URL: Zoom, in all likelihood. Anybody may send the others.
    pub fn knew_the_url(self) -> bool {
        !matches!(self, Self::NoSecret | Self::WrongSecret)
    }
}

impl From<BadSignature> for Why {
    fn from(bad: BadSignature) -> Self {
        match bad {
            BadSignature::Missing | BadSignature::BadTimestamp => Self::Unsigned,
            BadSignature::Stale => Self::Late,
            BadSignature::Future => Self::Early,
            BadSignature::Mismatch => Self::WrongSignature,
        }
    }
}

/// Notes a refusal for `/zoom doctor`. What does not look like Zoom's costs nothing.
pub(crate) async fn note(io: &Io, request: &Request, why: Why) {
    let looks_like_zooms = ["x-zm-signature", "x-zm-request-timestamp"]
        .iter()
        .any(|name| header(&request.headers, name).is_some());
    if why.knew_the_url() || looks_like_zooms {
        // For the administrator's eyes alone: it must not change the answer.
        let _ = store::note_refused(io, why).await;
    }
}
