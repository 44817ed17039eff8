//! Seals what nobody may read in the store: an AEAD whose key comes from the settings, bound to the key that a value is stored
//! under. A value that was moved, changed, or sealed under other settings does not open.

use crate::flow::Io;
use crate::settings::Settings;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac_sha256::HMAC;

/// In front of each value, so that a later form can be told apart.
const VERSION: u8 = 1;
/// Drawn at random for each value: no key seals anywhere near the 2^32 values for which that is safe.
const NONCE_BYTES: usize = 12;

/// Seals and opens under one key.
pub struct Sealer(Aes256Gcm);

impl Sealer {
    /// The sealer of these settings: its key comes from `EncryptionKey`, and from `WebhookSecret` where no way to sign in asks for
    /// the former.
    pub fn of(settings: &Settings) -> Self {
        let secret = settings.encryption_key.as_ref().unwrap_or(&settings.webhook_secret);
        let key = HMAC::mac("chat plugin, values at rest, 1", secret.expose());
        Self(Aes256Gcm::new(&key.into()))
    }

    /// Seals a value that is stored under `key`.
    pub fn seal(&self, io: &Io, key: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = io.random();
        let payload = Payload { msg: plain, aad: key.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).unwrap_or_else(|_| {
            // The cipher refuses only values of more than 64 GB.
            unreachable!("a value that fits into memory can be sealed")
        });
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// Opens a value that was stored under `key`. `None` for anything that was not sealed for it under these settings.
    pub fn open(&self, key: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
        if *version != VERSION {
            return None;
        }
        let payload = Payload { msg: sealed, aad: key.as_bytes() };
        self.0.decrypt(&Nonce::from(*nonce), payload).ok()
    }
}
