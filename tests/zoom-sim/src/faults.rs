//! Answers that a test wants to see handled: refusals, nonsense, silence.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::RetryAfter;

/// A fault for calls that match. Faults are tried in the order they were added; the first that matches
/// is used, so that queued ones come one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Only calls of this method.
    pub method: Option<String>,
    /// Only paths that contain this, as sent: `/users/`, `/meetings`.
    pub path: Option<String>,
    /// For so many calls; absent means until the faults are cleared.
    pub times: Option<u32>,
    /// Wait before the answer.
    pub delay: Option<Delay>,
    /// Answer instead of the right one; absent means the right one.
    pub answer: Option<FaultAnswer>,
    /// Whether the call has its effect before the wrong answer: the meeting exists, and the caller
    /// does not know.
    pub after_effect: bool,
}

impl Fault {
    /// The next call gets this answer and has no effect.
    pub fn next(answer: FaultAnswer) -> Self {
        Self { times: Some(1), answer: Some(answer), ..Self::default() }
    }

    /// Every call gets this answer until the faults are cleared.
    pub fn sticky(answer: FaultAnswer) -> Self {
        Self { times: None, ..Self::next(answer) }
    }

    /// The next call is answered rightly, but late.
    pub fn slow(delay: Delay) -> Self {
        Self { times: Some(1), delay: Some(delay), ..Self::default() }
    }

    /// Only for this method and paths that contain `path`.
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|part| path.contains(part))
    }
}

/// How long an answer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// Milliseconds on the simulation's clock.
    ClockMs(u64),
    /// Milliseconds of real time, for callers whose timeout is real.
    RealMs(u64),
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultAnswer {
    /// Whatever the test says.
    Raw {
        /// HTTP status.
        status: u16,
        /// `Content-Type`; none if absent.
        content_type: Option<String>,
        /// More headers.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Body, sent as it stands.
        body: String,
    },
    /// Zoom's error body with this HTTP status; with 200 it is the success that is none.
    Error {
        /// HTTP status.
        status: u16,
        /// Zoom's code.
        code: u32,
        /// Zoom's text.
        message: String,
    },
    /// The HTML page of a proxy whose upstream is gone: 502.
    BadGateway,
    /// This status and nothing else.
    Empty {
        /// HTTP status.
        status: u16,
    },
    /// 429, with `Retry-After` in one of its forms.
    RateLimited {
        /// Which form.
        retry_after: RetryAfter,
        /// How long, in seconds.
        seconds: u32,
    },
    /// The connection ends without an answer. Needs [`ZoomSim::serve`](crate::ZoomSim::serve): another
    /// server of the router answers an empty 502.
    Disconnect,
}

#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        if fault.times != Some(0) {
            self.0.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> Vec<Fault> {
        self.0.clone()
    }

    /// The fault for this call, used up by one.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let index = self.0.iter().position(|fault| fault.matches(method, path))?;
        let fault = self.0[index].clone();
        if let Some(times) = &mut self.0[index].times {
            *times -= 1;
            if *times == 0 {
                self.0.remove(index);
            }
        }
        Some(fault)
    }
}

impl Delay {
    pub(crate) fn duration(self) -> Duration {
        match self {
            Self::ClockMs(ms) | Self::RealMs(ms) => Duration::from_millis(ms),
        }
    }
}
