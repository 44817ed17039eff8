//! What the official plugin has stored, read as it lies: about sign-ins, which are moved over when they are first needed, and where it
//! keeps its posts.

use super::grants::{self, StoredGrant};
use crate::error::Error;
use crate::flow::Io;
use crate::model::Condition;
use crate::settings::credentials::OAuthClient;
use crate::settings::{Secret, Settings};
use crate::time::parse_ms;
use aes::{Aes128, Aes192, Aes256};
use cfb_mode::BufDecryptor;
use cfb_mode::cipher::KeyIvInit as _;
use ct_codecs::{Base64UrlSafe, Base64UrlSafeNoPadding, Decoder as _};
use serde_json::Value;
use std::fmt::Display;

/// Keys of posts begin with this: by the instance's UUID, in that plugin's JWT era by the meeting's number. It keeps them for a day.
pub const POST_PREFIX: &str = "post_meeting_";
/// Keys of the channels that meetings were posted in, or that follow them: by the meeting's number. It keeps the latter for ever.
pub const CHANNEL_PREFIX: &str = "meeting_channel_";

const ACCOUNT_KEY: &str = "zoomSuperUserToken_";
/// An initialisation vector stands in front of what the official plugin has encrypted.
const BLOCK: usize = 16;

/// Where the official plugin keeps the post of an instance, or of a number. Base64 has no other character that it escapes.
pub fn post_key(name: impl Display) -> String {
    format!("{POST_PREFIX}{}", name.to_string().replace('/', "%2F"))
}

/// The instance whose post lies under the key that ends so.
pub fn instance_of_key(name: &str) -> String {
    name.replace("%2F", "/")
}

/// The Zoom user whose account a user has connected, with us or with the official plugin.
///
/// # Errors
/// The store's.
pub async fn zoom_user(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    user_id: &str,
) -> Result<Option<String>, Error> {
    if let Some(zoom_user_id) = grants::connection(io, user_id).await? {
        return Ok(Some(zoom_user_id));
    }
    match import_user(io, settings, client, user_id).await? {
        Some(zoom_user_id) => Ok(Some(zoom_user_id)),
        // Another node may have moved it over between the two looks.
        None => grants::connection(io, user_id).await,
    }
}

/// Moves a user's sign-in over. Answers the Zoom user. `None`: there is nothing that can be used.
async fn import_user(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    user_id: &str,
) -> Result<Option<String>, Error> {
    let Some(bytes) = io.kv_get(user_key(user_id)).await? else { return Ok(None) };
    let Some((zoom_user_id, own)) = parse_user(&bytes, settings) else { return Ok(None) };
    // Two users of one Zoom account were stored twice, and under the account who connected last: the younger token is the one that
    // Zoom still knows.
    let last = io.kv_get(zoom_user_key(&zoom_user_id)).await?.and_then(|bytes| parse_user(&bytes, settings));
    let grant = match last {
        Some((id, last)) if id == zoom_user_id && last.expires_ms > own.expires_ms => last,
        Some(_) | None => own,
    };
    let key = grants::user_key(client, &zoom_user_id);
    let joined = |stored: StoredGrant| {
        // The other user may have come first.
        let stored = match stored.connected_ms == 0 && grant.expires_ms > stored.expires_ms {
            true => StoredGrant { users: stored.users, ..grant.clone() },
            false => stored,
        };
        stored.with_user(user_id)
    };
    grants::change(io, settings, &key, &joined).await?;
    grants::set_connection(io, user_id, &zoom_user_id).await?;
    io.kv_delete(user_key(user_id), Condition::Equals(bytes)).await?;
    io.kv_delete(zoom_user_key(&zoom_user_id), Condition::Always).await?;
    Ok(Some(zoom_user_id))
}

/// Moves the account's sign-in over, if there is one and none of ours.
///
/// # Errors
/// The store's.
pub async fn import_account(io: &Io, settings: &Settings, client: &OAuthClient) -> Result<(), Error> {
    let key = grants::account_key(client);
    if io.kv_get(key.clone()).await?.is_some() {
        return Ok(());
    }
    let Some(bytes) = io.kv_get(ACCOUNT_KEY.to_owned()).await? else { return Ok(()) };
    if let Some(grant) = crate::json::read(&bytes).ok().and_then(|token: Value| parse_token(&token, None)) {
        // Another node that came first has moved the same.
        grants::store(io, settings, &key, &grant, Condition::Absent).await?;
    }
    io.kv_delete(ACCOUNT_KEY.to_owned(), Condition::Equals(bytes)).await?;
    Ok(())
}

/// Forgets the account's sign-in.
///
/// # Errors
/// The store's.
pub async fn forget_account(io: &Io) -> Result<(), Error> {
    io.kv_delete(ACCOUNT_KEY.to_owned(), Condition::Always).await?;
    Ok(())
}

/// The user of the chat server who connected a Zoom user last, if nothing has moved that over yet.
///
/// # Errors
/// The store's.
pub async fn user_of(io: &Io, zoom_user_id: &str) -> Result<Option<String>, Error> {
    let stored = io.kv_get(zoom_user_key(zoom_user_id)).await?;
    let record: Option<Value> = stored.and_then(|bytes| crate::json::read(&bytes).ok());
    Ok(record.and_then(|record| text(&record, "UserID")))
}

fn user_key(user_id: &str) -> String {
    format!("zoomtoken_{user_id}")
}

fn zoom_user_key(zoom_user_id: &str) -> String {
    format!("zoomtokenbyzoomid_{zoom_user_id}")
}

fn parse_user(bytes: &[u8], settings: &Settings) -> Option<(String, StoredGrant)> {
    let record: Value = crate::json::read(bytes).ok()?;
    let zoom_user_id = text(&record, "ZoomID")?;
    let key = settings.encryption_key.as_ref()?;
    Some((zoom_user_id, parse_token(member(&record, "OAuthToken")?, Some(key))?))
}

/// `None` where neither token is of use. An access token that cannot be read is left out: the refresh token, which was never
/// encrypted, gives another.
fn parse_token(token: &Value, key: Option<&Secret>) -> Option<StoredGrant> {
    let access = text(token, "access_token").and_then(|access| match key {
        Some(key) => decrypt(&access, key),
        None => Some(access),
    });
    let refresh = text(token, "refresh_token");
    if access.is_none() && refresh.is_none() {
        return None;
    }
    Some(StoredGrant {
        expires_ms: text(token, "expiry").as_deref().and_then(parse_ms).unwrap_or_default(),
        access: Secret::new(access.unwrap_or_default()),
        refresh: refresh.map(Secret::new),
        ..StoredGrant::default()
    })
}

/// AES in CFB mode, with the setting's bytes as the key, the vector in front, padded, base64url. Nothing in it shows whether the key
/// is the right one, so the result must look like a token all over.
pub fn decrypt(encrypted: &str, key: &Secret) -> Option<String> {
    let sealed = Base64UrlSafe::decode_to_vec(encrypted, None)
        .or_else(|_| Base64UrlSafeNoPadding::decode_to_vec(encrypted, None))
        .ok()?;
    let (vector, text) = sealed.split_at_checked(BLOCK)?;
    let (key, mut text) = (key.expose().as_bytes(), text.to_vec());
    match key.len() {
        16 => BufDecryptor::<Aes128>::new_from_slices(key, vector).ok()?.decrypt(&mut text),
        24 => BufDecryptor::<Aes192>::new_from_slices(key, vector).ok()?.decrypt(&mut text),
        32 => BufDecryptor::<Aes256>::new_from_slices(key, vector).ok()?.decrypt(&mut text),
        _ => return None,
    }
    let padding = usize::from(*text.last()?);
    let end = text.len().checked_sub(padding).filter(|_| (1..=BLOCK).contains(&padding))?;
    let (token, padded) = text.split_at(end);
    let is_padding = padded.iter().all(|byte| usize::from(*byte) == padding);
    (is_padding && is_token(token)).then(|| String::from_utf8(token.to_vec()).ok())?
}

/// RFC 6750's characters of a bearer token. Zoom's have hundreds: as many random bytes never pass.
fn is_token(text: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
    text.len() >= BLOCK && text.iter().all(fits)
}

/// A member that is a text with something in it.
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    member(object, name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A member by its name, whatever its case: Go reads and writes them so.
fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
