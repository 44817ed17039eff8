//! What lies in the store: sealed by us, or encrypted by the official plugin.
#![expect(clippy::unwrap_used, reason = "what cannot be encrypted is a failed test")]

use aes::Aes256;
use cfb_mode::BufEncryptor;
use cfb_mode::cipher::KeyIvInit as _;
use ct_codecs::{Base64UrlSafe, Encoder as _};
use proptest::prelude::*;
use zoom_chat::account::official::decrypt;
use zoom_chat::flow::{Flow, Moment, Step};
use zoom_chat::settings::{Secret, Settings};
use zoom_chat::store::seal::Sealer;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn sealer(encryption_key: &str) -> Sealer {
    let settings = format!(
        r#"{{"OAuthClientID":"c","OAuthClientSecret":"s","EncryptionKey":"{encryption_key}","WebhookSecret":"w"}}"#
    );
    Sealer::of(&Settings::parse(&settings).unwrap())
}

fn sealed(key: &'static str, plain: Vec<u8>) -> Vec<u8> {
    let (_, step) = Flow::start(Moment { now_ms: 0, entropy: [9; 32] }, |io| async move {
        sealer(KEY).seal(&io, key, &plain)
    });
    match step {
        Step::Done(sealed) => sealed,
        Step::Ask(effects) => panic!("sealing asks for nothing: {effects:?}"),
    }
}

/// As the official plugin does it: padded, a random vector in front, base64url.
fn encrypt(token: &str, key: &[u8], vector: [u8; 16]) -> String {
    let padding = 16 - token.len() % 16;
    let mut text = token.as_bytes().to_vec();
    text.extend(std::iter::repeat_n(u8::try_from(padding).unwrap(), padding));
    BufEncryptor::<Aes256>::new_from_slices(key, &vector).unwrap().encrypt(&mut text);
    Base64UrlSafe::encode_to_string([vector.as_slice(), &text].concat()).unwrap()
}

fn zoom_token() -> String {
    "eyJhbGciOiJIUzUxMiJ9.".chars().chain("aZ09_-".chars().cycle().take(580)).collect()
}

proptest! {
    #[test]
    fn what_is_sealed_opens_under_its_own_key_alone(plain in proptest::collection::vec(any::<u8>(), 0..600)) {
        let bytes = sealed("grant_1", plain.clone());
        prop_assert_eq!(sealer(KEY).open("grant_1", &bytes), Some(plain));
        prop_assert_eq!(sealer(KEY).open("grant_2", &bytes), None);
        prop_assert_eq!(sealer("fedcba9876543210fedcba9876543210").open("grant_1", &bytes), None);
    }

    #[test]
    fn a_sealed_value_that_was_tampered_with_does_not_open(at in 0_usize..60, bit in 0_u8..8) {
        let mut bytes = sealed("grant_1", b"a token that nobody shall see or change".to_vec());
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(sealer(KEY).open("grant_1", &bytes), None);
    }

    #[test]
    fn anything_may_lie_in_the_store(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(sealer(KEY).open("grant_1", &bytes), None);
    }

    #[test]
    fn what_the_official_plugin_encrypted_is_read(vector: [u8; 16], length in 16_usize..700) {
        let token: String = zoom_token().chars().cycle().take(length).collect();
        let encrypted = encrypt(&token, KEY.as_bytes(), vector);
        prop_assert_eq!(decrypt(&encrypted, &Secret::new(KEY)), Some(token));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn d20_a_wrong_key_never_gives_garbage(vector: [u8; 16], key in "[a-z0-9]{32}") {
        prop_assume!(key != KEY);
        let encrypted = encrypt(&zoom_token(), KEY.as_bytes(), vector);
        prop_assert_eq!(decrypt(&encrypted, &Secret::new(key)), None);
    }
}

#[test]
fn keys_of_all_three_lengths_and_texts_that_are_none() {
    for wrong in ["", "====", "not base64!", "QUJD", "QUJDQUJDQUJDQUJDQUJDQUJD"] {
        for length in [0, 15, 16, 24, 32, 33] {
            assert_eq!(decrypt(wrong, &Secret::new("k".repeat(length))), None, "{wrong} {length}");
        }
    }
}
