//! Lines of the executable itself, on stderr, in the form that the server sorts into its log by level. What the component and the
//! hooks have to say goes through the server's API instead.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Sends `tracing`'s events to stderr, and panics with them.
pub(crate) fn start() {
    let _ = tracing_subscriber::registry().with(Stderr).try_init();
    std::panic::set_hook(Box::new(|panic| {
        // Calls answer a panic and go on, so this is an error like others. A line that began with `panic:` would make the
        // server take every later line for an error too.
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        // A sentence that was put together may hold what a user typed.
        let reason = panic.payload().downcast_ref::<&str>().copied().unwrap_or("its reason is left out");
        tracing::error!(at, reason, "A call panicked.");
    }));
}

/// The crates whose lines are meant for an administrator.
const OURS: [&str; 2] = ["mattermost_host", "chat_plugin_engine"];

struct Stderr;

impl<S: Subscriber> Layer<S> for Stderr {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        // Libraries tell of every stream that ends; what such an end means is said here, by whom it concerns.
        let target = metadata.target();
        let ours = OURS.iter().any(|name| {
            target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        ours && *metadata.level() <= Level::INFO
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // One write a line: lines of several threads stay whole. Nobody can be told when it fails.
        let _ = std::io::stderr().lock().write_all(line(event).as_bytes());
    }
}

/// One line of hclog's JSON form.
fn line(event: &Event<'_>) -> String {
    let level = match *event.metadata().level() {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    };
    let mut fields = Fields(Map::from_iter([
        ("@level".to_owned(), level.into()),
        ("@timestamp".to_owned(), now().into()),
    ]));
    event.record(&mut fields);
    format!("{}\n", Value::Object(fields.0))
}

/// The server takes a time in this very form only.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (hour, minute, second, microsecond) = now.to_hms_micro();
    format!("{}T{hour:02}:{minute:02}:{second:02}.{microsecond:06}Z", now.date())
}

struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, field: &Field, value: Value) {
        let name = if field.name() == "message" { "@message" } else { field.name() };
        self.0.insert(name.to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }
}
