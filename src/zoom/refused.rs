//! Why a delivery of Zoom's was refused.

use super::signature::BadSignature;
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
