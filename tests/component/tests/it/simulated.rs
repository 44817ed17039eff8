//! The built component beside the simulated Zoom, each in front of the other.

use std::time::Duration;

use chat_plugin_engine::api::directory::{Channel, ChannelKind};
use chat_plugin_engine::api::hooks::{Command, Request};
use chat_plugin_engine::api::http_client::{self, Method, Response};
use chat_plugin_engine::{AllowListClient, ComponentSource, Engine, HttpClient as _, Limits, Origins};
use component_tests::{MemoryServer, zoom_cwasm};
use serde_json::json;
use zoom_sim::{App, AppKind, Clock, DeliveryState, NewUser, SimConfig, WebhookConfig, ZoomSim};

use crate::support::{allow_list, command};

/// When the in-memory server's clock begins, in milliseconds since the Unix epoch.
const BEGIN_MS: i64 = 1_767_605_400_000;
const PLUGIN: &str = "https://chat.example.com/plugins/zoom";
/// What stands in the webhook's URL, and what signs.
const WEBHOOK: (&str, &str) = ("url-secret", "secret-token-of-22-chr");
const CLIENT: (&str, &str) = ("client-id", "client-secret-of-the-app");

/// A chat server with the component in it, and a Zoom with its OAuth app; their clocks stand at the same time.
pub(crate) struct World {
    pub(crate) engine: Engine<MemoryServer, AllowListClient>,
    pub(crate) zoom: ZoomSim,
}

impl World {
    pub(crate) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let clock = Clock::manual(BEGIN_MS);
        let zoom = ZoomSim::new(SimConfig { clock, web_url: url.clone(), ..SimConfig::default() });
        tokio::spawn(zoom.clone().serve(listener));
        let app = App::new(AppKind::User, CLIENT.0, CLIENT.1);
        zoom.put_app(app.returning_to(format!("{PLUGIN}/oauth2/complete"))).unwrap();
        for name in ["alice", "bob"] {
            zoom.add_user(NewUser::new(format!("{name}@example.com"))).unwrap();
        }
        let settings = json!({
            "ZoomURL": url, "ZoomAPIURL": format!("{url}/v2"), "OAuthClientID": CLIENT.0, "OAuthClientSecret": CLIENT.1,
            "EncryptionKey": "0123456789abcdef0123456789abcdef", "WebhookSecret": WEBHOOK.0, "ZoomWebhookSecret": WEBHOOK.1,
        })
        .to_string();
        let origins = Origins::new(&["ZoomURL", "ZoomAPIURL"], &settings).unwrap();
        let source = ComponentSource::Precompiled(zoom_cwasm().unwrap());
        let server = MemoryServer::with_people(&settings);
        let http = allow_list(origins);
        Self { engine: Engine::load(server, http, source, Limits::default()).unwrap(), zoom }
    }

    /// Moves both clocks.
    pub(crate) fn advance(&self, time: Duration) {
        self.engine.server().advance(time);
        self.zoom.clock().advance(time);
    }

    /// A channel of this user's own.
    fn room(&self, user: &str, number: usize) -> String {
        let id = format!("c-{user}-{number}");
        let channel = Channel {
            id: id.clone(),
            team_id: Some("t-team".to_owned()),
            name: id.clone(),
            display_name: id.clone(),
            kind: ChannelKind::Public,
            archived: false,
        };
        self.engine.server().add_channel(channel, &[&format!("u-{user}")]);
        id
    }

    /// What the user is told in answer to a command in a room of its own; `None` where a meeting was started.
    pub(crate) async fn types(&self, user: &str, number: usize, arguments: &str) -> Option<String> {
        let typed = Command {
            id: format!("{user}-{number}-{arguments}"),
            user_id: format!("u-{user}"),
            channel_id: self.room(user, number),
            ..command(arguments)
        };
        self.engine.execute_command(typed).await.unwrap().message
    }

    /// A page of the way to Zoom, for a browser with this cookie.
    async fn page(&self, method: Method, path: &str, query: &str, cookie: &str, body: &str) -> Response {
        let headers = match cookie {
            "" => Vec::new(),
            cookie => vec![("cookie".to_owned(), cookie.to_owned())],
        };
        let (path, query, body) = (path.to_owned(), query.to_owned(), body.as_bytes().to_vec());
        let request = Request { method, path, query, headers, body, user_id: None };
        self.engine.serve_http(request).await.unwrap()
    }

    /// From a connect link by way of Zoom's page and back.
    pub(crate) async fn connect(&self, user: &str) {
        let said = self.types(user, 0, "connect").await.unwrap();
        let (_, link) = said.split_once("oauth2/connect?").unwrap();
        let (query, _) = link.split_once(')').unwrap();
        let asked = self.page(Method::Get, "/oauth2/connect", query, "", "").await;
        let cookie = header(&asked, "set-cookie");
        let (cookie, _) = cookie.split_once(';').unwrap();
        let html = String::from_utf8_lossy(&asked.body).into_owned();
        let (_, proof) = html.split_once("name=\"proof\" value=\"").unwrap();
        let form = format!("proof={}", proof.split('"').next().unwrap());
        let to_zoom = location(&self.page(Method::Post, "/oauth2/connect", query, cookie, &form).await);
        let back = self.zooms_page(&format!("{to_zoom}&as={user}@example.com")).await;
        let (_, query) = back.split_once("/oauth2/complete?").unwrap();
        let done = self.page(Method::Get, "/oauth2/complete", query, cookie, "").await;
        assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
    }

    /// Where Zoom's own page sends the browser.
    async fn zooms_page(&self, url: &str) -> String {
        let request = http_client::Request {
            method: Method::Get,
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout_ms: 10_000,
        };
        location(&self.engine.http().send(request, 1 << 20).await.unwrap())
    }

    /// Lets Zoom send its events to the component.
    pub(crate) async fn receive_events(&self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook?secret={}", listener.local_addr().unwrap(), WEBHOOK.0);
        let engine = self.engine.clone();
        let receive = move |request: axum::extract::Request| deliver(engine.clone(), request);
        let server = axum::serve(listener, axum::Router::new().fallback(receive));
        tokio::spawn(server.into_future());
        self.zoom.save_webhook(WebhookConfig::signed(url, WEBHOOK.1)).await.unwrap();
    }

    /// Waits until Zoom has sent what is due, and insists that all of it was taken.
    pub(crate) async fn settle(&self) {
        self.zoom.settle().await;
        for delivery in self.zoom.deliveries() {
            assert_eq!(delivery.state, DeliveryState::Delivered, "{delivery:?}");
        }
    }

    /// Every token that Zoom has handed out, and the app's secret.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![CLIENT.1.to_owned()];
        for grant in self.zoom.grants() {
            secrets.extend(grant.refresh_token);
            secrets.extend(grant.access_tokens.into_iter().map(|access| access.token));
        }
        secrets
    }

    /// The key that holds the one grant.
    pub(crate) fn grant(&self) -> (String, Vec<u8>) {
        let stored = self.engine.server().stored();
        let mut grants = stored.into_iter().filter(|(key, _)| key.starts_with("grant_"));
        let grant = grants.next().unwrap();
        assert_eq!(grants.next(), None);
        grant
    }
}

fn location(response: &Response) -> String {
    header(response, "location")
}

fn header(response: &Response, wanted: &str) -> String {
    let header = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let (_, value) = header.unwrap_or_else(|| panic!("status {} without {wanted}", response.status));
    value.clone()
}

/// Hands a request of Zoom's over, and the answer back.
async fn deliver(
    engine: Engine<MemoryServer, AllowListClient>,
    request: axum::extract::Request,
) -> (axum::http::StatusCode, Vec<u8>) {
    let (parts, body) = request.into_parts();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    let response = engine.serve_http(Request {
        method: Method::Post,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec(),
        user_id: None,
    });
    let response = response.await.unwrap();
    (axum::http::StatusCode::from_u16(response.status).unwrap(), response.body)
}
