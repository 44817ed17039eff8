//! Seals what leaves the server and comes back by a user's hands: contexts of buttons and states of dialogs.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, AeadCore, KeyInit, OsRng, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// Length of a key, in bytes.
const KEY_BYTES: usize = 32;
/// Length of the nonce in front of each sealed text, in bytes: long enough to be drawn at random without end.
const NONCE_BYTES: usize = 24;

/// Seals and opens texts under one key.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    /// `None` for bytes that are no key.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        XChaCha20Poly1305::new_from_slice(key).ok().map(|cipher| Self { cipher })
    }

    /// A fresh random key.
    pub(crate) fn generate_key() -> [u8; KEY_BYTES] {
        XChaCha20Poly1305::generate_key(&mut OsRng).into()
    }

    /// Seals `text` so that only [`open`](Self::open) with the same `bound` gives it back: it can be neither read nor changed, nor
    /// moved to another place. The result is base64url.
    pub(crate) fn seal(&self, bound: &[&str], text: &str) -> String {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let payload = Payload { msg: text.as_bytes(), aad: &joined(bound) };
        let sealed = self.cipher.encrypt(&nonce, payload).unwrap_or_else(|_| {
            // The cipher refuses only texts of more than 256 GB.
            unreachable!("a text that fits into memory can be sealed")
        });
        BASE64.encode([nonce.as_slice(), &sealed].concat())
    }

    /// The sealed text; `None` if it is not ours, was changed, or was bound to something else.
    pub(crate) fn open(&self, bound: &[&str], sealed: &str) -> Option<String> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let payload = Payload { msg: sealed, aad: &joined(bound) };
        let text = self.cipher.decrypt(XNonce::from_slice(nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }
}

/// Each part with its length in front, so that no two lists of parts look alike.
fn joined(parts: &[&str]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes(), part.as_bytes()].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&[7; KEY_BYTES]).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_where_it_belongs_and_nowhere_else() {
        let sealed = sealer().seal(&["button", "channel", "join"], "context é");
        assert_eq!(sealer().open(&["button", "channel", "join"], &sealed).as_deref(), Some("context é"));
        let elsewhere: [&[&str]; 5] = [
            &["button", "other", "join"],
            &["button", "channel", "end"],
            &["button", "channeljoin", ""],
            &["button", "channel"],
            &["dialog", "channel", "join"],
        ];
        for bound in elsewhere {
            assert_eq!(sealer().open(bound, &sealed), None, "{bound:?}");
        }
        assert_eq!(Sealer::new(&[8; KEY_BYTES]).unwrap().open(&["button", "channel", "join"], &sealed), None);
    }

    #[test]
    fn no_changed_or_shortened_text_opens() {
        let sealed = sealer().seal(&["b"], "text");
        let bytes = BASE64.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(sealer().open(&["b"], &BASE64.encode(&changed)), None, "byte {at}");
            assert_eq!(sealer().open(&["b"], &BASE64.encode(&bytes[..at])), None, "{at} bytes");
        }
        for forged in ["", "x", "not base64!", "AAAA"] {
            assert_eq!(sealer().open(&["b"], forged), None, "{forged}");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike_and_keys_have_32_bytes() {
        assert_ne!(sealer().seal(&["b"], "text"), sealer().seal(&["b"], "text"));
        assert_ne!(Sealer::generate_key(), Sealer::generate_key());
        assert!(Sealer::new(&[0; 31]).is_none());
    }
}
