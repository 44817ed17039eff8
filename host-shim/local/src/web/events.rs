//! The stream of news that an open page listens to.

use super::session::Me;
use crate::app::App;
use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// A silent stream shows this often that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Begins with a `hello`; whenever news was missed, a `reload` tells the page to load everything anew.
pub(super) async fn stream(
    State(app): State<Arc<App>>,
    Me(me): Me,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = app.server().hub().subscribe();
    let ending = app.ending();
    let hello = json!({ "type": "hello", "boot": app.boot(), "me": me.id });
    let first = Some(hello);
    let stream =
        stream::unfold((first, news, ending, me.id), |(first, mut news, mut ending, me)| async move {
            if let Some(hello) = first {
                return Some((Ok(event(&hello)), (None, news, ending, me)));
            }
            loop {
                let received = tokio::select! {
                    received = news.recv() => received,
                    _ = ending.wait_for(|ending| *ending) => return None,
                };
                let body = match received {
                    Ok(news) if news.is_for(&me) => news.body.clone(),
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => json!({ "type": "reload" }),
                    Err(RecvError::Closed) => return None,
                };
                return Some((Ok(event(&body)), (None, news, ending, me)));
            }
        });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn event(body: &Value) -> Event {
    Event::default().data(body.to_string())
}
