//! Bytes as lower-case hexadecimal digits.

/// Two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Whether a text from outside can be what [`hex`] writes.
pub(crate) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// A short name for a text that may be long or hold any character.
pub(crate) fn digest(text: &str) -> String {
    hex(&hmac_sha256::Hash::hash(text.as_bytes())[..16])
}
