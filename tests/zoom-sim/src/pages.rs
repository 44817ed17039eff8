//! Lists in pages: which token leads to which page.

use std::collections::BTreeMap;

use crate::{clock::UnixMs, ids::Ids};

/// Zoom's tokens for the next page live so long.
const TOKEN_LIFE_MS: i64 = 15 * 60 * 1000;

/// The tokens that were given out.
#[derive(Debug, Default)]
pub(crate) struct Pages(BTreeMap<String, Page>);

#[derive(Debug)]
struct Page {
    list: String,
    offset: usize,
    until_ms: UnixMs,
}

impl Pages {
    /// Where the page behind a token begins; nothing if the token is of another list, unknown or too old.
    pub(crate) fn offset(&self, list: &str, token: &str, now_ms: UnixMs) -> Option<usize> {
        let page = self.0.get(token)?;
        (page.list == list && now_ms < page.until_ms).then_some(page.offset)
    }

    /// A token for the page that begins at `offset`.
    pub(crate) fn token(&mut self, list: &str, offset: usize, ids: &mut Ids, now_ms: UnixMs) -> String {
        self.0.retain(|_, page| now_ms < page.until_ms);
        let token = ids.token(32);
        let page = Page { list: list.to_owned(), offset, until_ms: now_ms.saturating_add(TOKEN_LIFE_MS) };
        self.0.insert(token.clone(), page);
        token
    }
}
