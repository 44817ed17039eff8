//! What a token request carries, wherever it does.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use super::error::TokenError;

/// The parameters of a request, those of the query first.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// A body that is not a form (some clients send an empty one as JSON) holds none.
    pub(crate) fn read(query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Self {
        let content_type = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
        let form = content_type.starts_with("application/x-www-form-urlencoded");
        let parts = [query.unwrap_or_default().as_bytes(), if form { body } else { &[] }];
        Self(parts.into_iter().flat_map(form_urlencoded::parse).map(owned).collect())
    }

    /// The first one of this name that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        found.next().map(|(_, value)| value.as_str())
    }
}

/// `client_id` and `client_secret`: of a Basic header, or else of the parameters.
pub(crate) fn credentials(
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<(String, String), TokenError> {
    let Some(authorization) = text(headers, &header::AUTHORIZATION) else {
        let named = |name| parameters.get(name).map(str::to_owned);
        let missing =
            || TokenError::client("there is neither a Basic header nor client_id and client_secret");
        return named("client_id").zip(named("client_secret")).ok_or_else(missing);
    };
    let basic = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let decoded = basic.and_then(|(_, pair)| STANDARD.decode(pair.trim()).ok());
    let pair = decoded.and_then(|pair| String::from_utf8(pair).ok());
    let pair = pair.as_deref().and_then(|pair| pair.split_once(':'));
    let (id, secret) =
        pair.ok_or_else(|| TokenError::client("the Authorization header is not `Basic base64(id:secret)`"))?;
    Ok((id.to_owned(), secret.to_owned()))
}

fn owned((key, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (key.into_owned(), value.into_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
