//! Lists in pages: `page_size`, `page_number` and `next_page_token`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::ApiError;
use crate::{clock::UnixMs, sim::State};

const PAGE_SIZE: usize = 30;
const PAGE_SIZE_MAX: usize = 300;

/// Which page is asked for, as sent: Zoom names the field that is wrong.
#[derive(Deserialize)]
pub(crate) struct PageQuery {
    page_size: Option<String>,
    page_number: Option<String>,
    next_page_token: Option<String>,
}

/// The page of `entries` that is asked for, under `name`, with the numbers around it. `list` tells the list from
/// others: a token leads to no other one.
pub(crate) fn page(
    state: &mut State,
    query: &PageQuery,
    (name, list): (&str, &str),
    entries: &[Value],
    now_ms: UnixMs,
) -> Result<Value, ApiError> {
    let size = number(query.page_size.as_deref(), "page_size", PAGE_SIZE_MAX)?.unwrap_or(PAGE_SIZE);
    let offset = match query.next_page_token.as_deref().filter(|token| !token.is_empty()) {
        Some(token) => state.pages.offset(list, token, now_ms).ok_or_else(|| {
            ApiError::bad_request(300, "The next page token is either invalid or has expired.")
        })?,
        None => {
            let number = number(query.page_number.as_deref(), "page_number", usize::MAX)?.unwrap_or(1);
            (number - 1).saturating_mul(size)
        }
    };
    let page: Vec<&Value> = entries.iter().skip(offset).take(size).collect();
    let next = offset.saturating_add(size);
    let token = if next < entries.len() {
        state.pages.token(list, next, &mut state.ids, now_ms)
    } else {
        String::new()
    };
    Ok(json!({
        "page_count": entries.len().div_ceil(size).max(1),
        "page_number": offset / size + 1,
        "page_size": size,
        "total_records": entries.len(),
        "next_page_token": token,
        name: page,
    }))
}

fn number(text: Option<&str>, field: &str, max: usize) -> Result<Option<usize>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse().ok().filter(|number| (1..=max).contains(number));
    number.map(Some).ok_or_else(|| ApiError::fields(vec![field.to_owned()]))
}
