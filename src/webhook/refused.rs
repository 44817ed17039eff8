//! Deliveries that were refused, so that an administrator is told: Zoom does not say it, and sends no event a second time that was
//! answered with 4xx.

use crate::flow::Io;
use crate::model::{Request, header};
use crate::store;
use crate::zoom::refused::Why;

/// Notes a refusal for `/zoom doctor`. What does not look like Zoom's costs nothing.
pub(crate) async fn note(io: &Io, request: &Request, why: Why) {
    let looks_like_zooms = ["x-zm-signature", "x-zm-request-timestamp"]
        .iter()
        .any(|name| header(&request.headers, name).is_some());
    if why.knew_the_url() || looks_like_zooms {
        // For the administrator's eyes alone: it must not change the answer.
        let _ = store::note_refused(io, why).await;
    }
}
