//! A simulated Zoom.
//!
//! It answers Zoom's REST API for users, meetings and recordings, checks the tokens of a JWT app, sends signed
//! webhooks with Zoom's retries and URL validation, and misbehaves on demand. Time is a [`Clock`] that a
//! test moves; identifiers come from a seed. A run is the same each time.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use zoom_sim::{Attendee, Clock, NewUser, SimConfig, WebhookConfig, ZoomSim};
//!
//! let sim = ZoomSim::new(SimConfig { clock: Clock::manual(1_767_605_412_345), ..SimConfig::default() });
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! tokio::spawn(sim.clone().serve(listener));
//!
//! sim.add_user(NewUser::new("alice@example.com"))?;
//! sim.save_webhook(WebhookConfig::signed("http://127.0.0.1:8065/webhook?secret=s", "token")).await?;
//! let meeting = sim.create_meeting("alice@example.com", &serde_json::json!({ "topic": "Review" }))?;
//! sim.start_meeting(meeting.id)?;
//! sim.join_meeting(meeting.id, &Attendee::Guest("Bob".into()))?;
//! sim.advance(std::time::Duration::from_secs(47 * 60)).await;
//! sim.end_meeting(meeting.id)?;
//! sim.settle().await; // every webhook has been delivered, or has failed
//! # Ok(())
//! # }
//! ```
//!
//! # Doors
//! - [`ZoomSim`]: the handle, for tests and hosts in Rust.
//! - `/v2/…`: Zoom's API. [`ZoomSim::router`] has only this and what links lead to.
//! - `/sim/…`: the same control over HTTP, for tests in other languages. [`ZoomSim::serve`] offers both.
//!   The calls are listed in the crate's README.
//!
//! # What is Zoom's and what is not
//! Where Zoom's behaviour is documented or was observed, this behaves so. Where reports differ (new
//! timestamps on retries, number or string ids, which uuid a first start has) there is a switch. Choices
//! without a source are marked in the code. Not simulated: OAuth, limits by the day for the whole
//! account.

mod api;
mod auth;
mod changes;
mod clock;
mod config;
mod control;
mod downloads;
mod error;
mod faults;
mod ids;
mod meetings;
mod page;
mod pages;
mod rate_limit;
mod recordings;
mod requests;
mod serve;
mod sim;
mod users;
mod webhook;

pub use changes::Change;
pub use clock::{Clock, UnixMs};
pub use config::{FirstUuid, PerSecond, RateLimits, RetryAfter, SimConfig};
pub use error::SimError;
pub use faults::{Delay, Fault, FaultAnswer};
pub use meetings::{
    Instance, Meeting, MeetingStatus, MeetingView, Participant,
    life::Attendee,
    recurrence::{Occurrence, Recurrence},
};
pub use recordings::{Downloads, FileBody, NewFile, NewRecording, Recording, RecordingFile, Redirect};
pub use requests::SeenRequest;
pub use sim::ZoomSim;
pub use users::{NewUser, PersonalMeeting, User, UserStatus};
pub use webhook::{
    Attempt, Delivery, DeliveryState, Redelivery, Release, RequestIdHeader, ValidationStatus, WebhookConfig,
    sign::{encrypted_token, signature},
};
