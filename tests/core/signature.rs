//! Signatures: known vectors, and that nothing else is accepted.

use proptest::prelude::*;
use zoom_chat::settings::{Secret, SigningSecrets};
use zoom_chat::zoom::signature::{BadSignature, encrypt_token, verify};

const SECRET: &str = "zoomwebhooksecret";
const BODY: &[u8] = br#"{"event":"meeting.ended"}"#;
const TIMESTAMP: u64 = 1_767_605_400;
/// `printf 'v0:1767605400:{"event":"meeting.ended"}' | openssl dgst -sha256 -hmac zoomwebhooksecret`
const SIGNATURE: &str = "v0=3aad1c233be53baf9ca5e7ffd9700617ddb208bb214f605a2149a7477f620222";

fn check(signature: &str, timestamp: &str, body: &[u8], now_s: u64) -> Result<(), BadSignature> {
    let headers = vec![
        ("X-Zm-Request-Timestamp".to_owned(), timestamp.to_owned()),
        ("X-Zm-Signature".to_owned(), signature.to_owned()),
    ];
    verify(&headers, body, &secrets(SECRET), now_s * 1000).map(|_| ())
}

fn secrets(text: &str) -> SigningSecrets {
    SigningSecrets::parse(text).expect("a secret")
}

#[test]
fn a_signature_made_by_openssl_is_accepted() {
    assert_eq!(check(SIGNATURE, &TIMESTAMP.to_string(), BODY, TIMESTAMP), Ok(()));
}

#[test]
fn each_fault_has_its_name() {
    let timestamp = TIMESTAMP.to_string();
    let upper = SIGNATURE.to_uppercase();
    let table = [
        (check(SIGNATURE, &timestamp, BODY, TIMESTAMP + 90 * 60), Ok(())),
        (check(SIGNATURE, &timestamp, BODY, TIMESTAMP + 90 * 60 + 1), Err(BadSignature::Stale)),
        (check(SIGNATURE, &timestamp, BODY, TIMESTAMP - 300), Ok(())),
        (check(SIGNATURE, &timestamp, BODY, TIMESTAMP - 301), Err(BadSignature::Future)),
        (check(SIGNATURE, &timestamp, b"{}", TIMESTAMP), Err(BadSignature::Mismatch)),
        (check(&upper, &timestamp, BODY, TIMESTAMP), Err(BadSignature::Mismatch)),
        (check("", &timestamp, BODY, TIMESTAMP), Err(BadSignature::Mismatch)),
        (check(SIGNATURE, "soon", BODY, TIMESTAMP), Err(BadSignature::BadTimestamp)),
        (check(SIGNATURE, "-1", BODY, TIMESTAMP), Err(BadSignature::BadTimestamp)),
        (check(SIGNATURE, "18446744073709551616", BODY, TIMESTAMP), Err(BadSignature::BadTimestamp)),
        (check(SIGNATURE, &u64::MAX.to_string(), BODY, TIMESTAMP), Err(BadSignature::Mismatch)),
        (
            verify(&Vec::new(), BODY, &secrets(SECRET), TIMESTAMP * 1000).map(|_| ()),
            Err(BadSignature::Missing),
        ),
    ];
    for (row, (actual, expected)) in table.into_iter().enumerate() {
        assert_eq!(actual, expected, "row {row}");
    }
}

#[test]
fn f36_any_of_several_secrets_is_good_and_is_named() {
    let headers = vec![
        ("x-zm-request-timestamp".to_owned(), TIMESTAMP.to_string()),
        ("x-zm-signature".to_owned(), SIGNATURE.to_owned()),
    ];
    for text in [
        "zoomwebhooksecret",
        " other, zoomwebhooksecret",
        "zoomwebhooksecret\nother",
        "a;b\t zoomwebhooksecret ,c",
    ] {
        let secrets = secrets(text);
        let signed = verify(&headers, BODY, &secrets, TIMESTAMP * 1000).map(|signed| signed.secret.expose());
        assert_eq!(signed, Ok(SECRET), "{text}");
    }
    for text in ["other", "zoomwebhook secret", "zoomwebhooksecret2,zoomwebhooksecre"] {
        let secrets = secrets(text);
        let signed = verify(&headers, BODY, &secrets, TIMESTAMP * 1000).map(|_| ());
        assert_eq!(signed, Err(BadSignature::Mismatch), "{text}");
    }
    for text in ["", " ", ",;\n"] {
        assert_eq!(SigningSecrets::parse(text), None);
    }
}

#[test]
fn url_validation_answers_the_published_vector() {
    let encrypted = encrypt_token("Kn5a3Wv7SP6YP5b4BWfZpg", &Secret::new(SECRET));
    assert_eq!(
        encrypted.as_deref(),
        Some("2a41c3138d2187a756c51428f78d192e9b88dcf44dd62d1b081ace4ec2241e0a")
    );
}

#[test]
fn a_secret_is_never_shown() {
    assert_eq!(format!("{:?}", Secret::new("hush")), "Secret(…)");
}

proptest! {
    #[test]
    fn no_other_signature_is_accepted(signature in "v0=[0-9a-f]{64}") {
        prop_assert_eq!(check(&signature, &TIMESTAMP.to_string(), BODY, TIMESTAMP), Err(BadSignature::Mismatch));
    }

    #[test]
    fn no_token_that_could_be_an_event_is_encrypted(token in ".*[^A-Za-z0-9_=-].*") {
        prop_assert_eq!(encrypt_token(&token, &Secret::new(SECRET)), None);
    }
}
