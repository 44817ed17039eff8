//! Numbers, uuids and passcodes of the simulated Zoom: the same for the same seed.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Zoom's meeting numbers have 11 digits: above 2^31 and below 2^53.
const MEETING_NUMBERS: std::ops::Range<u64> = 80_000_000_000..90_000_000_000;
/// Personal meeting numbers have 10 digits; these stay above 2^31.
const PERSONAL_NUMBERS: std::ops::Range<u64> = 3_000_000_000..9_999_999_999;

/// Draws every identifier from one seed.
#[derive(Debug)]
pub(crate) struct Ids {
    rng: fastrand::Rng,
    /// How many uuids were drawn, by what they are for.
    uuids: [u64; 3],
    connections: u64,
}

/// What a uuid is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UuidOf {
    NewMeeting,
    Start,
    NextInstance,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: fastrand::Rng::with_seed(seed), uuids: [0; 3], connections: 0 }
    }

    pub(crate) fn meeting_number(&mut self) -> u64 {
        self.rng.u64(MEETING_NUMBERS)
    }

    pub(crate) fn personal_number(&mut self) -> u64 {
        self.rng.u64(PERSONAL_NUMBERS)
    }

    /// A meeting's uuid: 16 bytes in base64. At Zoom about one in fifty begins with `/` or holds `//`, a
    /// sporadic fault for callers who encode it once. Here the shapes take turns, so that none is missed;
    /// each purpose has its own turns, so that no order of create, start and end skips a shape.
    pub(crate) fn uuid(&mut self, of: UuidOf) -> String {
        let drawn = &mut self.uuids[of as usize];
        let shape = *drawn % 3;
        *drawn += 1;
        loop {
            let mut bytes = [0; 16];
            self.rng.fill(&mut bytes);
            match shape {
                0 => bytes[0] |= 0b1111_1100,
                1 => {
                    bytes[3] = 0xff;
                    bytes[4] |= 0b1111_0000;
                }
                _ => {}
            }
            let uuid = STANDARD.encode(bytes);
            let awkward = uuid.starts_with('/') || uuid.contains("//");
            if awkward == (shape != 2) {
                return uuid;
            }
        }
    }

    /// A participant's `user_id`: one for each connection, not for each person.
    pub(crate) fn connection(&mut self) -> String {
        self.connections += 1;
        (16_778_240 + self.connections * 1024).to_string()
    }

    /// A participant's GUID.
    pub(crate) fn guid(&mut self) -> String {
        let hex = self.hex(32).to_uppercase();
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    /// Letters and digits, for user ids, passcodes and tokens.
    pub(crate) fn token(&mut self, length: usize) -> String {
        (0..length).map(|_| self.rng.alphanumeric()).collect()
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        (0..length).map(|_| self.rng.digit(10)).collect()
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| self.rng.digit(16)).collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        self.rng.shuffle(items);
    }
}
