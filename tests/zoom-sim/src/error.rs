//! Why something could not be done in the simulation.

/// A request to the simulation itself (not to Zoom's API) that makes no sense in its present state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// Neither an id nor an address of a user.
    #[error("the simulated Zoom has no user `{0}`: add one first")]
    NoSuchUser(String),
    /// One address belongs to one user.
    #[error("the simulated Zoom already has a user `{0}`")]
    UserExists(String),
    /// Users are found by their address.
    #[error("`{0}` is not an e-mail address: give the new user one")]
    NotAnAddress(String),
    /// A personal meeting number in use.
    #[error("meeting {0} exists already: choose another personal meeting number")]
    NumberTaken(u64),
    /// No meeting has or had this number.
    #[error("the simulated Zoom has no meeting {0}: create it first")]
    NoSuchMeeting(u64),
    /// A number has one running instance at most.
    #[error("meeting {0} is running already: end it before it is started again")]
    AlreadyStarted(u64),
    /// Only a running meeting can be joined, left or ended.
    #[error("meeting {0} is not running: start it first")]
    NotStarted(u64),
    /// Nobody with this connection is in the meeting.
    #[error("nobody with user_id {user_id} is in meeting {meeting}")]
    NoSuchParticipant {
        /// The meeting's number.
        meeting: u64,
        /// The connection asked for.
        user_id: String,
    },
    /// The fields that Zoom would refuse.
    #[error("Zoom would refuse these fields of the meeting: {}", .0.join(", "))]
    Fields(Vec<String>),
    /// The host may not meet.
    #[error("user `{0}` is not active: Zoom would not let them host a meeting")]
    HostNotActive(String),
    /// The user has no personal meeting to use.
    #[error("the personal meeting of `{0}` is switched off: switch it on before it is started")]
    PersonalMeetingOff(String),
    /// Only what took place can have been recorded.
    #[error("meeting {0} was not held, or has no instance with that uuid: start it before it is recorded")]
    NotHeld(u64),
    /// No recording has this number.
    #[error("no recording has the number {0}")]
    NoSuchRecording(u64),
    /// Zoom records no such file.
    #[error("`{0}` is no recording_type of Zoom's")]
    RecordingType(String),
    /// No delivery has this number.
    #[error("no webhook delivery has the number {0}")]
    NoSuchDelivery(u64),
    /// Webhooks need somewhere to go.
    #[error("no webhook is set: save a URL first")]
    NoWebhook,
    /// Where webhooks may go.
    #[error("`{0}` cannot be a webhook URL here: the simulated Zoom sends webhooks over plain http only")]
    WebhookUrl(String),
    /// An app that Zoom would not have.
    #[error("the app cannot be added: {0}")]
    App(String),
    /// No app has this client id.
    #[error("the simulated Zoom has no app with the client_id `{0}`: add one first")]
    NoSuchApp(String),
    /// No grant has this number.
    #[error("no grant has the number {0}: it has ended, or there never was one")]
    NoSuchGrant(u64),
    /// What was never allowed cannot be taken back.
    #[error("nobody concerned has allowed the app `{0}`: there is nothing to take back")]
    NothingAllowed(String),
    /// The receiver failed Zoom's validation.
    #[error("the webhook URL failed Zoom's validation: {0}")]
    Validation(String),
}
