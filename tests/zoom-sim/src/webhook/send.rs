//! One POST to the receiver.

use super::{Attempt, WebhookConfig, sign};
use crate::{clock::UnixMs, ids::Ids};

/// What is kept of an answer: enough for a validation and for a person to read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What makes one request differ from the next.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub(crate) at_ms: UnixMs,
    pub(crate) timestamp_s: i64,
    pub(crate) request_id: String,
    pub(crate) trace: String,
}

impl Stamp {
    pub(crate) fn new(ids: &mut Ids, at_ms: UnixMs) -> Self {
        Self {
            at_ms,
            timestamp_s: at_ms.div_euclid(1000),
            request_id: ids.guid().to_lowercase(),
            trace: format!("00-{}-{}-01", ids.hex(32), ids.hex(16)),
        }
    }

    /// Says the same as the first attempt did.
    pub(crate) fn repeating(mut self, first: &Attempt) -> Self {
        self.timestamp_s = first.timestamp_s;
        self.request_id.clone_from(&first.request_id);
        self
    }
}

/// The client for webhooks: a connection of its own for each delivery, no redirects, no proxy.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .expect("a client without TLS and proxy has nothing that could fail to load")
}

/// Sends `body` as Zoom does and reports what came of it.
pub(crate) async fn post(
    client: &reqwest::Client,
    config: &WebhookConfig,
    stamp: Stamp,
    body: &str,
) -> Attempt {
    let request = request(client, config, &stamp, body);
    let answer = tokio::time::timeout(config.timeout(), exchange(request)).await;
    let (status, error, answer) = match answer {
        Ok(Ok((status, answer))) => (Some(status), None, answer),
        Ok(Err(error)) => (None, Some(error), String::new()),
        Err(_) => {
            let error = format!("no answer within {} ms", config.timeout_ms);
            (None, Some(error), String::new())
        }
    };
    Attempt {
        at_ms: stamp.at_ms,
        timestamp_s: stamp.timestamp_s,
        request_id: stamp.request_id,
        status,
        error,
        answer,
    }
}

fn request(
    client: &reqwest::Client,
    config: &WebhookConfig,
    stamp: &Stamp,
    body: &str,
) -> reqwest::RequestBuilder {
    let mut request = client
        .post(&config.url)
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", "Zoom Marketplace/1.0a")
        .header("clientid", "SimClient0000000000000")
        .header("traceparent", &stamp.trace)
        .header(config.request_id_header.name(), &stamp.request_id);
    if let Some(secret_token) = &config.secret_token {
        let timestamp = stamp.timestamp_s.to_string();
        request = request
            .header("x-zm-signature", sign::signature(secret_token, &timestamp, body.as_bytes()))
            .header("x-zm-request-timestamp", timestamp);
    }
    if let Some(authorization) = &config.authorization {
        request = request.header("authorization", authorization);
    }
    for (name, value) in &config.headers {
        request = request.header(name, value);
    }
    request.body(body.to_owned())
}

async fn exchange(request: reqwest::RequestBuilder) -> Result<(u16, String), String> {
    let mut response = request.send().await.map_err(|error| reason(&error))?;
    let status = response.status().as_u16();
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        answer.extend_from_slice(&chunk);
        if answer.len() >= ANSWER_BYTES_MAX {
            answer.truncate(ANSWER_BYTES_MAX);
            break;
        }
    }
    Ok((status, String::from_utf8_lossy(&answer).into_owned()))
}

/// The innermost cause, which is what a person can act on ("Connection refused").
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
