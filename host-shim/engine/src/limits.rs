//! Every limit that the engine holds a plugin to, with its reason.

use std::time::Duration;

/// Linear memory of one instance, in bytes. The Zoom component takes 1.3 MiB for a start and its events. Measured with the JSON that
/// costs most (`f26_…` in `tests/component`): 4.3 MiB for an event of 1 MiB, of which it reads the few members that it wants, 14.3 MiB
/// for a web request of 1 MiB, which it refuses when it would become too large, 13.3 MiB for an answer of 4 MiB.
pub const MEMORY_BYTES: usize = 32 << 20;
/// The calls that each kind of party may have at once. A call takes milliseconds, most of it spent waiting for the chat server;
/// one that asks another server or pauses takes seconds.
pub const ROOMS: Rooms = Rooms {
    users: Room { active: 40, parked: 120, waiting: 512 },
    user_calls: 8,
    user_waiting: 32,
    // Few at a time of what can come in any number: whoever else has a call waits behind those few, not behind all.
    service: Room { active: 8, parked: 8, waiting: 512 },
    strangers: Room { active: 4, parked: 16, waiting: 128 },
    events: Room { active: 8, parked: 8, waiting: 1024 },
    host: Room { active: 4, parked: 4, waiting: 64 },
};
/// Instances at once, over all parties. Each holds at most [`MEMORY_BYTES`], and one that waits for Zoom well under 1 MiB.
pub const CONCURRENT_CALLS: usize = ROOMS.places();
/// How long a call waits for a place before it fails as busy: shorter than people wait for an answer.
pub const QUEUE_WAIT: Duration = Duration::from_secs(3);
/// The guest's own computing in one call, waiting for imports left out. A start of a meeting takes about 20 µs.
pub const GUEST_CPU: Duration = Duration::from_secs(2);
/// One import of the chat server. Longer means that the server is in trouble.
pub const IMPORT: Duration = Duration::from_secs(10);
/// One HTTP exchange; a request asks for less.
pub const HTTP: Duration = Duration::from_secs(20);
/// Reaching another server, before anything is sent: its part of [`HTTP`].
pub const CONNECT: Duration = Duration::from_secs(10);
/// Fetching one file.
pub const FILE: Duration = Duration::from_secs(120);
/// A whole call, except of `run-due`.
pub const CALL: Duration = Duration::from_secs(45);
/// One pause that a plugin asks for. It waits for what another node does in a second or two.
pub const PAUSE: Duration = Duration::from_secs(5);
/// A whole call of `run-due`, which may move files.
pub const DUE_CALL: Duration = Duration::from_secs(300);

/// Body of a request to `serve-http`, in bytes: fixed by the contract.
pub const MAX_BODY: usize = 1 << 20;
/// How long a request's body may be on its way. Services and browsers need milliseconds.
pub const BODY: Duration = Duration::from_secs(20);
/// When to try again, where too many bodies were on their way.
pub const BODY_RETRY_AFTER_S: u32 = 5;
/// When to try again, where too many calls were under way.
pub const BUSY_RETRY_AFTER_S: u32 = 5;
/// When to try again, where the plugin is being stopped: an update starts it again within seconds.
pub const STOPPING_RETRY_AFTER_S: u32 = 10;
/// Bodies on their way from one user.
pub const USER_BODIES: BodyRoom = BodyRoom { bodies: 16, bytes: 4 << 20 };
/// From all users.
pub const USERS_BODIES: BodyRoom = BodyRoom { bodies: 512, bytes: 32 << 20 };
/// From services that are known.
pub const SERVICE_BODIES: BodyRoom = BodyRoom { bodies: 256, bytes: 16 << 20 };
/// From everybody else.
pub const STRANGERS_BODIES: BodyRoom = BodyRoom { bodies: 256, bytes: 8 << 20 };
/// Body of a request that a plugin sends, in bytes.
pub const HTTP_REQUEST_BODY: usize = 1 << 20;
/// Headers of a request that a plugin sends, in bytes. Most servers take no more.
pub const HTTP_HEADER_BYTES: usize = 32 << 10;
/// Body of a response that a plugin reads, in bytes. The largest page of Zoom's API is about 200 KB.
pub const HTTP_RESPONSE_BODY: u64 = 4 << 20;
/// A file's size, in bytes: it is held in memory while it moves.
pub const FILE_BYTES: u64 = 64 << 20;
/// Length of a key, in bytes, as the strictest known server takes it.
pub const KEY_BYTES: usize = 150;
/// Length of a value, in bytes.
pub const VALUE_BYTES: usize = 256 << 10;
/// Keys of one list, by the contract.
pub const LISTED_KEYS: u32 = 1_000;
/// Length of a log line with its fields, in bytes; the rest is cut off.
pub const LOG_LINE_BYTES: usize = 4 << 10;
/// Log lines of one call; the rest is counted and dropped.
pub const LOG_LINES: u32 = 100;
/// Everything that one import or one answer moves out of the guest, in bytes.
pub const TRANSFER_BYTES: usize = 4 << 20;

/// What one kind of party may have at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Calls that compute or wait for the chat server.
    pub active: usize,
    /// Calls that wait for another server, or pause.
    pub parked: usize,
    /// Calls that wait for a place.
    pub waiting: usize,
}

/// The rooms of all parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rooms {
    /// All users together.
    pub users: Room,
    /// Calls of one user, parked ones included.
    pub user_calls: usize,
    /// Calls of one user that wait for another one of the same user to end.
    pub user_waiting: usize,
    /// Servers that the plugin works with.
    pub service: Room,
    /// Whoever else reaches the plugin's URL.
    pub strangers: Room,
    /// Events of the chat server.
    pub events: Room,
    /// The host itself.
    pub host: Room,
}

impl Rooms {
    /// Instances that all calls together can take.
    #[must_use]
    pub const fn places(&self) -> usize {
        self.users.places()
            + self.service.places()
            + self.strangers.places()
            + self.events.places()
            + self.host.places()
    }

    /// The same rooms, none larger than in [`ROOMS`] and none without a place.
    pub(crate) fn clamped(self) -> Self {
        Self {
            users: self.users.clamped(ROOMS.users),
            user_calls: self.user_calls.max(1),
            user_waiting: self.user_waiting,
            service: self.service.clamped(ROOMS.service),
            strangers: self.strangers.clamped(ROOMS.strangers),
            events: self.events.clamped(ROOMS.events),
            host: self.host.clamped(ROOMS.host),
        }
    }
}

impl Room {
    const fn places(&self) -> usize {
        self.active + self.parked
    }

    fn clamped(self, most: Self) -> Self {
        Self {
            active: self.active.clamp(1, most.active),
            parked: self.parked.clamp(1, most.parked),
            waiting: self.waiting,
        }
    }
}

/// What bodies on their way may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyRoom {
    /// How many have not arrived yet.
    pub bodies: usize,
    /// Memory of those and of the ones whose request is not answered yet.
    pub bytes: usize,
}

/// The limits that an embedder may change; the others are constants of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// See [`ROOMS`]; never more than that.
    pub rooms: Rooms,
    /// See [`QUEUE_WAIT`].
    pub queue_wait: Duration,
    /// See [`GUEST_CPU`].
    pub guest_cpu: Duration,
    /// See [`IMPORT`].
    pub import: Duration,
    /// See [`HTTP`].
    pub http: Duration,
    /// See [`FILE`].
    pub file: Duration,
    /// See [`CALL`].
    pub call: Duration,
    /// See [`DUE_CALL`].
    pub due_call: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rooms: ROOMS,
            queue_wait: QUEUE_WAIT,
            guest_cpu: GUEST_CPU,
            import: IMPORT,
            http: HTTP,
            file: FILE,
            call: CALL,
            due_call: DUE_CALL,
        }
    }
}
