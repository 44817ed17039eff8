//! A simulated Zoom.
//!
//! It answers Zoom's REST API for users, meetings and recordings, lets apps sign in in every way (JWT, OAuth
//! of a user and of the account, Server-to-Server OAuth), sends signed webhooks with Zoom's retries and URL
//! validation, and misbehaves on demand. Time is a [`Clock`] that a
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
//! # OAuth
//! ```no_run
//! # fn example(sim: &zoom_sim::ZoomSim) -> Result<(), zoom_sim::SimError> {
//! use zoom_sim::{App, AppKind, Consent, Fault, FaultAnswer, OAuthOptions};
//!
//! sim.put_app(App::new(AppKind::User, "client-id", "secret").returning_to("http://127.0.0.1:8065/done"))?;
//! // Whoever is sent to /oauth/authorize is Alice and allows; without this the page has buttons, and
//! // `&as=alice@example.com` or `&refuse=1` behind the address press one.
//! sim.set_oauth_options(OAuthOptions {
//!     signed_in: Some("alice@example.com".into()),
//!     consent: Consent::Allow,
//!     ..OAuthOptions::default()
//! });
//! sim.expire_access_tokens(); // the next call is 401/124, the next refresh is good
//! let lost = Fault::next(FaultAnswer::Disconnect).on("POST", "/oauth/token");
//! sim.add_fault(Fault { after_effect: true, ..lost }); // spends the token, and nobody hears of it
//! sim.deauthorize("client-id", "alice@example.com")?; // ends her grant, and tells the app
//! assert_eq!(sim.token_requests().refresh_token.granted, 0);
//! # Ok(())
//! # }
//! ```
//!
//! # Doors
//! - [`ZoomSim`]: the handle, for tests and hosts in Rust.
//! - `/v2/…`: Zoom's API, `/oauth/…`: its OAuth. [`ZoomSim::router`] has only these and what links lead to.
//! - `/sim/…`: the same control over HTTP, for tests in other languages. [`ZoomSim::serve`] offers both.
//!   The calls are listed in the crate's README.
//!
//! # What is Zoom's and what is not
//! Where Zoom's behaviour is documented or was observed, this behaves so. Where reports differ (new
//! timestamps on retries, number or string ids, which uuid a first start has) there is a switch. Choices
//! without a source are marked in the code.

mod api;
mod apps;
mod auth;
mod changes;
mod clock;
mod config;
mod control;
mod downloads;
mod error;
mod faults;
mod guard;
mod ids;
mod meetings;
mod oauth;
mod page;
mod pages;
mod rate_limit;
mod recordings;
mod requests;
mod scopes;
mod serve;
mod sim;
mod users;
mod webhook;

pub use apps::{App, AppKind};
pub use changes::Change;
pub use clock::{Clock, UnixMs};
pub use config::{FirstUuid, PerDay, PerSecond, RateLimits, RetryAfter, SimConfig};
pub use error::SimError;
pub use faults::{Delay, Fault, FaultAnswer};
pub use meetings::{
    Instance, Meeting, MeetingStatus, MeetingView, Participant,
    life::Attendee,
    recurrence::{Occurrence, Recurrence},
};
pub use oauth::{
    AccessToken, AccountMe, Consent, DeadRefreshToken, Grant, OAuthOptions, Others, Tally, TokenRequests,
};
pub use recordings::{
    Downloads, FileBody, NewFile, NewRecording, Recording, RecordingFile, RecordingStep, Redirect, Refusal,
};
pub use requests::SeenRequest;
pub use sim::ZoomSim;
pub use users::{NewUser, PersonalMeeting, User, UserStatus};
pub use webhook::{
    Attempt, Delivery, DeliveryState, Redelivery, Release, RequestIdHeader, ValidationStatus, WebhookConfig,
    sign::{encrypted_token, signature},
};
