//! How the plugin starts, serves its host, and ends.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use goplugin::MuxBroker;
use goplugin::yamux::{self, Session, Stream};
use tokio::io::AsyncReadExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;

use super::Empty;
use super::service::Service;
use super::values::StreamError;

/// What the server puts into the environment of the plugins it starts.
const COOKIE: (&str, &str) = ("MATTERMOST_PLUGIN", "Securely message teams, anywhere.");
/// The host connects at once; without it the process has no use.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the host may take from its farewell to closing its streams. It kills the process after 2 s.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why the plugin could not serve its host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error(
        "This program is a plugin: a Mattermost server starts it. Upload the bundle in the System Console under Plugins."
    )]
    NotStartedByServer,
    #[error("The server did not connect within {} s.", CONNECT_TIMEOUT.as_secs())]
    NoHost,
    #[error("The plugin could not open its socket: {0}")]
    Socket(#[source] io::Error),
    #[error("The connection to the server broke at the start: {0}")]
    Connection(#[from] yamux::Error),
}

/// Prints the line that tells the host where to connect, and serves the host until it goes away.
///
/// `hooks` makes the service that the host calls as `Plugin.*`.
pub(crate) async fn serve<F>(hooks: F) -> Result<(), StartError>
where
    F: Fn(MuxBroker) -> Service + Send + Sync + 'static,
{
    let session = connect().await?;
    // The host opens these three streams first, in this order. Nothing is ever sent on the last two.
    let control = session.accept().await?;
    let (stdout, _stderr) = (session.accept().await?, session.accept().await?);
    let (broker, route_streams) = MuxBroker::new(session.clone());
    tokio::spawn(route_streams);
    // An interrupt typed in the server's terminal reaches its children too; the server says when to go.
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    let quit = Arc::new(Notify::new());
    let service = Arc::new(control_service(broker, hooks, Arc::clone(&quit)));
    tokio::spawn(async move { ended(service.serve(control).await) });
    gone(stdout, &quit).await;
    Ok(())
}

async fn connect() -> Result<Session, StartError> {
    if std::env::var(COOKIE.0).ok().as_deref() != Some(COOKIE.1) {
        return Err(StartError::NotStartedByServer);
    }
    let socket = Socket::bind().map_err(StartError::Socket)?;
    announce(&socket.path).map_err(StartError::Socket)?;
    let stream = socket.accept().await?;
    // No limit for opening a stream: the library keeps a task for each stream ever opened when there is one.
    let config = yamux::Config { stream_open_timeout: None, ..yamux::Config::default() };
    Ok(Session::server(stream, config)?)
}

/// The only line that may ever be written on stdout: protocol versions, network, address, RPC flavour.
fn announce(path: &Path) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "1|1|unix|{}|netrpc|", path.display())?;
    stdout.flush()
}

/// A listening socket whose file goes with it: one host, one connection.
struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    fn bind() -> io::Result<Self> {
        let folder = std::env::var_os("PLUGIN_UNIX_SOCKET_DIR").filter(|folder| !folder.is_empty());
        let folder = folder.map_or_else(std::env::temp_dir, PathBuf::from);
        let unique = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        let path = folder.join(format!("plugin-{}-{unique}", std::process::id()));
        let listener = UnixListener::bind(&path)?;
        Ok(Self { listener, path })
    }

    async fn accept(self) -> Result<UnixStream, StartError> {
        let accepted = tokio::time::timeout(CONNECT_TIMEOUT, self.listener.accept()).await;
        let (stream, _) = accepted.map_err(|_| StartError::NoHost)?.map_err(StartError::Socket)?;
        Ok(stream)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn control_service<F>(broker: MuxBroker, hooks: F, quit: Arc<Notify>) -> Service
where
    F: Fn(MuxBroker) -> Service + Send + Sync + 'static,
{
    let mut service = Service::default();
    service.method("Control.Ping", |_: bool| async { Ok(Empty {}) });
    service.method("Control.Quit", move |_: bool| {
        quit.notify_one();
        async { Ok(Empty {}) }
    });
    service.method("Dispenser.Dispense", move |name: String| {
        let offer = (name == "hooks").then(|| (broker.clone(), Arc::new(hooks(broker.clone()))));
        async move {
            let (broker, service) = offer.ok_or_else(|| format!("unknown plugin type: {name}"))?;
            let id = broker.next_id();
            tokio::spawn(async move {
                match broker.accept(id).await {
                    Ok(stream) => ended(service.serve(stream).await),
                    Err(error) => {
                        tracing::error!(%error, "The server did not connect to the plugin's hooks.")
                    }
                }
            });
            Ok(id)
        }
    });
    service
}

/// A stream of calls that broke cannot be picked up again. The process ends, and the server's next health check starts it anew.
fn ended(end: Result<(), StreamError>) {
    match end {
        Ok(()) | Err(StreamError::Io(_)) => {}
        Err(error @ (StreamError::Gob(_) | StreamError::Broken(_))) => {
            tracing::error!(%error, "The server's calls could not be read. The plugin ends itself, so that the server starts it again.");
            std::process::exit(1);
        }
    }
}

/// Returns when the host has closed its streams, on purpose or by dying, or has said farewell and stays open.
async fn gone(mut stdout: Stream, quit: &Notify) {
    let mut byte = [0];
    let closed = async { while matches!(stdout.read(&mut byte).await, Ok(1)) {} };
    tokio::pin!(closed);
    tokio::select! {
        () = &mut closed => {}
        () = quit.notified() => {
            let _ = tokio::time::timeout(FAREWELL, closed).await;
        }
    }
}
