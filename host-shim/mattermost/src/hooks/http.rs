//! HTTP requests to the plugin's own URL.

use std::future::Future;
use std::net::IpAddr;

use chat_plugin_engine::api::hooks::Request;
use chat_plugin_engine::api::http_client::Response;
use chat_plugin_engine::limits::MAX_BODY;
use chat_plugin_engine::{
    Arriving, BodyError, CallError, Engine, Party, call_failed, own_cookies, parse_method,
};

use super::Hooks;
use crate::goplugin::{BodyStream, Empty, Header, ResponseWriter};
use crate::model::ServeHTTPArgs;
use crate::sentences::Sentence;
use crate::server::{ACTION_PATH, DIALOG_PATH, Mattermost};

/// The server removes this header from what clients send, and sets it for those who are signed in.
const USER_ID: &str = "mattermost-user-id";
/// What stays with the host, besides headers of the server itself: the session's credentials.
const PRIVATE_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "x-csrf-token"];
/// The server's own headers begin with this.
const SERVER_HEADERS: &str = "mattermost-";
/// The server's to set, from what it really sends.
const TRANSPORT_HEADERS: [&str; 6] =
    ["connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade"];

impl Hooks {
    pub(super) async fn serve_http(&self, args: ServeHTTPArgs) -> Result<Empty, String> {
        let (hooks, writer, source) = (self.clone(), args.response_writer_stream, source(&args));
        self.respond(writer, &source.clone(), async move { hooks.answer(args, &source).await }).await
    }

    /// One more request than the plugin takes at once.
    pub(super) async fn refuse_http(&self, args: ServeHTTPArgs) -> Result<Empty, String> {
        let (hooks, writer, source) = (self.clone(), args.response_writer_stream, source(&args));
        let refused = async move {
            let (_, party) = hooks.head(&args);
            hooks.leave_body(&args).await;
            (hooks.unanswered(&party, &CallError::Busy).await, Rest::Unread, party)
        };
        self.respond(writer, &source, refused).await
    }

    /// Sends an answer.
    async fn respond(
        &self,
        writer: u32,
        source: &str,
        answer: impl Future<Output = (Response, Rest, Party)> + Send + 'static,
    ) -> Result<Empty, String> {
        let writer =
            ResponseWriter::dial(&self.inner.broker, writer).await.map_err(|error| error.to_string())?;
        // On a task of its own, so that even after a panic the writer is closed: the server waits for that.
        let (response, body, party) = match tokio::spawn(answer).await {
            Ok(answer) => answer,
            Err(_) => {
                let sentence = self.say_to(&Party::Stranger, Sentence::Failed).await;
                (text(500, &sentence), Rest::Read, Party::Stranger)
            }
        };
        let mut response = checked(response);
        if body == Rest::Unread {
            // Else the server would wait for the rest of the body before it sends the answer.
            response.headers.push(("connection".to_owned(), "close".to_owned()));
        }
        let _turn = self.inner.turns.take(&party, source).await;
        if let Err(error) = writer.respond(response.status, &response.headers, &response.body).await {
            // The client has gone.
            tracing::debug!(%error, "an answer could not be sent");
        }
        Ok(Empty {})
    }

    /// The answer, what it leaves of the body, and to whom it goes.
    async fn answer(&self, mut args: ServeHTTPArgs, source: &str) -> (Response, Rest, Party) {
        let request_id = args.context.take().unwrap_or_default().request_id;
        let (head, party) = self.head(&args);
        let engine = match self.running() {
            Ok(engine) => engine,
            Err(error) => {
                let error = CallError::Engine(error);
                self.leave_body(&args).await;
                return (self.unanswered(&party, &error).await, Rest::Unread, party);
            }
        };
        // Held until the request is answered.
        let mut arriving = engine.bodies().admit(party.clone());
        let received = match head {
            Ok(head) => self.receive(&args, &mut arriving).await.map(|body| Request { body, ..head }),
            Err(refusal) => {
                self.leave_body(&args).await;
                Err(refusal.into())
            }
        };
        let received = match received {
            Ok(received) => received,
            Err(Refusal { mut response, sentence }) => {
                let reason =
                    format!("{}, status {}", String::from_utf8_lossy(&response.body), response.status);
                self.refused(&party, "A request was refused.", &reason, &request_id).await;
                if let Some(sentence) = sentence {
                    response.body = self.say_to(&party, sentence).await.into_bytes();
                }
                return (response, Rest::Unread, party);
            }
        };
        let response = match received.path.as_str() {
            ACTION_PATH => self.answer_action(received.user_id, &request_id, &received.body).await,
            DIALOG_PATH => self.answer_dialog(received.user_id, &request_id, &received.body).await,
            _ => self.pass_on(engine, &party, source, received).await,
        };
        (response, Rest::Read, party)
    }

    /// The request without its body, or the answer to one that is none; and whose it is.
    fn head(&self, args: &ServeHTTPArgs) -> (Result<Request, Response>, Party) {
        let Some(request) = &args.request else {
            return (Err(text(400, "The request cannot be read.")), Party::Stranger);
        };
        let (path, query) = split(&request.url_text());
        let user_id = value(&request.header, USER_ID).filter(|id| !id.is_empty());
        let party = self.party(&path, &query, user_id.as_deref());
        let headers = public_headers(&request.header);
        let head = parse_method(&request.method).map(|method| Request {
            method,
            path,
            query,
            headers,
            body: Vec::new(),
            user_id,
        });
        (head, party)
    }

    /// Reads the body.
    async fn receive(&self, args: &ServeHTTPArgs, arriving: &mut Arriving) -> Result<Vec<u8>, Refusal> {
        let broken = |_| Refusal::from(text(400, "The body cannot be read."));
        let mut stream =
            BodyStream::dial(&self.inner.broker, args.request_body_stream).await.map_err(broken)?;
        let body = read(&mut stream, arriving).await;
        stream.close().await;
        let body = match body {
            Ok(body) => body.map_err(broken)?,
            Err(error) => {
                return Err(Refusal { response: error.response(), sentence: Sentence::of_body(error) });
            }
        };
        if args.request.as_ref().is_some_and(|request| cut_off(&request.header, body.len())) {
            return Err(text(400, "The body ended early.").into());
        }
        Ok(body)
    }

    /// The server waits some seconds for this stream, whatever becomes of the request, and then logs an error.
    async fn leave_body(&self, args: &ServeHTTPArgs) {
        if let Ok(stream) = BodyStream::dial(&self.inner.broker, args.request_body_stream).await {
            stream.close().await;
        }
    }

    async fn pass_on(
        &self,
        engine: &Engine<Mattermost>,
        party: &Party,
        source: &str,
        request: Request,
    ) -> Response {
        match engine.serve_http_for(party, source, request).await {
            Ok(response) => response,
            Err(error) => self.unanswered(party, &error).await,
        }
    }

    /// The answer to a request whose call failed or was refused, and a line in the log.
    pub(super) async fn unanswered(&self, party: &Party, error: &CallError) -> Response {
        let sentence = self.failed(party, "serve-http", error).await;
        let body = self.say_to(party, sentence).await.into_bytes();
        Response { body, ..call_failed(error) }
    }
}

/// Why a request goes no further.
struct Refusal {
    /// What it is answered with. The text is for the log, too.
    response: Response,
    /// For whoever sent it, in place of the text.
    sentence: Option<Sentence>,
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self { response, sentence: None }
    }
}

/// Where a request comes from: its address, of IPv6 what a provider gives to one customer. Empty where the server does not say.
fn source(args: &ServeHTTPArgs) -> String {
    let address = args.context.as_ref().map(|context| context.ip_address.trim()).unwrap_or_default();
    match address.parse() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => String::new(),
    }
}

/// What is left of a request's body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Read,
    /// Perhaps some of it.
    Unread,
}

async fn read(
    stream: &mut BodyStream,
    arriving: &mut Arriving,
) -> Result<std::io::Result<Vec<u8>>, BodyError> {
    let mut body = Vec::new();
    // One more than the limit shows whether the body goes on.
    if let Err(error) = arriving.wait(stream.ask(MAX_BODY + 1)).await? {
        return Ok(Err(error));
    }
    loop {
        match arriving.wait(stream.read(&mut body)).await? {
            Ok(0) => break,
            Ok(bytes) => arriving.grow(bytes)?,
            Err(error) => return Ok(Err(error)),
        }
    }
    arriving.end()?;
    Ok(Ok(body))
}

/// An answer of the host itself.
pub(super) fn text(status: u16, sentence: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Response { status, headers, body: sentence.as_bytes().to_vec() }
}

/// What the server can send: it breaks off at a status that is none, and sets some headers itself.
fn checked(mut response: Response) -> Response {
    if !(200..=599).contains(&response.status) {
        return text(500, "The plugin answered with no valid status.");
    }
    let is_token = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    response.headers.retain(|(name, value)| {
        let taken = TRANSPORT_HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header));
        is_token(name) && !taken && !value.contains(['\r', '\n', '\0'])
    });
    if matches!(response.status, 204 | 304) {
        response.body.clear();
    }
    response
}

/// Path and query, as received. The path begins with a slash.
fn split(url: &str) -> (String, String) {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let slash = if path.starts_with('/') { "" } else { "/" };
    (format!("{slash}{path}"), query.to_owned())
}

fn value(header: &Header, wanted: &str) -> Option<String> {
    let (_, values) = header.iter().find(|(name, _)| name.0.eq_ignore_ascii_case(wanted))?;
    values.first().map(|value| value.0.clone())
}

/// Whether fewer bytes arrived than were announced: the host's stream cannot tell a lost client from the end of a body.
fn cut_off(header: &Header, received: usize) -> bool {
    value(header, "content-length")
        .and_then(|announced| announced.trim().parse::<usize>().ok())
        .is_some_and(|announced| received < announced)
}

fn public_headers(header: &Header) -> Vec<(String, String)> {
    let is_public = |name: &str| {
        let name = name.to_ascii_lowercase();
        !PRIVATE_HEADERS.contains(&name.as_str()) && !name.starts_with(SERVER_HEADERS)
    };
    header
        .iter()
        .filter(|(name, _)| is_public(&name.0))
        .flat_map(|(name, values)| values.iter().map(|value| (name.0.clone(), value.0.clone())))
        .filter_map(|(name, value)| {
            let value = if name.eq_ignore_ascii_case("cookie") { own_cookies(&value)? } else { value };
            Some((name, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goplugin::LossyString;

    fn header(pairs: &[(&str, &str)]) -> Header {
        let mut header = Header::new();
        for (name, value) in pairs {
            header.entry(LossyString((*name).into())).or_default().push(LossyString((*value).into()));
        }
        header
    }

    #[test]
    fn credentials_and_the_servers_own_headers_stay_with_the_host() {
        let seen = public_headers(&header(&[
            ("Authorization", "Bearer secret"),
            ("Content-Type", "application/json"),
            (
                "Cookie",
                "MMAUTHTOKEN=secret; __Host-plugin-zoom-browser=1; MMUSERID=u1; MMCSRF=secret; sso=secret",
            ),
            ("Mattermost-Plugin-Id", "other"),
            ("Mattermost-User-Id", "u1"),
            ("X-Csrf-Token", "secret"),
            ("X-Zm-Signature", "v0=1"),
            ("X-Zm-Signature", "v0=2"),
        ]));
        let expected = [
            ("Content-Type", "application/json"),
            ("Cookie", "__Host-plugin-zoom-browser=1"),
            ("X-Zm-Signature", "v0=1"),
            ("X-Zm-Signature", "v0=2"),
        ];
        assert_eq!(seen, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_source_is_an_address_or_a_customers_network() {
        let source = |address: &str| {
            let context = crate::model::Context { ip_address: address.into(), ..Default::default() };
            source(&ServeHTTPArgs { context: Some(context), ..ServeHTTPArgs::default() })
        };
        for (address, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
            ("2001:db8:1:2::9", "2001:db8:1:2"),
            ("", ""),
            ("somebody", ""),
        ] {
            assert_eq!(source(address), expected, "{address}");
        }
    }

    #[test]
    fn urls_are_cut_as_received() {
        let cases = [
            ("/webhook?secret=a%20b&x=?", "/webhook", "secret=a%20b&x=?"),
            ("/api/v1/meetings", "/api/v1/meetings", ""),
            ("", "/", ""),
            ("?a=1", "/", "a=1"),
            ("/a%2Fb#c?d", "/a%2Fb", ""),
        ];
        for (url, path, query) in cases {
            assert_eq!(split(url), (path.to_owned(), query.to_owned()), "{url}");
        }
    }

    #[test]
    fn a_body_that_ended_early_is_noticed() {
        let announced = header(&[("Content-Length", "10")]);
        assert!(cut_off(&announced, 9));
        assert!(!cut_off(&announced, 10));
        assert!(!cut_off(&header(&[]), 0));
    }

    #[test]
    fn answers_that_the_server_could_not_send_are_mended() {
        let response = |status, headers: &[(&str, &str)]| Response {
            status,
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: b"body".to_vec(),
        };
        for status in [0, 99, 101, 199, 600, 999] {
            assert_eq!(checked(response(status, &[])).status, 500, "{status}");
        }
        assert_eq!(checked(response(204, &[])).body, b"");
        let kept = checked(response(
            200,
            &[("Content-Length", "9"), ("X-Ok", "1"), ("bad name", "1"), ("X-Split", "a\r\nb"), ("", "1")],
        ));
        assert_eq!(kept, response(200, &[("X-Ok", "1")]));
    }
}
