//! Lines of the executable itself, on stderr, in the form that the server sorts into its log by level. What the component and the
//! hooks have to say goes through the server's API instead.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
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
        tracing::error!(panic = %panic, "A call panicked.");
    }));
}

struct Stderr;

impl<S: Subscriber> Layer<S> for Stderr {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        // The libraries tell of every stream at debug.
        *metadata.level() <= Level::INFO
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // One write a line: lines of several threads stay whole. Nobody can be told when it fails.
        let _ = std::io::stderr().lock().write_all(line(event).as_bytes());
    }
}

/// One line of hclog's JSON form, without a time: the server adds its own.
fn line(event: &Event<'_>) -> String {
    let level = match *event.metadata().level() {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    };
    let mut fields = Fields(Map::from_iter([("@level".to_owned(), level.into())]));
    event.record(&mut fields);
    format!("{}\n", Value::Object(fields.0))
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
