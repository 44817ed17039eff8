//! A served simulation, a caller of its API and a receiver of its webhooks.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Barrier};
use zoom_sim::{Clock, NewUser, SimConfig, WebhookConfig, ZoomSim, encrypted_token};

/// 2026-01-05T09:30:12.345Z
pub(crate) const NOW_MS: i64 = 1_767_605_412_345;
pub(crate) const ALICE: &str = "alice.example@example.com";
pub(crate) const BOB: &str = "bob@example.com";
pub(crate) const SECRET_TOKEN: &str = "webhook-secret-token";

/// A simulation on a clock that stands still, with two users.
pub(crate) struct World {
    pub(crate) sim: ZoomSim,
    pub(crate) base: String,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn new() -> Result<Self> {
        Self::with(SimConfig::default()).await
    }

    pub(crate) async fn with(config: SimConfig) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        Self::at(listener, base, config)
    }

    /// One whose links lead to itself.
    pub(crate) async fn with_links() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        Self::at(listener, base.clone(), SimConfig { web_url: base, ..SimConfig::default() })
    }

    fn at(listener: TcpListener, base: String, config: SimConfig) -> Result<Self> {
        let sim = ZoomSim::new(SimConfig { clock: Clock::manual(NOW_MS), ..config });
        sim.add_user(NewUser::new(ALICE))?;
        sim.add_user(NewUser::new(BOB))?;
        tokio::spawn(sim.clone().serve(listener));
        Ok(Self {
            sim,
            base,
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
        })
    }

    /// A token as a client makes it: one minute.
    pub(crate) fn token(&self) -> String {
        let exp = self.sim.now_ms() / 1000 + 60;
        jwt("sim-api-secret-of-thirty-six-letters", &json!({ "iss": "sim-api-key", "exp": exp }))
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.call("POST", path, Some(&body.to_string())).await
    }

    /// A call with a good token.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&str>) -> Result<Answer> {
        let authorization = format!("Bearer {}", self.token());
        self.call_as(Some(&authorization), method, path, body).await
    }

    pub(crate) async fn call_as(
        &self,
        authorization: Option<&str>,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Result<Answer> {
        let body = body.map(|body| ("application/json", body));
        self.send(authorization, method, path, body).await
    }

    /// A POST of a form.
    pub(crate) async fn form(
        &self,
        authorization: Option<&str>,
        path: &str,
        body: Option<&str>,
    ) -> Result<Answer> {
        let body = body.map(|body| ("application/x-www-form-urlencoded", body));
        self.send(authorization, "POST", path, body).await
    }

    async fn send(
        &self,
        authorization: Option<&str>,
        method: &str,
        path: &str,
        body: Option<(&str, &str)>,
    ) -> Result<Answer> {
        let mut request = self.http.request(method.parse()?, format!("{}{path}", self.base));
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body.to_owned());
        }
        let response = request.send().await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await?,
        })
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("not JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Status and Zoom's code.
    pub(crate) fn refusal(&self) -> Result<(u16, u64)> {
        Ok((self.status, self.json()?["code"].as_u64().context("an error body has a code")?))
    }
}

/// An HS256 token. That its form is right is shown by the token that another library made, in `auth`.
pub(crate) fn jwt(secret: &str, claims: &Value) -> String {
    jwt_with(&json!({ "alg": "HS256", "typ": "JWT" }), secret, claims)
}

pub(crate) fn jwt_with(header: &Value, secret: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mac = hmac_sha256::HMAC::mac(&signed, secret);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// What the receiver does with a webhook.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(u16),
    Silence,
    /// 200 once so many calls are there at one time.
    Together(Arc<Barrier>),
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn event(&self) -> String {
        self.json().ok().and_then(|json| Some(json["event"].as_str()?.to_owned())).unwrap_or_default()
    }
}

/// A webhook endpoint that answers validations rightly and everything else as told: 200 if not told.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    calls: Vec<Call>,
    replies: VecDeque<Reply>,
    secret_token: Option<String>,
}

impl Receiver {
    pub(crate) async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/webhook?secret=url-secret", listener.local_addr()?);
        let inner = Inner { secret_token: Some(SECRET_TOKEN.into()), ..Inner::default() };
        let receiver = Self { url, inner: Arc::new(Mutex::new(inner)) };
        let router = Router::new().route("/webhook", post(receive)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(receiver)
    }

    pub(crate) fn config(&self) -> WebhookConfig {
        WebhookConfig::signed(&self.url, SECRET_TOKEN)
    }

    pub(crate) fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.inner.lock().unwrap().replies.extend(replies);
    }

    /// From now on validations are answered under another secret, or refused.
    pub(crate) fn set_secret_token(&self, secret_token: Option<&str>) {
        self.inner.lock().unwrap().secret_token = secret_token.map(str::to_owned);
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.inner.lock().unwrap().calls.clone()
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.calls().iter().map(Call::event).collect()
    }
}

async fn receive(
    State(receiver): State<Receiver>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call { query: uri.query().unwrap_or_default().to_owned(), headers, body };
    let reply = {
        let mut inner = receiver.inner.lock().unwrap();
        inner.calls.push(call.clone());
        if call.event() == "endpoint.url_validation" {
            return validation(&call, inner.secret_token.as_deref());
        }
        inner.replies.pop_front().unwrap_or(Reply::Status(200))
    };
    match reply {
        // A sender that followed the redirect of a 3xx would come back here and get a 200.
        Reply::Status(status) => {
            (StatusCode::from_u16(status).unwrap(), [("location", "/webhook")]).into_response()
        }
        Reply::Silence => std::future::pending().await,
        Reply::Together(barrier) => {
            barrier.wait().await;
            StatusCode::OK.into_response()
        }
    }
}

fn validation(call: &Call, secret_token: Option<&str>) -> Response {
    let Some(secret_token) = secret_token else { return StatusCode::UNAUTHORIZED.into_response() };
    let plain = call.json().unwrap()["payload"]["plainToken"].as_str().unwrap().to_owned();
    let encrypted = encrypted_token(secret_token, &plain);
    axum::Json(json!({ "plainToken": plain, "encryptedToken": encrypted })).into_response()
}

/// A port of the loopback where nobody listens.
pub(crate) async fn closed_port_url() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(format!("http://{}/webhook", listener.local_addr()?))
}
