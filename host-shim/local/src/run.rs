//! Starts everything, and ends it.

mod banner;

use crate::{
    app::{App, Manifest, tell_of_zoom},
    args::Args,
    hub::Hub,
    seed,
    server::{Addresses, LocalServer},
    settings::SettingsFile,
    simulation::Simulation,
    store::{Now, Store},
    web::{self, guard::Guard},
};
use anyhow::{Context as _, bail};
use axum::Router;
use chat_plugin_engine::{AllowListClient, ComponentSource, DueLoop, Engine, Limits, Origins};
use etcetera::{BaseStrategy as _, choose_base_strategy};
use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};
use url::{Position, Url};

/// How long requests under way may still take when the program ends.
const GRACE: Duration = Duration::from_secs(3);
/// How often keys whose time is over are taken out of the file.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Why the port was not to be had.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Somebody else has it.
    #[error(
        "port {0} is in use, perhaps by another local host. Stop that one, or take another port: --port {next} (or --port 0 for any free one)",
        next = .0.wrapping_add(1).max(1)
    )]
    InUse(u16),
    /// The system does not give it.
    #[error("port {port} cannot be used: {reason}. Take another one, for example --port 8765")]
    Refused {
        /// The port asked for.
        port: u16,
        /// What the system says.
        reason: io::Error,
    },
}

/// Takes a port on loopback; 0 takes any free one.
///
/// # Errors
/// When it is in use or forbidden, with what to do.
pub async fn listen(port: u16) -> Result<TcpListener, PortError> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|reason| {
        if reason.kind() == io::ErrorKind::AddrInUse {
            PortError::InUse(port)
        } else {
            PortError::Refused { port, reason }
        }
    })
}

/// Runs until `end` is ready.
///
/// # Errors
/// Why it could not start, for the person at the terminal.
pub async fn run(args: Args, end: impl Future<Output = ()>) -> anyhow::Result<()> {
    if !args.component.is_file() {
        bail!(
            "there is no component at {}. Build it with `./just component`, or name the file with --component FILE",
            args.component.display()
        );
    }
    let account = args.settings.as_deref().map(SettingsFile::read).transpose()?;
    let listener = listen(args.port).await?;
    let port = listener.local_addr()?.port();
    let addresses = addresses(port, &args);
    let store = open_store(&args, account.as_ref())?;

    let (end_now, ending) = watch::channel(false);
    let app = Arc::new(load(&args, store, addresses, account, ending).await?);
    let bot = app.bot();
    app.server().stored(move |store| store.put_users(&[bot])).await?;
    let public_host =
        args.public_url.as_ref().map(|url| url[Position::BeforeHost..Position::AfterPort].to_owned());
    let proxy = args.behind.as_ref().map(|url| url[Position::BeforeHost..Position::AfterPort].to_owned());
    let guard = Guard::new(port, proxy, public_host);
    let serving = tokio::spawn(serve(
        listener,
        web::router(Arc::clone(&app), guard, args.public.clone()),
        app.ending(),
    ));
    if let Some(zoom) = app.zoom() {
        let own = app.server().addresses().own.clone();
        if let Err(error) = zoom.subscribe(&own, true).await {
            tracing::warn!(
                "the plugin does not take the simulated Zoom's events, so cards will not change: {error}"
            );
        }
    }
    let news = tokio::spawn(tell_of_zoom(Arc::clone(&app)));
    let sweeping = tokio::spawn(sweep(Arc::clone(&app)));
    let due = DueLoop::start(app.engine().clone());
    banner::print(&app, &args)?;

    end.await;
    banner::say("Ending.")?;
    end_now.send_replace(true);
    tokio::join!(due.stop(), app.engine().drain(GRACE));
    app.engine().flush_log().await;
    news.abort();
    sweeping.abort();
    // Whoever still waits for an answer after that has waited long enough.
    if let Ok(served) = tokio::time::timeout(GRACE, serving).await {
        served??;
    }
    Ok(())
}

fn addresses(port: u16, args: &Args) -> Addresses {
    let own = format!("http://127.0.0.1:{port}");
    let plain = |url: &Option<Url>| url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let local = plain(&args.behind).unwrap_or_else(|| own.clone());
    Addresses { public: plain(&args.public_url).unwrap_or_else(|| local.clone()), local, own }
}

fn open_store(args: &Args, account: Option<&SettingsFile>) -> anyhow::Result<Store> {
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => own_data_folder()?,
    };
    // Simulated people and real ones do not share a chat.
    let path = folder.join(if account.is_some() { "account.redb" } else { "simulated.redb" });
    if args.fresh {
        remove(&path)?;
    }
    let now: Now = Arc::new(|| zoom_sim::Clock::real().now_ms().try_into().unwrap_or(0));
    let store = Store::open(&path, now)?;
    match account {
        Some(file) => seed::fill(&store, &file.users, false)?,
        None if store.users()?.is_empty() => seed::fill(&store, &seed::demo_users(), true)?,
        None => {}
    }
    Ok(store)
}

fn own_data_folder() -> anyhow::Result<PathBuf> {
    let base = choose_base_strategy().context("your data folder is unknown: name one with --data DIR")?;
    Ok(base.data_dir().join("zoom-local-chat"))
}

/// Opens the file first, so that one that another process uses stays.
fn remove(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    if let Err(in_use @ crate::store::StoreError::InUse(_)) = Store::open(path, Arc::new(|| 0)) {
        return Err(in_use.into());
    }
    std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))
}

async fn load(
    args: &Args,
    store: Store,
    addresses: Addresses,
    account: Option<SettingsFile>,
    ending: watch::Receiver<bool>,
) -> anyhow::Result<App> {
    let (zoom, settings) = match account {
        Some(file) => (None, file.settings),
        None => {
            let mut users = store.users()?;
            // Who administers the chat owns the account at Zoom.
            users.sort_by_key(|user| !user.is_admin);
            let zoom = Simulation::start(&addresses, &users, args.sign_in).await?;
            let settings = zoom.settings(&addresses.own);
            (Some(zoom), settings)
        }
    };
    let server = LocalServer::new(Arc::new(store), Hub::default(), addresses, settings);
    let http = AllowListClient::new(Origins::default(), rustls::crypto::ring::default_provider());
    let component = args.component.as_path();
    let source = ComponentSource::Precompiled(component);
    let engine = Engine::load(server, http, source, Limits::default())
        .with_context(|| format!("the component {} cannot be used", component.display()))?;
    Ok(App::new(engine, zoom, manifest()?, ending).await?)
}

/// The part of the plugin's manifest that is for hosts.
fn manifest() -> anyhow::Result<Manifest> {
    #[derive(serde::Deserialize)]
    struct Whole {
        props: Manifest,
    }
    let whole: Whole = serde_json::from_str(include_str!("../../../plugin.json"))
        .context("plugin.json lacks props that its hosts need")?;
    Ok(whole.props)
}

async fn serve(listener: TcpListener, router: Router, mut ending: watch::Receiver<bool>) -> io::Result<()> {
    let ended = async move {
        // An error means that the program ended already.
        let _ = ending.wait_for(|ending| *ending).await;
    };
    axum::serve(listener, router).with_graceful_shutdown(ended).await
}

async fn sweep(app: Arc<App>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.server().stored(|store| store.kv_sweep()).await {
            tracing::warn!("{error}");
        }
    }
}
