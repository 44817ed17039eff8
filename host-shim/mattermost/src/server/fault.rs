//! What a failed call means for the component.

use chat_plugin_engine::api::{directory, files, frontend, key_value, posts, presence};

use crate::api::ApiError;
use crate::goplugin::RpcError;

/// Why a call of the API had no result, as far as a caller would act on it. Texts are for logs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotFound,
    Forbidden,
    /// The server refuses what it was given, and says why.
    Invalid(String),
    /// The server has switched it off, or does not know it.
    Unsupported,
    /// Nothing happened.
    NotDone(String),
    /// It may or may not have happened.
    Unknown(String),
}

/// How the server refuses to write posts into an archived channel.
const ARCHIVED: [&str; 2] = [
    "api.post.create_post.can_not_post_to_deleted.error",
    "api.post.update_post.can_not_update_post_in_deleted.error",
];

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        match &error {
            ApiError::Refused { status: 404, .. } => Self::NotFound,
            // No fault of what was given: a place to write to is what is missing.
            ApiError::Refused { id, .. } if ARCHIVED.contains(&id.as_str()) => Self::NotFound,
            ApiError::Refused { status: 401 | 403, .. } => Self::Forbidden,
            ApiError::Refused { status: 400 | 413, .. } => Self::Invalid(error.to_string()),
            ApiError::Refused { status: 501, .. } | ApiError::Rpc(RpcError::Refused { .. }) => {
                Self::Unsupported
            }
            ApiError::Refused { status: 429 | 503, .. } | ApiError::NotConnected => {
                Self::NotDone(error.to_string())
            }
            ApiError::Refused { .. } | ApiError::Failed { .. } | ApiError::Rpc(_) | ApiError::Empty(_) => {
                Self::Unknown(error.to_string())
            }
        }
    }
}

impl From<Fault> for posts::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound => Self::NotFound,
            Fault::Forbidden => Self::Forbidden,
            Fault::Invalid(reason) => Self::Invalid(reason),
            Fault::Unsupported => Self::Unsupported,
            Fault::NotDone(reason) => Self::Unavailable(reason),
            Fault::Unknown(reason) => Self::Other(reason),
        }
    }
}

impl From<ApiError> for posts::Error {
    fn from(error: ApiError) -> Self {
        Fault::from(error).into()
    }
}

/// A failed read can always be asked again.
impl From<Fault> for directory::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            // An id that cannot be one belongs to nobody.
            Fault::NotFound | Fault::Invalid(_) => Self::NotFound,
            Fault::NotDone(reason) | Fault::Unknown(reason) => Self::Unavailable(reason),
            Fault::Forbidden => Self::Other("the server forbids it".into()),
            Fault::Unsupported => Self::Other("the server does not offer it".into()),
        }
    }
}

impl From<ApiError> for directory::Error {
    fn from(error: ApiError) -> Self {
        Fault::from(error).into()
    }
}

impl From<Fault> for presence::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound => Self::NotFound,
            Fault::Unsupported => Self::Unsupported,
            Fault::NotDone(reason) => Self::Unavailable(reason),
            Fault::Invalid(reason) | Fault::Unknown(reason) => Self::Other(reason),
            Fault::Forbidden => Self::Other("the server forbids it".into()),
        }
    }
}

impl From<ApiError> for presence::Error {
    fn from(error: ApiError) -> Self {
        Fault::from(error).into()
    }
}

impl From<Fault> for frontend::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unsupported => Self::Unsupported,
            Fault::NotDone(reason) => Self::Unavailable(reason),
            Fault::Invalid(reason) | Fault::Unknown(reason) => Self::Other(reason),
            Fault::NotFound => Self::Other("the server does not know where to".into()),
            Fault::Forbidden => Self::Other("the server forbids it".into()),
        }
    }
}

impl From<ApiError> for frontend::Error {
    fn from(error: ApiError) -> Self {
        Fault::from(error).into()
    }
}

/// For a call that only reads.
pub(super) fn read_error(error: ApiError) -> key_value::Error {
    match Fault::from(error) {
        Fault::Invalid(_) => key_value::Error::InvalidKey,
        Fault::NotDone(reason) | Fault::Unknown(reason) => key_value::Error::Unavailable(reason),
        fault @ (Fault::NotFound | Fault::Forbidden | Fault::Unsupported) => {
            key_value::Error::Other(format!("{fault:?}"))
        }
    }
}

/// For a call that writes.
pub(super) fn write_error(error: ApiError) -> key_value::Error {
    match Fault::from(error) {
        Fault::Invalid(_) => key_value::Error::InvalidKey,
        Fault::NotDone(reason) => key_value::Error::Unavailable(reason),
        Fault::Unknown(reason) => key_value::Error::Other(reason),
        fault @ (Fault::NotFound | Fault::Forbidden | Fault::Unsupported) => {
            key_value::Error::Other(format!("{fault:?}"))
        }
    }
}

/// For a file of this size, in bytes.
pub(super) fn file_error(error: ApiError, size: u64) -> files::Error {
    if error.status() == Some(413) {
        return files::Error::TooLarge(size);
    }
    match Fault::from(error) {
        Fault::Unsupported => files::Error::Unsupported,
        Fault::NotDone(reason) => files::Error::Unavailable(reason),
        Fault::Invalid(reason) | Fault::Unknown(reason) => files::Error::Other(reason),
        Fault::NotFound => files::Error::Other("there is no such channel".into()),
        Fault::Forbidden => files::Error::Other("the server forbids it".into()),
    }
}
